"""What went wrong, with what, and the way out.

(zh, en) by error code; the placeholders are the params of the error. `{value:MB}` and `{value:MP}`
show millions of bytes and of pixels.
"""

TEXTS: dict[str, tuple[str, str]] = {
    # --- what was given ---
    "rejected": (
        "有 {count} 处需要改正，请逐项查看。",
        "{count} things need to be put right; see each of them.",
    ),
    "required": ("请填写“{field}”。", "“{field}” is missing; please fill it in."),
    "too-long": (
        "“{field}”有 {value} 字，最多 {limit} 字，请缩短。",
        "“{field}” has {value} characters, {limit} are the most; please shorten it.",
    ),
    "control-characters": (
        "“{field}”含有不可见的控制字符 {value}，请删除后再提交。",
        "“{field}” holds the invisible control character {value}; remove it and send again.",
    ),
    "not-a-time": (
        "“{field}”的“{value}”不是带时区的时间，请写成 2026-11-22T08:30:00+08:00 的样子。",
        "“{value}” in “{field}” is no time with a zone; write it like 2026-11-22T08:30:00+08:00.",
    ),
    "in-the-future": (
        "“{field}”的 {value} 还没有到，请检查日期和手机时间。",
        "{value} in “{field}” has not come yet; check the date and the clock of the phone.",
    ),
    "too-long-ago": (
        "“{field}”的 {value} 过于久远，请检查年份。",
        "{value} in “{field}” is too long ago; check the year.",
    ),
    "span-backwards": (
        "“{field}”的 {value} 早于开始时间，请改为更晚的时间。",
        "{value} in “{field}” is before the beginning; choose a later time.",
    ),
    "not-a-number": (
        "“{field}”的“{value}”不是数字，请填数字或清空。",
        "“{value}” in “{field}” is no number; give a number or leave it empty.",
    ),
    "not-a-uuid": (
        (
            "“{field}”的“{value}”不是 UUID，请由客户端生成，例如 "
            "5f0c2a6e-7f0e-4d0e-9a3b-2f1c8b6d7e90。"
        ),
        (
            "“{value}” in “{field}” is no UUID; let the client make one, such as "
            "5f0c2a6e-7f0e-4d0e-9a3b-2f1c8b6d7e90."
        ),
    ),
    "datum-missing": (
        "缺少“{field}”：请说明坐标系（wgs84、gcj02、bd09 或 cgcs2000），否则会偏到别的网格。",
        (
            "“{field}” is missing: say which datum it is (wgs84, gcj02, bd09 or cgcs2000), or the "
            "point falls into another grid."
        ),
    ),
    "datum-unknown": (
        "“{field}”的“{value}”不是已知坐标系，请用 wgs84、gcj02、bd09 或 cgcs2000。",
        "“{value}” in “{field}” is no known datum; use wgs84, gcj02, bd09 or cgcs2000.",
    ),
    "accuracy-bad": (
        "“{field}”的 {value} 不是可用的精度，请填 0 至 100000 米，或留空。",
        "{value} in “{field}” is no usable accuracy; give 0 to 100000 metres, or leave it out.",
    ),
    "place-missing": (
        "没有地点：请定位、在地图上选点或填写地址。",
        "There is no place: locate, choose a point on the map or write an address.",
    ),
    "category-unknown": (
        "没有编码为“{value}”的类别，请从类别表中选择。",
        "There is no category “{value}”; choose one from the list.",
    ),
    "category-no-matter": (
        "类别 {value} 只作登记，不产生事件，请选其他类别。",
        "The category {value} is only kept in a log and makes no matter; choose another.",
    ),
    "category-not-public": (
        "类别 {category} 只供工作人员使用，请选其他类别。",
        "The category {category} is for staff only; choose another.",
    ),
    "not-an-outcome": (
        "“{value}”不是该类别的结果，请从列出的结果中选择。",
        "“{value}” is no outcome of this category; choose one of those listed.",
    ),
    "no-such-person": (
        "“{field}”的“{value}”没有对应的人员，请从名单中选择。",
        "“{value}” in “{field}” is nobody we know; choose from the list.",
    ),
    "cannot-parent": (
        "不能归入“{value}”：请填写另一件未结、本身不属于其他事项的编号，且本事项下没有子事项。",
        (
            "It cannot be made part of “{value}”; give the number of another open matter that is "
            "part of none, and this one must have no parts itself."
        ),
    ),
    "has-parent": (
        "本事项已归入一件主事项，请先移出。",
        "It is part of another matter already; take it out of that first.",
    ),
    "no-parent": ("本事项没有归入任何主事项。", "It is part of no other matter."),
    "cannot-merge": (
        "不能并入“{value}”，请填写另一件未并案事项的编号。",
        (
            "It cannot be merged into “{value}”; give the number of another matter that is not "
            "merged itself."
        ),
    ),
    "bad-stage": (
        "“{field}”的“{value}”不可用，请用 report、before 或 after。",
        "“{value}” in “{field}” cannot be used; use report, before or after.",
    ),
    "bad-zoom": (
        "“{field}”的“{value}”不是地图的缩放级别，请给 0 到 99 的整数。",
        "“{value}” in “{field}” is no zoom of a map; give a whole number from 0 to 99.",
    ),
    "bad-box": (
        "“{field}”的“{value}”不是地图范围，请按西、南、东、北的顺序填四个度数。",
        "“{value}” in “{field}” is no map box; give west, south, east, north in degrees.",
    ),
    "password-weak": (
        "密码太弱，请至少用 {minimum} 个字符，不要重复同一个字符。",
        (
            "The password is too weak; use at least {minimum} characters and do not repeat one of "
            "them."
        ),
    ),
    "post-zone": (
        "岗位“{role}”与小区“{value}”不相符：物业岗位要选小区，其他岗位不选。",
        (
            "The role “{role}” does not go with the estate “{value}”: property managers need an "
            "estate, others have none."
        ),
    ),
    # --- photos ---
    "photo-empty": (
        "照片文件是空的，请重新选择或拍摄。",
        "The photo file is empty; choose or take it again.",
    ),
    "photo-too-many-bytes": (
        "照片有 {value:MB}，最大 {limit:MB}，请压缩或换一张。",
        "The photo has {value:MB}, {limit:MB} are the most; make it smaller or choose another.",
    ),
    "photo-too-many-pixels": (
        "照片尺寸 {value} 过大，最多 {limit:MP}，请缩小后再传。",
        (
            "The photo of {value} is too large, {limit:MP} are the most; make it smaller and send "
            "it again."
        ),
    ),
    "photo-too-small": (
        "照片尺寸 {value} 过小，每边至少 {limit} 像素，请重新拍摄。",
        "The photo of {value} is too small, each side needs {limit} pixels; take it again.",
    ),
    "photo-html": (
        "这个文件是网页，不是照片；请选择 JPEG、PNG、WebP 或 HEIC 照片。",
        "This file is a web page and no photo; choose a JPEG, PNG, WebP or HEIC photo.",
    ),
    "photo-svg": (
        "不接收 SVG 图形，请选择 JPEG、PNG、WebP 或 HEIC 照片。",
        "SVG drawings are not taken; choose a JPEG, PNG, WebP or HEIC photo.",
    ),
    "photo-format": (
        "不接收 {value} 文件，请选择 JPEG、PNG、WebP 或 HEIC 照片。",
        "Files of the kind {value} are not taken; choose a JPEG, PNG, WebP or HEIC photo.",
    ),
    "photo-unknown": (
        "这个文件不是照片（开头为 {value}），请选择 JPEG、PNG、WebP 或 HEIC 照片。",
        "This file is no photo (it begins with {value}); choose a JPEG, PNG, WebP or HEIC photo.",
    ),
    "photo-broken": (
        "照片（{value}）已损坏或没有传完，请重新上传或拍摄。",
        "The photo ({value}) is damaged or not complete; send or take it again.",
    ),
    "photo-not-found": (
        "没有这张照片，或您无权查看。",
        "There is no such photo, or none that you may see.",
    ),
    "photos-full": (
        "一件事项最多 {value} 张照片，请先选最能说明情况的。",
        "A matter takes {value} photos at most; choose those that show it best.",
    ),
    # --- who may ---
    "login-required": ("请先登录。", "Please log in first."),
    "login-wrong": (
        "账号或密码不对，请重试；忘记密码请找安全管理员。",
        (
            "The login or the password is wrong; try again, or ask the security administrator for "
            "a new one."
        ),
    ),
    "login-taken": (
        "账号“{login}”已有人使用，请换一个。",
        "The login “{login}” is taken; choose another.",
    ),
    "token-unknown": (
        "令牌无效、过期或已撤销，请向安全管理员申请新的令牌。",
        "The token is unknown, expired or revoked; ask the security administrator for a new one.",
    ),
    "forbidden": (
        "您没有权限进行此操作；如工作需要，请向安全管理员申请。",
        "You may not do this; if your work needs it, ask the security administrator.",
    ),
    "action-forbidden": (
        "您不能对这件事项进行“{action}”，须由经办人或上级操作。",
        "You may not “{action}” this matter; its handler or somebody above must do it.",
    ),
    "second-person-needed": (
        "此类事项不能由上报人或经办人自己结案，请另一位核查人结案。",
        (
            "Such a matter is not closed by its own reporter or handler; somebody else must check "
            "and close it."
        ),
    ),
    "csrf": (
        "页面已过期，请重新打开页面后再提交；已填内容请先复制。",
        "The page has expired; copy what you wrote, open the page again and send it once more.",
    ),
    "too-many": (
        "操作过于频繁，请在 {retry_after_s} 秒后再试。",
        "Too many tries; come back in {retry_after_s} seconds.",
    ),
    # --- what is there ---
    "not-found": (
        "没有找到，或您无权查看；请检查编号或地址。",
        "There is no such thing, or none that you may see; check the number or the address.",
    ),
    "incident-not-found": (
        "没有事项 {id}，或您无权查看；请检查编号。",
        "There is no matter {id}, or none that you may see; check the number.",
    ),
    "track-not-found": (
        "编号与查询码不相符，请照回执重新填写。",
        "Number and code do not go together; copy both from your receipt.",
    ),
    "post-not-found": (
        "没有岗位 {id}，请刷新名单。",
        "There is no post {id}; load the list again.",
    ),
    "edition-not-found": (
        "没有网格版本 {id}，请从版本列表中选择。",
        "There is no edition {id}; choose one from the list.",
    ),
    "conflict-state": (
        "事项现在是“{state}”，不能“{action}”；请刷新后再看。",
        "The matter is “{state}” now, so “{action}” is not possible; load the page again.",
    ),
    "conflict-version": (
        "在您查看之后别人已经改动，请刷新后再操作；您填写的内容不会丢失。",
        (
            "Somebody changed it after you had looked; load it again and decide anew. What you "
            "wrote is kept."
        ),
    ),
    "client-id-reused": (
        "编号 {client_id} 已用于另一份内容，请为新上报生成新的编号。",
        "The id {client_id} was used for other content; make a new id for a new report.",
    ),
    "events-gap": (
        "事项记录不连续：应为第 {expected} 条之后，实为第 {found} 条；请联系系统管理员。",
        (
            "The record of this matter has a gap: {found} follows {expected}; tell the system "
            "administrator."
        ),
    ),
    "person-or-scope": (
        "请指定一个人或一个网格范围，二者只能选一个。",
        "Name either a person or a grid scope, one of the two.",
    ),
    "channel-unknown": (
        "没有“{value}”这种通知渠道，可用 email、webhook、robot。",
        "There is no channel “{value}”; use email, webhook or robot.",
    ),
    "bad-address": (
        "“{value}”不是邮箱地址，应形如 name@example.org。",
        "“{value}” is no e-mail address; it should look like name@example.org.",
    ),
    "bad-robot": (
        "机器人地址不能用（{reason}）。应以 wecombot://、dingtalk://、feishu:// 或 lark:// 开头。",
        "Unusable robot ({reason}); it starts with wecombot://, dingtalk://, feishu:// or lark://.",
    ),
    "bad-webhook": (
        "Webhook 地址不能用，应为完整的 https:// 地址。",
        "The webhook's address cannot be used; give a whole https:// address.",
    ),
    "subscription-not-found": (
        "没有编号为 {id} 的通知渠道，请先用 channels list 查看。",
        "There is no channel {id}; see channels list.",
    ),
    "message-not-found": (
        "没有编号为 {id} 的消息，请先用 channels dead 查看。",
        "There is no message {id}; see channels dead.",
    ),
    "message-not-dead": (
        "消息 {id} 的状态是 {state}，只有投递失败的消息才能重发。",
        "Message {id} is {state}; only one that was given up can be sent again.",
    ),
    "duplicate-estate": (
        "小区代码“{value}”在文件中出现了不止一次，请改成唯一的代码。",
        "The estate code “{value}” stands in the file more than once; give each its own.",
    ),
    "invalid-estate": (
        "小区“{value}”的边界不是合格的多边形（{reason}），请在制图软件中修正后重新导入。",
        "The outline of estate “{value}” is no valid polygon ({reason}); mend it and import again.",
    ),
}
