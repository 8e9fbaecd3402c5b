"""Reminders (催办) and written orders (督办): refusals, the timeline, messages, names.

(zh, en) by code. A sealed message has no placeholder but {number} and {group}.
"""

TEXTS: dict[str, tuple[str, str]] = {
    # --- reminders ---
    "urge-done": (
        "事项已办结或待核查，不能再催办。",
        "The matter is done or waits to be checked; there is nothing to urge.",
    ),
    "urge-nobody": (
        "事项还没有经办人，请先指派。",
        "Nobody handles the matter yet; assign it first.",
    ),
    "urge-self": (
        "事项现在由您本人经办，不能催办自己；可指派给他人。",
        "You handle the matter yourself, so there is nobody to urge; assign it to somebody.",
    ),
    "urged-lately": (
        "您已于 {at} 催办过此事，{again} 以后可再次催办。",
        "You urged this matter at {at}; you may do so again from {again}.",
    ),
    # --- orders: what stands against them ---
    "order-not-found": ("没有这张督办单，或您无权查看。", "There is no such order for you."),
    "order-levels": (
        "督办级别“{value}”有误，orders.toml 须恰好包含 {known}。",
        "The level “{value}” is wrong; orders.toml must hold exactly {known}.",
    ),
    "order-open": (
        "此事已有未办结的督办单 {order}，请先答复、认可或撤回。",
        "The order {order} is still open on this matter; see it answered or withdraw it first.",
    ),
    "order-still-open": (
        "督办单 {order} 尚未办结，请先答复并经认可，或由签发人撤回。",
        "The order {order} is still open; it must be answered and accepted, or withdrawn, first.",
    ),
    "order-matter-done": (
        "事项已经办结，不能再督办。",
        "The matter is over; no order can be given about it.",
    ),
    "order-round": (
        "督办单已退回重报，现为第 {round} 轮，请刷新后再办。",
        "The order was sent back meanwhile and is in round {round}; load the page again.",
    ),
    "conflict-order": (
        "督办单现为“{order_state}”，不能{step}，请刷新页面。",
        "The order is “{order_state}”, so “{step}” is not possible; load the page again.",
    ),
    "not-an-addressee": (
        "“{value}”不能作为督办对象：请选经办人或您辖区内能看到此事的岗位。",
        "“{value}” cannot be ordered: choose the handler or a post of yours that may read it.",
    ),
    "answer-by-past": (
        "答复时限 {value} 已过，请选更晚的时间。",
        "{value} is past; choose a later time for the answer.",
    ),
    "answer-by-far": (
        "答复时限 {value} 超过一年，请改早。",
        "{value} is over a year away; choose an earlier time for the answer.",
    ),
    # --- names: shown where they are parameters, and on the pages ---
    "level-general": ("一般督办", "general"),
    "level-key": ("重点督办", "key"),
    "level-listed": ("挂牌督办", "listed"),
    "order_state-issued": ("待答复", "to be answered"),
    "order_state-answered": ("已答复，待认可", "answered, to be accepted"),
    "order_state-accepted": ("已认可", "accepted"),
    "order_state-withdrawn": ("已撤回", "withdrawn"),
    "step-answer": ("答复", "answer"),
    "step-accept": ("认可", "accept"),
    "step-send-back": ("退回重报", "send back"),
    "step-withdraw": ("撤回", "withdraw"),
    # --- the parts of an order's sheet ---
    "said-order-answered": ("答复", "Answer"),
    "said-order-accepted": ("认可", "Accepted"),
    "said-order-returned": ("退回重报", "Sent back"),
    "said-order-withdrawn": ("撤回", "Withdrawn"),
    # --- the timeline ---
    "event-urged": ("催办，第 {count} 次", "Urged, {count} in all"),
    "event-ordered": (
        "督办 {order}：由{to}在 {due_at} 前答复",
        "Order {order}: {to} is to answer by {due_at}",
    ),
    "event-order-answered": ("已答复督办单 {order}", "Order {order} answered"),
    "event-order-accepted": (
        "认可答复，督办单 {order} 办结",
        "Answer accepted, order {order} done",
    ),
    "event-order-returned": (
        "退回答复，督办单 {order} 须在 {due_at} 前重报",
        "Answer sent back, order {order} to be answered anew by {due_at}",
    ),
    "event-order-withdrawn": ("撤回督办单 {order}", "Order {order} withdrawn"),
    # --- messages ---
    "message-urged-title": ("催办：{category}（{number}）", "Urged: {category} ({number})"),
    "message-urged-sealed-title": ("催办 {number}", "Urged: {number}"),
    "message-urged-sealed": (
        "一件“{group}”类事项有人催办，内容请登录后查看。",
        "You are urged about a matter of the group “{group}”; log in to read it.",
    ),
    "message-ordered-title": (
        "督办，请答复：{category}（{number}）",
        "Order to answer: {category} ({number})",
    ),
    "message-ordered-sealed-title": ("督办，请答复 {number}", "Order to answer: {number}"),
    "message-ordered-sealed": (
        "一件“{group}”类事项有督办单等您答复，内容请登录后查看。",
        "An order about a matter of the group “{group}” waits for your answer; log in to read it.",
    ),
    "message-order-answered-title": (
        "督办已答复：{category}（{number}）",
        "Order answered: {category} ({number})",
    ),
    "message-order-answered-sealed-title": ("督办已答复 {number}", "Order answered: {number}"),
    "message-order-answered-sealed": (
        "一件“{group}”类事项的督办单已有答复，请登录后认可或退回。",
        "The order about a matter of the group “{group}” is answered; log in to judge it.",
    ),
    "message-order-overdue-title": (
        "您的督办单逾期未答复：{category}（{number}）",
        "Your order is not answered and overdue: {category} ({number})",
    ),
    "message-order-overdue-sealed-title": (
        "您的督办单逾期未答复 {number}",
        "Your order is not answered and overdue: {number}",
    ),
    "message-order-overdue-sealed": (
        "您就一件“{group}”类事项下的督办单逾期未答复，请登录查看。",
        "Your order about a matter of the group “{group}” is overdue; log in to see to it.",
    ),
    "message-order-returned-title": (
        "督办答复被退回：{category}（{number}）",
        "Answer sent back: {category} ({number})",
    ),
    "message-order-returned-sealed-title": (
        "督办答复被退回 {number}",
        "Answer sent back: {number}",
    ),
    "message-order-returned-sealed": (
        "一件“{group}”类事项的督办答复被退回，请登录后重报。",
        "Your answer about a matter of the group “{group}” was sent back; log in to answer anew.",
    ),
    "message-order-accepted-title": (
        "督办答复已认可：{category}（{number}）",
        "Answer accepted: {category} ({number})",
    ),
    "message-order-accepted-sealed-title": ("督办答复已认可 {number}", "Answer accepted: {number}"),
    "message-order-accepted-sealed": (
        "一件“{group}”类事项的督办答复已认可。",
        "Your answer about a matter of the group “{group}” was accepted.",
    ),
    "message-order-withdrawn-title": (
        "督办已撤回：{category}（{number}）",
        "Order withdrawn: {category} ({number})",
    ),
    "message-order-withdrawn-sealed-title": ("督办已撤回 {number}", "Order withdrawn: {number}"),
    "message-order-withdrawn-sealed": (
        "一件“{group}”类事项的督办单已撤回，无需答复。",
        "The order about a matter of the group “{group}” was withdrawn; no answer is needed.",
    ),
    "message-line-urged": ("{by}催办，累计 {count} 次。", "Urged by {by}, {count} in all."),
    "message-line-order": ("督办单 {order}（{by}）。", "Order {order} ({by})."),
    "message-line-until": ("请在 {until} 前答复。", "Answer by {until}."),
}
