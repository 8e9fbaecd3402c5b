"""What is wrong with a deployment: its settings, its files, the machine; and HTTP errors by number.

(zh, en) by error code; the placeholders are the params of the error.
"""

TEXTS: dict[str, tuple[str, str]] = {
    # --- the machine ---
    "unknown-setting": (
        "没有名为 {field} 的设置（值为“{value}”），请检查拼写或删除。",
        "There is no setting {field} (its value is “{value}”); check the spelling or remove it.",
    ),
    "bad-setting": (
        "设置 {field} 的值“{value}”不可用：{reason}。请改正后重新启动。",
        (
            "The value “{value}” of the setting {field} cannot be used: {reason}. Correct it and "
            "start again."
        ),
    ),
    "no-clock-held": (
        "没有被暂停的时钟，无需确认。",
        "No clock is held: there is nothing to confirm.",
    ),
    "bad-database-url": (
        (
            "{field} 的“{value}”不是可用的数据库地址，请用 sqlite:///文件 或 "
            "postgresql://用户:密码@主机/库。"
        ),
        (
            "“{value}” in {field} is no usable database address; use sqlite:///file or "
            "postgresql://user:password@host/database."
        ),
    ),
    "bad-smtp-url": (
        (
            "{field} 不是可用的邮件服务器地址（{reason}），请写成 "
            "smtps://用户:密码@主机:端口/?from=发件地址。"
        ),
        (
            "{field} is no usable mail server address ({reason}); write "
            "smtps://user:password@host:port/?from=address."
        ),
    ),
    "database-unavailable": (
        "数据库暂时没有应答，请稍后再试；内容没有保存。",
        "The database does not answer; try again in a moment. Nothing was saved.",
    ),
    "no-policy": (
        "还没有时限规则，请系统管理员运行 gridtrack db upgrade。",
        (
            "There is no time-limit policy yet; the system administrator must run gridtrack db "
            "upgrade."
        ),
    ),
    # --- policy and category files ---
    "bad-toml": (
        "文件“{field}”无法读取：{value}。请按提示的行修改。",
        "The file “{field}” cannot be read: {value}. Correct the line named.",
    ),
    "bad-span": (
        "“{field}”的“{value}”不是时长，请写成 5min、2h 或 1d。",
        "“{value}” in “{field}” is no time span; write 5min, 2h or 1d.",
    ),
    "ladder-missing": (
        "缺少升级阶梯“{value}”，请在文件中补上。",
        "The ladder “{value}” is missing; add it to the file.",
    ),
    "ladder-empty": (
        "“{field}”没有任何层级，请至少写一级。",
        "“{field}” has no rungs; give it at least one.",
    ),
    "ladder-loops": (
        "“{field}”会绕回已经通知过的层级（{value}），每级只能出现一次，请删去重复的一级。",
        "“{field}” comes back to a rung it has been to ({value}); let each stand there once.",
    ),
    "policy-field-unknown": (
        "没有“{field}”这一项，请检查拼写或删除；可用 {known}。",
        "There is no field “{field}”; check the spelling or remove it. There are {known}.",
    ),
    "policy-section-bad": (
        "“{field}”的写法不对（{value}），请参照随附的 policy.toml 改正。",
        "“{field}” is not written as it should be ({value}); see the policy.toml that is shipped.",
    ),
    "policy-flag-bad": (
        "“{field}”的“{value}”不可用，请写 true 或 false。",
        "“{value}” in “{field}” cannot be used; write true or false.",
    ),
    "policy-category-unknown": (
        "“{field}”的“{value}”不在事项树中，请填写现有事项或大类的编码。",
        "“{value}” in “{field}” is not in the matter tree; give the code of a category or heading.",
    ),
    "calendar-unknown": (
        "“{field}”的“{value}”不是现有日历，可用 {known}。",
        "“{value}” in “{field}” is no calendar there is; use {known}.",
    ),
    "clock-unknown": (
        "“{field}”的“{value}”不是计时种类，可用 {known}。",
        "“{value}” in “{field}” is no clock; use {known}.",
    ),
    "limit-twice": (
        "“{value}”在“{field}”中写了两次时限，请只保留一条。",
        "“{field}” sets the limit of “{value}” twice; keep one of them.",
    ),
    "ladder-twice": (
        "“{value}”的升级阶梯写了两次，请删去一个或改其范围。",
        "There are two ladders for “{value}”; remove one or change what it is for.",
    ),
    "ladder-code-bad": (
        "“{field}”的编码“{value}”不可用，请用 1 至 20 个字符。",
        "The code “{value}” in “{field}” cannot be used; take 1 to 20 characters.",
    ),
    "ladder-for-unknown": (
        "“{field}”的“{value}”不可用，可用 {known}。",
        "“{value}” in “{field}” is not known; use {known}.",
    ),
    "role-unknown": (
        "“{field}”的“{value}”不是岗位，可用 {known}。",
        "“{value}” in “{field}” is no role; use {known}.",
    ),
    "extend-by-unknown": (
        "“{field}”的“{value}”不可用，延期只能由上一级（next-rung）批准。",
        "“{value}” in “{field}” cannot be used; only the next rung (next-rung) grants more time.",
    ),
    "lights-bad": (
        "“{field}”的“{value}”不可用，黄灯须小于红灯，均在 0 到 1 之间，例如 0.8 和 1.0。",
        "“{value}” in “{field}” cannot be used; yellow comes before red, such as 0.8 and 1.0.",
    ),
    "clock-time-bad": (
        "“{field}”的“{value}”不是时刻，请写成 22:00。",
        "“{value}” in “{field}” is no time of day; write it like 22:00.",
    ),
    "quiet-empty": (
        "“{field}”与开始时刻相同（{value}），请改其中一个，或删去整段。",
        "“{field}” is the time it begins ({value}); change one of them or leave the section out.",
    ),
    "category-duplicate": (
        "“{field}”：编码 {value} 出现了两次，请改其中一个。",
        "“{field}”: the code {value} is given twice; change one of them.",
    ),
    "category-parent-missing": (
        "“{field}”：没有上级组 {value}，请先定义该组。",
        "“{field}”: its group {value} is not there; define the group first.",
    ),
    "category-side-unknown": (
        "“{field}”的“{value}”不是责任方，可用 {known}。",
        "“{value}” in “{field}” is no side; use {known}.",
    ),
    "category-word-unknown": (
        "“{field}”的“{value}”没有定义，可用 {known}。",
        "“{value}” in “{field}” is not defined; use {known}.",
    ),
    "category-unit-unknown": (
        "“{field}”的“{value}”单位 {unit} 未知，可用 min、h、d、wh、wd。",
        "“{value}” in “{field}” has the unknown unit {unit}; use min, h, d, wh or wd.",
    ),
    "category-limit-bad": (
        "“{field}”的“{value}”不是时限，请写成 5min、4wh、20wd 或 same-day。",
        "“{value}” in “{field}” is no limit; write 5min, 4wh, 20wd or same-day.",
    ),
    "category-limit-range": (
        "“{field}”的“{value}”超出范围，数值须在 1 至 {limit} 之间。",
        "“{value}” in “{field}” is out of range; the figure must be 1 to {limit}.",
    ),
    "category-sensitivity-bad": (
        "“{field}”的“{value}”不是敏感级别，请用 0、1、2 或 3。",
        "“{value}” in “{field}” is no sensitivity; use 0, 1, 2 or 3.",
    ),
    "category-field-unknown": (
        "没有“{field}”这一项，请检查拼写或删除。",
        "There is no field “{field}”; check the spelling or remove it.",
    ),
    "category-field-bad": (
        "“{field}”的“{value}”不可用，请参照随附的 tree.toml 改正。",
        "“{value}” in “{field}” cannot be used; see the tree.toml that came with the product.",
    ),
    # --- the framework's own, by number ---
    "http-400": (
        "请求无法识别，请重新打开页面再试。",
        "The request cannot be understood; open the page again and retry.",
    ),
    "http-403": ("您没有权限查看此页。", "You may not see this page."),
    "http-404": (
        "没有这个页面，请检查地址或回到首页。",
        "There is no such page; check the address or go to the start page.",
    ),
    "http-405": (
        "此地址不支持这种操作，请从页面上的按钮进入。",
        "This address does not take that kind of request; use the buttons of the pages.",
    ),
    "http-413": (
        "提交的内容过大，请减少照片或缩短文字。",
        "What was sent is too large; send fewer photos or less text.",
    ),
    "http-415": (
        "不支持这种内容格式，请用 JSON 或页面表单。",
        "This kind of content is not taken; use JSON or the form of the page.",
    ),
    "http-422": (
        "请求内容不符合要求，请参照接口文档。",
        "The request does not fit; see the API description.",
    ),
    "http-429": ("请求过于频繁，请稍后再试。", "Too many requests; come back in a moment."),
    "http-500": (
        "系统出错，已记录；请稍后再试，仍不行请联系系统管理员。",
        "Something went wrong here and was logged; try again, then tell the system administrator.",
    ),
}
