"""Acts made on a phone without a signal: both their times, and why one of them counts."""

TEXTS: dict[str, tuple[str, str]] = {
    # --- refused ---
    "acted-after-sent": (
        "“{field}”的 {value} 晚于发送时间 {sent}，请检查手机时间后重新操作。",
        "{value} in “{field}” is later than the sending at {sent}; check the phone and act anew.",
    ),
    "act-id-reused": (
        "操作编号 {act_id} 已用于另一操作，请生成新的编号。",
        "The id {act_id} was used for another act; make a new id for a new act.",
    ),
    "act-not-offline": (
        "“{action}”不能离线操作，请联网后再做。",
        "One cannot “{action}” without a signal; do it when you are connected.",
    ),
    # --- the timeline ---
    "event-late-act": (
        "离线操作“{action}”送达时事项已有变化，记为备注",
        "Done without a signal, “{action}” arrived when the matter had moved on; kept as a note",
    ),
    "offline-acknowledged": (
        "签收于 {made}（离线），收到于 {received}，{clock}",
        "Acknowledged at {made} (offline), received at {received}, {clock}",
    ),
    "offline-act": (
        "操作于 {made}（离线），收到于 {received}，{clock}",
        "Done at {made} (offline), received at {received}, {clock}",
    ),
    "offline-clock-slow": ("手机时钟慢 {by}", "the phone's clock was {by} slow"),
    "offline-clock-fast": ("手机时钟快 {by}", "the phone's clock was {by} fast"),
    "offline-clock-right": ("手机时钟准确", "the phone's clock was right"),
    "offline-seconds": ("{seconds} 秒", "{seconds} s"),
    "offline-counts": ("以操作时间为准", "The time it was done counts"),
    "offline-withdrawn": (
        "时限内已签收，{time} 的超时记录撤销，不计入考核",
        "It was in time after all: the miss of {time} is withdrawn and charged to nobody",
    ),
    "offline-doubt-clock-off": (
        "以收到时间为准：手机时钟偏差过大",
        "The time of receipt counts: the phone's clock was too far off",
    ),
    "offline-doubt-too-old": (
        "以收到时间为准：在手机上存放过久",
        "The time of receipt counts: it was kept on the phone for too long",
    ),
    "offline-doubt-before-told": (
        "以收到时间为准：当时尚未通知本人",
        "The time of receipt counts: the person had not been told yet",
    ),
    "offline-doubt-before-step": (
        "以收到时间为准：早于它之前的一步",
        "The time of receipt counts: the step before it was taken later",
    ),
    # --- messages ---
    "message-withdrawn-title": (
        "已按时签收，无需处理：{category}（{number}）",
        "Acknowledged in time, nothing to do: {category} ({number})",
    ),
    "message-withdrawn-sealed-title": (
        "已按时签收，无需处理 {number}",
        "Acknowledged in time, nothing to do: {number}",
    ),
    "message-withdrawn-sealed": (
        "一件“{group}”类事项已在时限内离线签收，升级撤销，无需处理。",
        (
            "A matter of the group “{group}” had been acknowledged in time on a phone without a "
            "signal; the escalation is withdrawn and there is nothing to do."
        ),
    ),
    "message-late-act-title": (
        "离线操作已补记：{category}（{number}）",
        "An offline act was added: {category} ({number})",
    ),
    "message-late-act-sealed-title": (
        "离线操作已补记 {number}",
        "An offline act was added: {number}",
    ),
    "message-late-act-sealed": (
        "一件“{group}”类事项补记了一项离线操作，内容请登录后查看。",
        "An act made offline was added to a matter of the group “{group}”; log in to read it.",
    ),
}
