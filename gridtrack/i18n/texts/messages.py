"""What people are told outside the pages: messages, and why one could not be delivered.

(zh, en) by code. A sealed message has no placeholder but {number} and {group}.
"""

TEXTS: dict[str, tuple[str, str]] = {
    "message-digest-title": (
        "有 {count} 件事项等您处理",
        "{count} matters wait for you",
    ),
    "message-digest-escalated-title": (
        "有 {count} 件事项等您处理，其中 {climbed} 件超时升级",
        "{count} matters wait for you, {climbed} of them escalated",
    ),
    "message-digest-gap-title": (
        "系统停机后补发：{count} 件事项等您处理，其中 {climbed} 件超时升级",
        "Late, after an outage: {count} matters wait for you, {climbed} of them escalated",
    ),
    "message-line-gap": (
        "系统停机后补发，晚于应发时间。",
        "Late: the system had been down.",
    ),
    "message-digest-line": ("{number} {group}", "{number} {group}"),
    "message-digest-more": (
        "另有 {count} 件，请登录查看。",
        "And {count} more; log in to see them.",
    ),
    "message-assigned-title": (
        "请签收：{category}（{number}）",
        "Please acknowledge: {category} ({number})",
    ),
    "message-assigned-sealed-title": ("请签收 {number}", "Please acknowledge {number}"),
    "message-assigned-sealed": (
        "有一件“{group}”类事项等您签收，内容请登录后查看。",
        "A matter of the group “{group}” waits for you to acknowledge it; log in to read it.",
    ),
    "message-co-assigned-title": (
        "请签收并协办：{category}（{number}）",
        "Please acknowledge and assist: {category} ({number})",
    ),
    "message-co-assigned-sealed-title": (
        "请签收并协办 {number}",
        "Please acknowledge and assist {number}",
    ),
    "message-co-assigned-sealed": (
        "有一件“{group}”类事项请您协办，内容请登录后查看。",
        "You are asked to assist in a matter of the group “{group}”; log in to read it.",
    ),
    "message-escalated-title": (
        "超时升级到您：{category}（{number}）",
        "Escalated to you: {category} ({number})",
    ),
    "message-escalated-sealed-title": ("超时升级到您 {number}", "Escalated to you: {number}"),
    "message-escalated-sealed": (
        "一件“{group}”类事项超时未签收，已升级到您，内容请登录后查看。",
        (
            "A matter of the group “{group}” was not acknowledged in time and is now yours; log "
            "in to read it."
        ),
    ),
    "message-exhausted-title": (
        "各级均未签收：{category}（{number}）",
        "Nobody has answered: {category} ({number})",
    ),
    "message-exhausted-sealed-title": ("各级均未签收 {number}", "Nobody has answered: {number}"),
    "message-exhausted-sealed": (
        "一件“{group}”类事项各级均已通知，仍无人签收，请立即处理。",
        (
            "Every level was told of a matter of the group “{group}” and nobody has acknowledged "
            "it; please act now."
        ),
    ),
    "message-used-up-title": (
        "仍无人响应，请处理：{category}（{number}）",
        "Still no answer, please act: {category} ({number})",
    ),
    "message-used-up-sealed-title": (
        "仍无人响应，请处理 {number}",
        "Still no answer, please act: {number}",
    ),
    "message-used-up-sealed": (
        "一件“{group}”类事项各级均已通知，至今无人响应；有人处理之前每天提醒一次。",
        (
            "Every level was told of a matter of the group “{group}” and nobody has answered; you "
            "are reminded each day until somebody acts."
        ),
    ),
    "message-nobody-there-title": (
        "各级均无人在岗：{category}（{number}）",
        "Nobody on duty at any level: {category} ({number})",
    ),
    "message-nobody-there-sealed-title": (
        "各级均无人在岗 {number}",
        "Nobody on duty at any level: {number}",
    ),
    "message-nobody-there-sealed": (
        "一件“{group}”类事项各级岗位均无人在岗，无人可通知；请尽快补配人员或安排值班。",
        (
            "A matter of the group “{group}” could be told to nobody: no post up to the top has "
            "anybody on duty. Fill the posts or set the roster."
        ),
    ),
    "message-acknowledged-title": (
        "已签收：{category}（{number}）",
        "Acknowledged: {category} ({number})",
    ),
    "message-acknowledged-sealed-title": ("已签收 {number}", "Acknowledged: {number}"),
    "message-acknowledged-sealed": (
        "一件“{group}”类事项已有人签收，供您知悉。",
        "Somebody has acknowledged a matter of the group “{group}”; for your information.",
    ),
    "message-returned-title": (
        "被退回，请重新分派：{category}（{number}）",
        "Handed back, please assign anew: {category} ({number})",
    ),
    "message-returned-sealed-title": (
        "被退回，请重新分派 {number}",
        "Handed back, please assign anew: {number}",
    ),
    "message-returned-sealed": (
        "一件“{group}”类事项被退回，请登录后重新分派。",
        "A matter of the group “{group}” was handed back; log in to assign it anew.",
    ),
    "message-triage-title": (
        "待分流：{category}（{number}）",
        "To be assigned by hand: {category} ({number})",
    ),
    "message-triage-sealed-title": ("待分流 {number}", "To be assigned by hand: {number}"),
    "message-triage-sealed": (
        "一件“{group}”类事项无法自动分派，请登录后分派。",
        "A matter of the group “{group}” could not be assigned by itself; log in to assign it.",
    ),
    "message-reminder-title": (
        "即将到期：{category}（{number}）",
        "Due soon: {category} ({number})",
    ),
    "message-reminder-sealed-title": ("即将到期 {number}", "Due soon: {number}"),
    "message-reminder-sealed": (
        "您经办的一件“{group}”类事项即将到期。",
        "A matter of the group “{group}” that you handle is due soon.",
    ),
    "message-line-due": ("时限 {until} 到期。", "Due at {until}."),
    "message-moved-away-title": (
        "网格调整，已转出：{category}（{number}）",
        "The grids changed, no longer yours: {category} ({number})",
    ),
    "message-moved-away-sealed-title": (
        "网格调整，已转出 {number}",
        "The grids changed, no longer yours: {number}",
    ),
    "message-moved-away-sealed": (
        "因网格调整，一件“{group}”类事项已转给他人办理。",
        "The grids changed and a matter of the group “{group}” went to somebody else.",
    ),
    "message-moved-stays-title": (
        "网格调整，仍由您办理：{category}（{number}）",
        "The grids changed, it stays yours: {category} ({number})",
    ),
    "message-moved-stays-sealed-title": (
        "网格调整，仍由您办理 {number}",
        "The grids changed, it stays yours: {number}",
    ),
    "message-moved-stays-sealed": (
        "因网格调整，一件“{group}”类事项换了网格，仍由您办理。",
        "The grids changed; a matter of the group “{group}” lies in another and stays yours.",
    ),
    "message-moved-in-title": (
        "网格调整，现属您的网格：{category}（{number}）",
        "The grids changed, now in your grid: {category} ({number})",
    ),
    "message-moved-in-sealed-title": (
        "网格调整，现属您的网格 {number}",
        "The grids changed, now in your grid: {number}",
    ),
    "message-moved-in-sealed": (
        "因网格调整，一件“{group}”类事项现属您的网格，由原经办人继续办理。",
        (
            "The grids changed; a matter of the group “{group}” lies in your grid now and stays "
            "with its handler."
        ),
    ),
    "message-line-place": ("{group} · {grid}", "{group} · {grid}"),
    "message-line-group": ("{group}", "{group}"),
    "message-line-minutes": ("请在 {minutes} 分钟内签收。", "Acknowledge it within {minutes} min."),
    "message-line-now": ("已到时限，请立即签收。", "The time is up: acknowledge it now."),
    "message-line-since": (
        "自 {since} 起超时未签收。",
        "Not acknowledged since it was due at {since}.",
    ),
    "message-line-overdue": (
        "{clock}时限 {since} 已过。",
        "The time to {clock} was up at {since}.",
    ),
    "message-overdue-title": (
        "已超时：{category}（{number}）",
        "Overdue: {category} ({number})",
    ),
    "message-overdue-sealed-title": ("已超时 {number}", "Overdue: {number}"),
    "message-overdue-sealed": (
        "一件“{group}”类事项超过时限，请登录查看并督促办理。",
        "A matter of the group “{group}” is overdue; log in to read it and see to it.",
    ),
    "message-filed-title": (
        "立案条件已调整，时限有变：{category}（{number}）",
        "Its filing condition was set and its time is another: {category} ({number})",
    ),
    "message-filed-sealed-title": (
        "时限有变 {number}",
        "Its time is another: {number}",
    ),
    "message-filed-sealed": (
        "一件“{group}”类事项的立案条件已调整，新时限请登录查看。",
        "The filing condition of a matter of the group “{group}” was set; log in to see its time.",
    ),
    "message-extension-asked-title": (
        "申请延期，请审批：{category}（{number}）",
        "More time is asked for, please decide: {category} ({number})",
    ),
    "message-extension-asked-sealed-title": (
        "申请延期，请审批 {number}",
        "More time is asked for, please decide: {number}",
    ),
    "message-extension-asked-sealed": (
        "一件“{group}”类事项申请延期，请登录审批。",
        "More time is asked for in a matter of the group “{group}”; log in to decide.",
    ),
    "message-extension-granted-title": (
        "已同意延期：{category}（{number}）",
        "More time was granted: {category} ({number})",
    ),
    "message-extension-granted-sealed-title": (
        "已同意延期 {number}",
        "More time was granted: {number}",
    ),
    "message-extension-granted-sealed": (
        "一件“{group}”类事项的延期已同意，新时限请登录查看。",
        "More time was granted in a matter of the group “{group}”; log in to see until when.",
    ),
    "message-extension-refused-title": (
        "不同意延期：{category}（{number}）",
        "No more time: {category} ({number})",
    ),
    "message-extension-refused-sealed-title": (
        "不同意延期 {number}",
        "No more time: {number}",
    ),
    "message-extension-refused-sealed": (
        "一件“{group}”类事项的延期未获同意，请按原时限办理。",
        "No more time was granted in a matter of the group “{group}”; the time limit stays.",
    ),
    "message-hold-ended-title": (
        "挂起到期，请继续办理：{category}（{number}）",
        "The hold is over, please go on: {category} ({number})",
    ),
    "message-hold-ended-sealed-title": (
        "挂起到期，请继续办理 {number}",
        "The hold is over, please go on: {number}",
    ),
    "message-hold-ended-sealed": (
        "一件“{group}”类事项挂起到期，计时已恢复，请登录继续办理。",
        "The hold of a matter of the group “{group}” is over and its clocks run; log in to go on.",
    ),
    "message-line-rung": ("升级层级：{rung}。", "Level reached: {rung}."),
    "message-line-why": ("原因：{why}", "Why: {why}"),
    # --- why a message was not delivered: the part of the stored reason before the colon ---
    "delivery-channel-not-configured": (
        "该渠道尚未配置，请管理员在设置中配置后再启用。",
        "This channel is not set up; an administrator must set it up first.",
    ),
    "delivery-sender-failed": (
        "发送程序出错（{detail}），稍后重试；如反复出现请告知管理员。",
        "The sender itself failed ({detail}); trying again. Tell an administrator if it goes on.",
    ),
    "delivery-sender-died": (
        "多次发送均中途中断，已放弃；请管理员检查该渠道。",
        "Sending broke off every time and was given up; an administrator must check the channel.",
    ),
    "delivery-unwordable": (
        "该通知无法生成文字（{detail}），可能是事项类别已被删除。",
        "The message cannot be put into words ({detail}); its category may have been removed.",
    ),
    "delivery-bad-target": (
        "接收地址无法识别（{detail}），请在订阅中改正。",
        "The address cannot be understood ({detail}); correct it in the subscription.",
    ),
    "delivery-host-not-allowed": (
        "主机 {detail} 不在允许名单中，请管理员加入 GRIDTRACK_OUTBOUND_HOSTS。",
        (
            "The host {detail} is not on the list; an administrator can add it to "
            "GRIDTRACK_OUTBOUND_HOSTS."
        ),
    ),
    "delivery-address-private": (
        (
            "主机解析到内网地址 {detail}，未获允许；确需使用时请管理员将该地址加入 "
            "GRIDTRACK_OUTBOUND_HOSTS。"
        ),
        (
            "The host leads to the private address {detail}, which is not allowed; if it is "
            "meant, an administrator can add that address to GRIDTRACK_OUTBOUND_HOSTS."
        ),
    ),
    "delivery-unresolved": (
        "找不到主机 {detail}，稍后重试。",
        "The host {detail} is not found; trying again.",
    ),
    "delivery-unreachable": (
        "连接失败（{detail}），稍后重试。",
        "No connection ({detail}); trying again.",
    ),
    "delivery-timeout": (
        "对方 {detail} 秒内没有应答，稍后重试。",
        "No answer within {detail} s; trying again.",
    ),
    "delivery-redirect": (
        "对方要求跳转（{detail}），不予跟随；请填写最终地址。",
        "The other side redirects ({detail}), which is not followed; give the final address.",
    ),
    "delivery-http-status": (
        "对方拒绝接收（HTTP {detail}）。",
        "The other side refused it (HTTP {detail}).",
    ),
    "delivery-http-busy": (
        "对方暂时无法接收（HTTP {detail}），稍后重试。",
        "The other side is busy (HTTP {detail}); trying again.",
    ),
    "delivery-robot-busy": (
        "机器人发送过快（{detail}），稍后重试。",
        "The bot is sending too fast ({detail}); trying again.",
    ),
    "delivery-robot-refused": (
        "群机器人拒绝接收（{detail}），请检查机器人地址、签名和关键词设置。",
        "The bot refused it ({detail}); check its address, signature and keyword settings.",
    ),
    "delivery-robot-failed": (
        "群机器人返回错误（{detail}），稍后重试。",
        "The bot answered with an error ({detail}); trying again.",
    ),
    "delivery-robot-unclear": (
        "群机器人的应答无法识别（{detail}），稍后重试。",
        "The answer of the bot cannot be understood ({detail}); trying again.",
    ),
    "delivery-robot-scheme": (
        "不支持的机器人类型 {detail}，可用 wecombot、dingtalk、feishu、lark。",
        "Bots of the kind {detail} are not supported; use wecombot, dingtalk, feishu or lark.",
    ),
    "delivery-recipient-refused": (
        "邮件服务器拒绝该收件人（{detail}）。",
        "The mail server refused the recipient ({detail}).",
    ),
    "delivery-mail-refused": (
        "邮件服务器拒绝该邮件（{detail}）。",
        "The mail server refused the mail ({detail}).",
    ),
    "delivery-mail-busy": (
        "邮件服务器暂时无法接收（{detail}），稍后重试。",
        "The mail server is busy ({detail}); trying again.",
    ),
    "delivery-mail-login": (
        "邮件服务器登录失败（{detail}），请管理员检查 GRIDTRACK_SMTP_URL。",
        (
            "The mail server refused the login ({detail}); an administrator must check "
            "GRIDTRACK_SMTP_URL."
        ),
    ),
    "delivery-mail-insecure": (
        "邮件服务器 {detail} 不支持加密，未发送密码；请改用 smtps 或确认后加 tls=never。",
        (
            "The mail server {detail} offers no encryption, so the password was not sent; use "
            "smtps, or tls=never if that is meant."
        ),
    ),
}
