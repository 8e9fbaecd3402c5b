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
    "joined-explained": (
        "您的上报已与同一件事的另一份上报合并，以下是那件事的进展。",
        "Your report was joined with another of the same matter; this is how that one stands.",
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
    # --- what residents are promised next, and what they say of it ---
    "next-acknowledge": ("将在 {time} 前有人签收。", "Somebody will confirm it before {time}."),
    "next-arrive": ("将在 {time} 前有人到场。", "Somebody will be there before {time}."),
    "next-resolve": ("将在 {time} 前答复处理结果。", "It will be answered before {time}."),
    "next-late-acknowledge": (
        "本应在 {time} 前签收；已转给上一级。",
        "It should have been confirmed by {time}; it has gone to the next level.",
    ),
    "next-late-arrive": (
        "本应在 {time} 前到场；已转给上一级。",
        "Somebody should have been there by {time}; it has gone to the next level.",
    ),
    "next-late-resolve": (
        "本应在 {time} 前答复；已转给上一级。",
        "It should have been answered by {time}; it has gone to the next level.",
    ),
    "solved-yes": ("已解决", "Yes"),
    "solved-partly": ("部分解决", "Partly"),
    "solved-no": ("完全没有处理", "Not at all"),
    "stars-1": ("1 很不满意", "1 not at all"),
    "stars-2": ("2 不满意", "2 little"),
    "stars-3": ("3 一般", "3 so-so"),
    "stars-4": ("4 满意", "4 content"),
    "stars-5": ("5 很满意", "5 very"),
    "rating-slow": ("太慢", "too slow"),
    "rating-not-done": ("没有处理", "not handled"),
    "rating-half-done": ("只处理了一部分", "only half done"),
    "rating-unfriendly": ("态度不好", "unfriendly"),
    "rating-not-told": ("没有告知进展", "was not told how it went"),
    "rating-came-back": ("又出现了", "it came back"),
    "rated-told": (
        "上报人评价：{solved}；满意度：{stars}",
        "The reporter says of the handling: {solved}; content: {stars}",
    ),
    "rated-told-plain": ("上报人反馈：{solved}", "The reporter says of the handling: {solved}"),
    "event-rated": ("上报人评价", "The reporter rated the handling"),
    "event-photo-shown": (
        "一张照片经查看后可供上报人看",
        "A photo was looked at and may be seen by the reporter",
    ),
    "event-photo-hidden": ("一张照片不再供上报人看", "A photo is no longer shown to the reporter"),
    "why-reopened-by-reporter": (
        "上报人反映没有处理好",
        "The reporter says that it is not done",
    ),
    "rated-already": (
        "这一轮办理您已经评价过。",
        "You have rated this round of handling already.",
    ),
    "rate-early": (
        "事情还在办理，处理完毕后再评价。",
        "It is still being worked on; it can be rated once it is handled.",
    ),
    "rate-late": (
        "评价截止时间 {until} 已过。如仍有问题，请作为新的一件上报。",
        "It could be rated until {until}. If there is still something, report it as a new matter.",
    ),
    "reopen-late": (
        "重新办理的截止时间 {until} 已过，未保存。请作为新的一件上报，或不选重新办理再提交。",
        "It could be taken up again until {until}. Report it as new, or rate it without asking so.",
    ),
    "reopen-often": (
        "居民已多次要求重新办理此事，请与社区书记联系，或作为新的一件上报。",
        "It was taken up again as often as residents may ask; turn to the community secretary.",
    ),
    "reopen-nobody": (
        "现在无人可接手此事，请拨打监督电话，或作为新的一件上报。",
        "Nobody can take it up at the moment; call the supervision telephone or report it as new.",
    ),
    "reopen-words": (
        "请写一句哪里没有处理好，方便接手的人。",
        "Please say in a word what is missing, for whoever takes it up.",
    ),
    "rating-bad": ("“{value}”不是可选的评价。", "“{value}” is no rating that can be given."),
    "code-slowed": (
        "试错次数较多，请 {seconds} 秒后再试。编号和查询码在提交成功的页面上。",
        "Several wrong tries: please wait {seconds} seconds. Both stood on the page of thanks.",
    ),
    "station-not-found": ("没有这个站点，或已撤下。", "There is no such station any more."),
    "station-outside": (
        "该地点不在任何网格内，请在地图上另选。",
        "The place lies in no grid; choose another on the map.",
    ),
    "station-no-plate": (
        "门牌库中没有与“{value}”完全一致的地址，请从列表中选，或在地图上选点。",
        "No plate of the book reads exactly “{value}”; choose from the list or on the map.",
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
