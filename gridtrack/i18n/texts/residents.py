"""What a resident is told: no names, no inner steps, plain words."""

TEXTS: dict[str, tuple[str, str]] = {
    "progress-reported": ("我们收到了您的上报", "We received your report"),
    "progress-assigned": (
        "已交给负责该处的工作人员",
        "Given to the person responsible for the place",
    ),
    "progress-reopened": ("重新办理", "Taken up again"),
    "progress-acknowledged": ("工作人员已确认", "The person responsible has confirmed"),
    "progress-escalated": (
        "时限内未确认，已自动转给上一级",
        "Not confirmed in time, so it went to the next level by itself",
    ),
    "progress-start": ("开始处理", "Work has begun"),
    "progress-hold": ("暂缓处理", "Put on hold for now"),
    "progress-resume": ("继续处理", "Work goes on"),
    "progress-resolve": ("已处理，等待核查", "Handled; somebody else will check it"),
    "progress-closed": ("核查完毕，已结案", "Checked and closed"),
    "progress-reject": ("不予受理", "Not accepted"),
    "progress-merged": (
        "与他人上报的同一件事合并办理",
        "Joined with another report of the same matter",
    ),
    "headline-reported": ("正在分派", "Waiting to be assigned"),
    "headline-assigned": ("等待工作人员确认", "Waiting for confirmation"),
    "headline-acknowledged": ("已确认", "Confirmed"),
    "headline-in_progress": ("正在处理", "Being handled"),
    "headline-on_hold": ("暂缓处理", "On hold"),
    "headline-resolved": ("已处理", "Handled"),
    "headline-closed": ("已结案", "Closed"),
    "headline-rejected": ("不予受理", "Not accepted"),
    "headline-duplicate": ("已合并办理", "Joined with another report"),
    "explained-reported": (
        "系统无法自动确定由谁负责，分流台正在人工分派。",
        "It could not be given to one person by itself, so the desk is assigning it by hand.",
    ),
    "explained-assigned": (
        "负责该处的工作人员已收到通知，须在时限内确认；逾期会自动转给上一级。",
        "The person responsible was told and must confirm in time, or it goes one level up.",
    ),
    "explained-acknowledged": (
        "工作人员已看到并负责此事。",
        "The person responsible has seen it and will act.",
    ),
    "explained-in_progress": ("工作人员正在处理。", "The person responsible is working on it."),
    "explained-on_hold": (
        "需要等待一段时间，之后会继续处理。",
        "It has to wait for a while; work goes on after that.",
    ),
    "explained-resolved": (
        "工作人员报告已处理完毕，另有人核查后结案。",
        "The work is reported as done; somebody else checks it before it is closed.",
    ),
    "explained-closed": ("此事已核查并结案。", "The matter was checked and closed."),
    "explained-rejected": (
        "此事不在受理范围内，原因见下。",
        "The matter cannot be accepted here; see the reason below.",
    ),
    "explained-duplicate": (
        "此事已与他人的同类上报合并，一并办理。",
        "The same matter was reported by somebody else as well; both are handled as one.",
    ),
    "event-followed": (
        "又有居民反映同一件事，共 {count} 人关注",
        "Another resident has the same; {count} follow it",
    ),
    "near-gone": (
        "这件事刚刚办结，或离您选的地点太远，不能再关注。",
        "The matter has just ended, or lies too far from your place, so it cannot be joined.",
    ),
    "entrances-bad": (
        "entrances.toml 的“{field}”有误：{value}",
        "“{field}” in entrances.toml is wrong: {value}",
    ),
    "words-bad": (
        "resident-words.toml 的“{field}”有误：{value}。权重须为 1 到 5 的整数。",
        "“{field}” in resident-words.toml is wrong: {value}. A weight is a whole number, 1 to 5.",
    ),
    "residents-bad": (
        "residents.toml 的“{field}”有误：{value}",
        "“{field}” in residents.toml is wrong: {value}",
    ),
    "already-received": (
        "这份上报此前已经收到，之后内容有改动。要作为新的一件上报，请再提交一次。",
        "This report had arrived before the words were changed. Send again to report it as new.",
    ),
    "filled-by-program": (
        "提交未被接受。请重新打开页面再试。",
        "The form was not accepted. Please open the page again and retry.",
    ),
    "too-many-photos": (
        "最多 {limit} 张照片，收到 {value} 张。",
        "At most {limit} photos; {value} were sent.",
    ),
    "front-end-not-built": (
        "页面资源尚未构建，请先运行安装或构建命令。",
        "The pages' scripts and styles are not built yet; run the installation or the build first.",
    ),
}
