"""What replay and demo say, and their errors; (zh, en) by code."""

TEXTS: dict[str, tuple[str, str]] = {
    # --- errors ------------------------------------------------------------------------------
    "column-missing": (
        "{field}：文件没有“{value}”这一列。现有的列：{known}",
        "{field}: the file has no column “{value}”. It has: {known}",
    ),
    "not-a-table": (
        "{field} 不是 UTF-8 编码的 CSV 表格：{value}",
        "{field} is no CSV table in UTF-8: {value}",
    ),
    "no-usable-row": (
        "读了 {value} 行，没有一行可用：检查坐标列和时间列",
        "{value} rows were read and none can be used: look at the columns of place and time",
    ),
    "nobody-to-assign": ("没有人可以承办", "There is nobody to give it to"),
    "no-edition": (
        "还没有启用过网格版本；请先导入并启用一个（grids import … --activate）。",
        "No edition of the grids was ever in force; put one in force (grids import … --activate).",
    ),
    "people-habit": (
        "人员模型的“{field}”无法使用：{value}",
        "“{field}” of the people model cannot be used: {value}",
    ),
    "bad-pair": (
        "{field}：“{value}”应写作 名称=代码",
        "{field}: “{value}” should read VALUE=CODE",
    ),
    "bad-zone": ("{field}：没有“{value}”这个时区", "{field}: there is no time zone “{value}”"),
    "not-a-demo": (
        "{value} 里已有不是演示的数据。另选文件夹：GRIDTRACK_INSTANCE=…",
        "{value} holds data that is not the demo's. Choose another folder: GRIDTRACK_INSTANCE=…",
    ),
    "port-in-use": (
        "{field}：端口 {value} 已被占用，换一个，例如 --port 8001",
        "{field}: something listens on port {value} already; take another, such as --port 8001",
    ),
    "demo-data-missing": (
        "找不到演示地点的文件：{value}",
        "The files of the demo place are not there: {value}",
    ),
    # --- replay ------------------------------------------------------------------------------
    "replay-begins": (
        "回放 {rows} 条上报，{begin} 至 {end}，网格版次“{edition}”，人员模型 {people}，种子 {seed}",
        (
            "Replaying {rows} reports of {begin} to {end} over edition “{edition}”, people model "
            "{people}, seed {seed}"
        ),
    ),
    "replay-backdated": (
        "版次“{edition}”的生效时间提前到第一条上报：此前没有生效的网格",
        "Edition “{edition}” now counts from the first report on: no grids were in force before",
    ),
    "replay-made-up": (
        "网格上没有人员：已虚构 {count} 人并保留在库中（登录名 sim…，不能登录）",
        (
            "Nobody held a post over these grids: {count} people were made up and stay in the "
            "database (logins sim…, without a password)"
        ),
    ),
    "replay-known": (
        "其中 {count} 条以前已回放，从中断处继续",
        "{count} of them were taken in by an earlier run, which goes on from where it stood",
    ),
    "replay-others": (
        "库中另有 {count} 件其他事件：虚拟人员不会处理，但到期的会照常升级",
        (
            "The database holds {count} other incidents: made-up people leave them alone, the "
            "sweep escalates them as usual"
        ),
    ),
    "replay-reports": ("上报", "reports"),
    "replay-follows": ("后续处置", "what follows"),
    "replay-stopped": ("已中止，以下为部分结果", "Stopped; this is what came out so far"),
    "replay-reports-read": ("读取行数", "rows read"),
    "replay-routed": ("自动派到人", "routed to a person"),
    "replay-triaged": ("转分流台", "to the triage desk"),
    "replay-unusable": ("无法使用", "unusable"),
    "replay-acknowledged": ("已签收", "acknowledged"),
    "replay-acknowledged_in_time": ("时限内签收", "acknowledged in time"),
    "replay-resolved": ("已处置", "resolved"),
    "replay-closed": ("已结案", "closed"),
    "replay-escalated": ("升级到{rung}", "escalated to the {rung}"),
    "replay-skipped": ("无人在岗而跳过{rung}", "passed over, no {rung} on duty"),
    "replay-lateness": (
        "升级晚到（秒）：中位 {p50}，99 % {p99}，最大 {max}",
        "steps fired late by (s): median {p50}, 99 % {p99}, largest {max}",
    ),
    "replay-grids": (
        "涉及 {count} 个网格，最多的 {most}",
        "in {count} grids, most in {most}",
    ),
    "replay-auditor": (
        "审计：{promises} 个时限承诺，{fired} 次升级，漏 {missing}，重 {double}，早 {early}",
        (
            "auditor: {promises} promises, {fired} steps fired, {missing} missing, "
            "{double} double, {early} early"
        ),
    ),
    "replay-row": ("第 {line} 行（{file}）：{fault}", "row {line} of {file}: {fault}"),
    "replay-more": ("……另有 {count} 行，见 --json", "… and {count} more, see --json"),
    "replay-took": ("用时 {seconds} 秒", "took {seconds} s"),
    # --- demo ----------------------------------------------------------------------------------
    "demo-builds": ("正在生成三十天的往来", "making thirty days of history"),
    "demo-login": ("登录名", "login"),
    "demo-role": ("角色", "role"),
    "demo-name": ("姓名", "name"),
    "demo-place": ("范围", "where"),
    "demo-password": (
        "以上各人的密码都是 {password}（仅用于演示）",
        "The password of all of them is {password} (for this demo only)",
    ),
    "demo-visitor": (
        "gridworker 的事件留给您签收，其他人由程序扮演；五分钟内无人签收的会逐级上升",
        (
            "What comes to gridworker is left to you, the others are played; what nobody "
            "acknowledges in five minutes climbs"
        ),
    ),
    "demo-address": (
        "打开 {url}  （Ctrl-C 停止，数据保留）",
        "Open {url}  (Ctrl-C stops; data stay)",
    ),
}
