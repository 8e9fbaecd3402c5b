"""Why a matter came up to somebody: what was missed, who was passed over, what was tried.

(zh, en) by code.
"""

TEXTS: dict[str, tuple[str, str]] = {
    # --- what was missed, by clock; {name} had it when it was due ---
    "came-acknowledge": (
        "{name}未在 {since} 前签收",
        "{name} did not acknowledge it by {since}",
    ),
    "came-acknowledge-nobody": (
        "到 {since} 仍无人负责、无人签收",
        "Nobody had it or acknowledged it by {since}",
    ),
    "came-arrive": ("{name}未在 {since} 前到场", "{name} was not on site by {since}"),
    "came-arrive-nobody": ("到 {since} 仍无人到场", "Nobody was on site by {since}"),
    "came-resolve": ("{name}未在 {since} 前办结", "{name} had not resolved it by {since}"),
    "came-resolve-nobody": ("到 {since} 仍未办结", "It was not resolved by {since}"),
    "came-supervise": (
        "{name}未在 {since} 前答复督办单",
        "{name} had not answered the order by {since}",
    ),
    "came-supervise-nobody": (
        "到 {since} 督办单仍无答复",
        "The order was not answered by {since}",
    ),
    "came-rung": ("因此升到{rung}", "so it came up to the {rung}"),
    "came-vacant": ("各级均无人在岗", "no level had anybody on duty"),
    "list-join": ("、", ", "),
    "message-line-missed": (
        "此前经办：{missed}，未按时响应。",
        "{missed} had it and did not answer in time.",
    ),
    "message-line-passed": (
        "无人可通知而跳过：{passed}。",
        "Passed over, with nobody to tell: {passed}.",
    ),
    "came-join": ("；", "; "),
    "came-end": ("。", "."),
    # --- why a rung was passed over ---
    "passed-vacant": ("{rung}岗位空缺，跳过", "the post of {rung} is vacant and was passed over"),
    "passed-away": (
        "{rung}{names}不在岗（请假或不当班），跳过",
        "the {rung} {names} was away or off duty and was passed over",
    ),
    "passed-has-it": (
        "{rung}{names}已在经办此事，跳过",
        "the {rung} {names} had it already and was passed over",
    ),
    "passed-unsaid": ("{rung}无人在岗，跳过", "no {rung} was on duty, so it was passed over"),
    # --- what was tried ---
    "tried-given": ("最初交给{name}", "First given to {name}"),
    "tried-given-desk": ("最初转分流台", "First given to the desk"),
    "tried-up": ("升到{rung}，通知{name}", "Up to the {rung}: {name} was told"),
    "tried-again": ("再次通知{rung}{name}", "The {rung}, {name}, was told again"),
    "tried-top": (
        "各级均已通知，仍无人响应，已转报分流台",
        "Every level was told without an answer, so the desk was told",
    ),
    "tried-top-vacant": (
        "各级均无人在岗，已转报能到的人",
        "No level had anybody on duty, so whoever could be reached was told",
    ),
    "tried-top-nobody": (
        "各级均无人在岗，系统内也没有可通知的人",
        "No level had anybody on duty, and there was nobody else to tell",
    ),
    # --- what became of a message ---
    "told-seen": ("{name}：{channel}，{at} 已读", "{name}: {channel}, seen {at}"),
    "told-sent": (
        "{name}：{channel}，{at} 送达，尚未看",
        "{name}: {channel}, delivered {at}, not seen",
    ),
    "told-waiting": ("{name}：{channel}，等待发送", "{name}: {channel}, waiting to be sent"),
    "told-dead": (
        "{name}：{channel}，未送达。{error}",
        "{name}: {channel}, not delivered. {error}",
    ),
    "told-superseded": (
        "{name}：{channel}，未发送（已有人响应或订阅已停）",
        "{name}: {channel}, not sent (answered meanwhile, or no longer wanted)",
    ),
    "told-group": ("工作群", "the group"),
    "channel-inbox": ("站内通知", "notice in the product"),
    "channel-email": ("邮件", "e-mail"),
    "channel-webhook": ("接口推送", "webhook"),
    "channel-robot": ("群机器人", "group robot"),
}
