"""What a forecast says, on the page and at the prompt; (zh, en) by code."""

TEXTS: dict[str, tuple[str, str]] = {
    # --- errors ------------------------------------------------------------------------------
    "forecast-no-matters": (
        "{begin} 至 {end} 没有可推演的事件：换一个时间段，或先用一段时间再来",
        "Nothing was reported from {begin} to {end}: choose another period, or come back later",
    ),
    "forecast-nobody": (
        "{begin} 至 {end} 没有人任职：先配置人员，或换一个时间段",
        "Nobody held a post from {begin} to {end}: give people posts, or choose another period",
    ),
    "forecast-span": (
        "{field}：{end} 不晚于 {begin}",
        "{field}: {end} is not later than {begin}",
    ),
    "recorded-or-file": (
        "{field}：要么给出上报文件，要么用 --recorded 推演库中的事件，二选一",
        "{field}: give files of reports, or --recorded for the matters kept here; one of both",
    ),
    "only-what-if": (
        "{field} 只用于推演：加上 --recorded、--policy、--roster 或 --edition",
        "{field} is only for a what-if: add --recorded, --policy, --roster or --edition",
    ),
    # --- names -------------------------------------------------------------------------------
    "forecast-rung": ("{rung}", "{rung}"),
    "rung-first": ("首位责任人", "first person told"),
    "rung-other": ("未被通知的人", "somebody not told"),
    "field-limit": ("签收时限（分钟）", "minutes to acknowledge"),
    "field-without": ("不经过的层级", "rungs left out"),
    "field-wait-deputy": ("替岗的等待", "wait of the deputy"),
    "field-wait-leader": ("二级网格长的等待", "wait of the level-2 leader"),
    "field-wait-secretary": ("社区书记的等待", "wait of the community secretary"),
    "field-wait-street": ("街道的等待", "wait of the street office"),
    # --- at the prompt -----------------------------------------------------------------------
    "forecast-matters": ("推演事件", "matters"),
    "forecast-stopped": (
        "已中止，以下只含已推演的事件，“实际”一栏含全部",
        "Stopped: forecasts cover the matters done so far, what happened covers all",
    ),
    "forecast-period": (
        "{begin} 至 {end}：{of} 件中的 {matters} 件；{set_aside} 件签收前已转派、退回或作废",
        (
            "{begin} to {end}: {matters} of {of} matters; {set_aside} more were handed on, handed "
            "back or set aside before anybody answered, and are left out"
        ),
    ),
    "forecast-reactions": (
        "反应快慢取自 {notices} 条通知，{own} 人用本人的记录；每件推演 {draws} 次，种子 {seed}",
        (
            "Reactions were measured on {notices} notices, {own} people by their own; {draws} "
            "draws of each matter, seed {seed}"
        ),
    ),
    "forecast-error": (
        "检验：按现行规则推演的时限内签收率与实际相差 {points} 个百分点",
        "Check: forecast under the present rules, the share in time is off by {points} points",
    ),
    "forecast-assumes": (
        "假定：人们照过去的快慢应答，不因忙闲、时段或新规则而变；格中为中位数（最小-最大）",
        (
            "Assumed: people answer as fast as before, whatever the load, the hour and the new "
            "rules. Figures are medians (least-most)"
        ),
    ),
    "forecast-happened": ("实际", "happened"),
    "forecast-present": ("推演：现行规则", "forecast: present rules"),
    "forecast-asked": ("推演：假如", "forecast: what if"),
    "forecast-in_time": ("时限内签收", "acknowledged in time"),
    "forecast-in_time_share": ("时限内签收率", "share in time"),
    "forecast-answered": ("有人签收", "acknowledged at all"),
    "forecast-exhausted": ("升级到顶仍无人签收", "climbed to the end"),
    "forecast-overloaded": ("超负荷人数", "people overloaded"),
    "forecast-answered_by": ("由{rung}签收", "answered by: {rung}"),
    "forecast-climbed": ("升级到{rung}", "climbed to: {rung}"),
    "forecast-skipped": ("无人而跳过{rung}", "passed by: {rung}"),
    "forecast-person": (
        "人员：通知数 / 一小时最多 / 一天最多 / 超负荷份额",
        "people: told / most in an hour / most in a day / beyond bearable",
    ),
}
