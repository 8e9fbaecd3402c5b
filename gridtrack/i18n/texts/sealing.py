"""Sealed reporters: their keys, and what is said where one does not fit."""

TEXTS: dict[str, tuple[str, str]] = {
    "seal-key-missing": (
        "缺少密钥 {key}，上报人信息暂时打不开。请管理员运行 gridtrack keys status，把该密钥放回。",
        (
            "Key {key} is not here, so the reporter cannot be shown. Ask whoever runs the machine "
            "to look at gridtrack keys status and to bring the key back."
        ),
    ),
    "seal-broken": (
        "上报人信息与密钥 {key} 不符：内容被改动或挪动过。请告知管理员，不要覆盖。",
        (
            "What is sealed does not fit key {key}: it was changed or moved. Tell whoever runs the "
            "machine, and write nothing over it."
        ),
    ),
    "seal-keys-bad": (
        "{field} 不是本产品写的密钥，请用备份的密钥文件换回。",
        "{field} does not hold keys as gridtrack writes them; bring back the file that was kept.",
    ),
    "seal-keys-setting": (
        "密钥由 {value} 给出：请把新密钥写在最前面，重启后运行 gridtrack keys rotate --go-on。",
        (
            "{value} gives the keys: put the new one first there, start again, then run gridtrack "
            "keys rotate --go-on."
        ),
    ),
    "seal-key-differs": (
        "两处的密钥 {key} 编号相同、内容不同，没有合并。",
        "There are two different keys called {key}; nothing was joined.",
    ),
    "seal-keys-fresh": (
        "密钥 {key} 启用不到一小时，可能还有用旧密钥的上报未写完，请稍后再试。",
        (
            "Key {key} is younger than an hour: a report under an older one may still be on its "
            "way. Try again later."
        ),
    ),
    "purpose-missing": ("请选择查看用途。", "Choose what it is for."),
    "purpose-call-back": (
        "回访核实，站内提问无法解决",
        "to call back what a question could not settle",
    ),
    "purpose-danger": ("有人身危险，需立即联系", "danger to somebody: to reach them at once"),
    "purpose-hand-over": ("依法移交有权机关", "to hand over to an authority that may ask for it"),
    "purpose-rights": ("本人要求查询、更正或删除", "they ask to see, mend or delete what is kept"),
    "purpose-other": ("其他（请写明）", "something else, in words"),
    "reporter-withheld": (
        "上报人信息不向您显示；需要了解情况时，请在事项页向上报人提问。",
        "Who reported is not shown to you; ask them on the matter's page what you need to know.",
    ),
    "ask-nobody": (
        "这件事没有可以回复的上报人。",
        "There is no reporter who could answer.",
    ),
    "ask-over": (
        "这件事已办结，不再提问。",
        "This matter is over; there is nothing more to ask.",
    ),
    "ask-waiting": (
        "已有 {count} 个问题等待回复，请先等一等。",
        "{count} questions wait for an answer already; wait for one of them.",
    ),
    "question-not-found": ("没有这个问题。", "There is no such question."),
    "question-answered": ("这个问题已经答复过了。", "That question was answered already."),
    "event-asked": ("已向上报人提问", "The reporter was asked something"),
    "event-answered": ("上报人已答复", "The reporter answered"),
    "message-reporter-answered-title": (
        "上报人已答复 {number}",
        "The reporter answered: {number}",
    ),
    "message-reporter-answered-sealed-title": (
        "上报人已答复 {number}",
        "The reporter answered: {number}",
    ),
    "message-reporter-answered-sealed": (
        "{group}：上报人已答复，请打开事项查看。",
        "{group}: the reporter answered; open the matter to read it.",
    ),
    "why-not-available": ("该岗位不可用", "That post is not available"),
    "passed-not-available": (
        "{rung}不可用，跳过",
        "the {rung} is not available and was passed over",
    ),
    "person-not-available": (
        "此人不可用，请选择其他人。",
        "This person is not available; choose another.",
    ),
    "against-unknown": (
        "{field}中的{value}不是可选的岗位。",
        "{value} in {field} is none of the posts that a report may be about.",
    ),
    "event-party-marked": ("已按回避处理", "Somebody is not available for this"),
}
