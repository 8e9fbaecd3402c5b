"""What machines are told: the API, tokens, and reports from files."""

TEXTS: dict[str, tuple[str, str]] = {
    "ogc-title": ("网格与事项（OGC API 要素）", "Grids and matters (OGC API - Features)"),
    "ogc-grids": ("现行网格，第 {level} 级", "Grids in force, level {level}"),
    "ogc-edition": ("网格版本 {id}“{name}”，第 {level} 级", "Edition {id} “{name}”, level {level}"),
    "ogc-incidents": ("未办结事项", "Open matters"),
    "collection-not-found": ("没有图层“{value}”。", "There is no collection “{value}”."),
    "feature-not-found": ("没有要素“{value}”。", "There is no feature “{value}”."),
    "query-unknown": (
        "参数“{field}”不可用（{value}），可用：{known}。",
        "The parameter “{field}” ({value}) is not known here; known are: {known}.",
    ),
    # --- the shape of a request ---
    "body-not-json": (
        "请求正文不是 JSON（{reason}），请检查引号、逗号和 UTF-8 编码。",
        "The body is no JSON ({reason}); check quotes, commas and that it is UTF-8.",
    ),
    "not-sent-as-json": (
        "正文类型“{value}”不收，请以 Content-Type: application/json 发送。",
        "A body of type “{value}” is not taken; send Content-Type: application/json.",
    ),
    "not-sent-as-form": (
        "正文类型“{value}”不收，请以 multipart/form-data 发送，照片放在 photo 字段。",
        "A body of type “{value}” is not taken; send multipart/form-data with the file as “photo”.",
    ),
    "unknown-field": (
        "不认识“{field}”，请删除或改正名称，见 /api/v1/openapi.json。",
        "“{field}” is not known; remove it or correct its name, see /api/v1/openapi.json.",
    ),
    "wrong-type": (
        "“{field}”应为 {expected}，收到的是“{value}”，请改正类型。",
        "“{field}” must be of type {expected}, not “{value}”; send it as that type.",
    ),
    "not-finite": (
        "“{field}”的“{value}”不是有限的数，请填普通的小数。",
        "“{value}” in “{field}” is no finite number; send an ordinary decimal.",
    ),
    "not-one-of": (
        "“{field}”的“{value}”不可用，请用 {known}。",
        "“{value}” in “{field}” cannot be used; use {known}.",
    ),
    "out-of-range": (
        "“{field}”的 {value} 超出范围（最小 {least}，最大 {most}），请改正。",
        "{value} in “{field}” is out of range (least {least}, most {most}); correct it.",
    ),
    "not-usable": (
        "“{field}”的“{value}”不可用：{reason}。请改正。",
        "“{value}” in “{field}” cannot be used: {reason}. Please correct it.",
    ),
    "given-twice": (
        "“{field}”写了不止一次，请只留一个。",
        "“{field}” is given more than once; keep one.",
    ),
    # --- tokens ---
    "token-not-found": (
        "没有令牌 {id}，或不归您管；请查看令牌列表。",
        "There is no token {id}, or none of yours; look at the list of tokens.",
    ),
    "token-span": (
        "“{field}”的 {value} 不可用：有效期须在现在之后，最长 {days} 天。",
        "{value} in “{field}” cannot be used: a token ends in the future, {days} days at most.",
    ),
    "token-permission": (
        "令牌不能有权限“{value}”，请从列表中去掉。",
        "No token can have the permission “{value}”; leave it out.",
    ),
    "token-personal": (
        "权限“{permission}”只能由本人为自己的令牌申请。",
        "Only a person themselves can put the permission “{permission}” into a token of theirs.",
    ),
    "person-not-found": (
        "没有人员 {id}，或账号已停用；请查看名单。",
        "There is no person {id}, or the account is closed; look at the list of people.",
    ),
    "login-unknown": (
        "没有账号“{login}”，请用 gridtrack users list 查看。",
        "There is no login “{login}”; see gridtrack users list.",
    ),
    # --- reports from a file ---
    "not-in-format": (
        "“{field}”的“{value}”不合格式 {format}，请改正时间或用 --at-format 说明格式。",
        "“{value}” in “{field}” is not written as {format}; correct it or state --at-format.",
    ),
    "row-unreadable": (
        "这一行读不出（{reason}）：{value}。请检查引号是否成对。",
        "This row cannot be read ({reason}): {value}. Check that its quotes come in pairs.",
    ),
    "row-cells": (
        "这一行有 {value} 格，表头有 {wanted} 格，请补齐或去掉多余的格。",
        "This row has {value} cells and the header {wanted}; add or remove cells.",
    ),
    "table-broken": (
        "{field} 的表头读不出（{value}），请存成逗号分隔的 CSV。",
        "The header of {field} cannot be read ({value}); save it as CSV with commas.",
    ),
    "table-empty": (
        "{field} 没有表头，请在第一行写列名。",
        "{field} has no header; write the names of the columns in its first line.",
    ),
    "column-twice": (
        "{field} 有两列都叫“{value}”，请改名。",
        "{field} has two columns named “{value}”; rename one.",
    ),
    "table-encoding": (
        "{field} 不是 UTF-8、UTF-16 或 GB 18030 编码的文本，请另存为 UTF-8 的 CSV。",
        "{field} is no text in UTF-8, UTF-16 or GB 18030; save it as CSV in UTF-8.",
    ),
    "import-row": ("第 {line} 行：{fault}", "line {line}: {fault}"),
    "import-keep": (
        "加上 --faults OUT.csv 可把退回的整行连同原因存下来，改好后再导入。",
        "Add --faults OUT.csv to keep the refused rows whole with their reasons; mend and import.",
    ),
    "import-stopped": (
        "已中止；已提交的都是整行，同一命令可从此处继续。",
        "Stopped; whole rows only are in, and the same command goes on from here.",
    ),
    "import-done": (
        "新增 {added} 件，已有 {known} 件，退回 {refused} 行。",
        "{added} added, {known} in already, {refused} rows refused.",
    ),
}
