"""The door-plate book: why rows cannot come in, why a plate is offered, what an import did.

(zh, en) by code.
"""

TEXTS: dict[str, tuple[str, str]] = {
    # rows and fields
    "door-formula": (
        "“{field}”以 = + - @ 开头，像是公式：{value}；请改为文字本身。",
        "{field} begins like a formula: {value}; give the text itself.",
    ),
    "door-aliases": (
        "别名有 {value} 个，最多 {limit} 个；请只留人们会说的。",
        "There are {value} aliases and at most {limit} may be; keep those that people say.",
    ),
    "door-households": (
        "“{field}”的“{value}”不是户数，请写整数，不清楚就留空。",
        "“{value}” in {field} is no number of households; write a whole number or leave it empty.",
    ),
    "door-twice": (
        "“{value}”在文件前面已出现过，内容不同；请只留一行，或用 key 列区分。",
        "“{value}” stood before in this file with other content; keep one, or give each a key.",
    ),
    "door-outside-scope": (
        "“{value}”不在您的范围内，未导入；请由街道导入，或补上坐标。",
        "“{value}” is not in your scope; let the street import it, or give its point.",
    ),
    "door-column": (
        "文件没有“{value}”列（用于 {field}）。现有的列：{there}",
        "The file has no column “{value}” (for {field}). It has: {there}",
    ),
    "door-column-none": (
        "没有地址、道路或小区列，认不出门牌；请指定一列。现有的列：{there}",
        "No column is the address, road or estate; name one. There are: {there}",
    ),
    "door-column-half": (
        "经度、纬度只有一列，还缺 {field}；请一并指定。现有的列：{there}",
        "Only one of longitude and latitude is named; name {field} too. There are: {there}",
    ),
    "door-map": (
        "{field}：“{value}”应写成 字段=列名。",
        "{field}: write “{value}” as FIELD=COLUMN.",
    ),
    "import-point-half": (
        "坐标要有 --lon、--lat 和 --datum 三项，还缺 {field}。",
        "A point takes --lon, --lat and --datum; {field} is missing.",
    ),
    "import-no-place": (
        "没有说明位置：请用 --lon、--lat、--datum 指定坐标列，或用 --address 指定地址列。",
        "Nothing says where: name the point with --lon, --lat and --datum, or --address.",
    ),
    "door-unknown": (
        "所选门牌已不在门牌库里，请重新选择，或直接写明地址。",
        "The chosen plate is in the book no more; choose again, or leave the address in words.",
    ),
    "door-choose": (
        "门牌库里有 {count} 处相近的地址，请选一处，或选“都不是”。",
        "The book has {count} addresses like this; choose one, or “none of these”.",
    ),
    "door-not-found": ("没有这块门牌。", "There is no such door plate."),
    "door-there": (
        "门牌库里已有这一门牌（编号 {id}），请改那一条。",
        "The book already has this plate (number {id}); change that one.",
    ),
    "door-version": (
        "这块门牌刚被别人改过（您看到的是第 {given} 版，现在是第 {version} 版）；请看过再改。",
        "Somebody changed this plate meanwhile (you saw {given}, it is {version}); look again.",
    ),
    "door-ending": (
        "{value} 不是 .csv、.csv.gz 或 .xlsx 文件；请另存为其中一种。",
        "{value} is no .csv, .csv.gz or .xlsx file; save it as one of these.",
    ),
    "task-doors-import": ("导入门牌", "Bringing door plates in"),
    "phase-doors": ("正在读入门牌", "Reading the plates"),
    "door-stray-pointless": ("没有坐标", "no point"),
    "door-stray-outside": ("不在任何网格", "in no grid"),
    "door-stray-overlap": ("在多个网格", "in several grids"),
    "door-unmanned": ("无人在岗", "nobody on duty"),
    "door-size-small": ("偏小", "small"),
    "door-size-large": ("偏大", "large"),
    "door-coverage": (
        (
            "{edition}：门牌 {addresses} 块，{households} 户；在多个网格 {overlap} 块，"
            "不在任何网格 {outside} 块，没有坐标 {pointless} 块；"
            "基础网格 {leaves} 个，偏小 {small} 个，偏大 {large} 个，无人在岗 {unmanned} 个。"
        ),
        (
            "{edition}: {addresses} plates, {households} households; {overlap} in several grids, "
            "{outside} in none, {pointless} without a point; {leaves} base grids, {small} small, "
            "{large} large, {unmanned} without anybody on duty."
        ),
    ),
    "cell-formula": (
        "“{field}”是公式 {value}；请在表格里“选择性粘贴为数值”后再导入。",
        "{field} is a formula, {value}; paste it as a value in the workbook and import again.",
    ),
    "cell-date": (
        "“{field}”被表格当成日期 {value}；请把单元格设为文本后重新填写。",
        "The spreadsheet made a date of {field}: {value}; set the cell to text and write it again.",
    ),
    "workbook-old": (
        "{value} 是旧版 Excel（.xls）；请另存为 .xlsx 或 UTF-8 的 CSV。",
        "{value} is an old Excel file (.xls); save it as .xlsx or as CSV in UTF-8.",
    ),
    "workbook-broken": (
        "{value} 不是可读的 Excel 工作簿（{reason}）；请用表格软件重新另存为 .xlsx。",
        "{value} is no readable Excel workbook ({reason}); save it anew as .xlsx.",
    ),
    # what an import did
    "door-columns": ("列：{pairs}；坐标系：{datum}", "columns: {pairs}; datum: {datum}"),
    "door-imported": (
        (
            "新增 {added} 块，更改 {changed} 块，未变 {same} 块，重复 {again} 行，"
            "退回 {refused} 行；其中 {pointless} 块没有坐标，{nowhere} 块不在任何网格。"
        ),
        (
            "{added} added, {changed} changed, {same} unchanged, {again} repeated, {refused} rows "
            "refused; {pointless} without a point, {nowhere} in no grid."
        ),
    ),
    "door-previewed": (
        (
            "只是预览：将新增 {added} 块，更改 {changed} 块，未变 {same} 块，重复 {again} 行，"
            "退回 {refused} 行；其中 {pointless} 块没有坐标，{nowhere} 块不在任何网格。"
        ),
        (
            "Only a preview: {added} would be added, {changed} changed, {same} are unchanged, "
            "{again} repeated, {refused} rows refused; {pointless} without a point, {nowhere} in "
            "no grid."
        ),
    ),
    "door-datum-doubt": (
        (
            "坐标系可能有误：声明为 {datum}，若按 {better} 换算，落在应在网格里的点明显更多；"
            "请核对后再导入。"
        ),
        (
            "The datum may be wrong: {datum} was declared, but as {better} clearly more points "
            "would lie where they should; check it before you import."
        ),
    ),
    # why a plate is offered
    "door-why-exact": ("完全一致", "exact"),
    "door-why-alias": ("别名一致", "by another name"),
    "door-why-prefix": ("开头一致", "begins like this"),
    "door-why-fuzzy": ("相近", "nearly alike"),
    # fields
    "field-key": ("编号", "key"),
    "field-town": ("镇街", "town"),
    "field-road": ("道路", "road"),
    "field-number": ("号", "number"),
    "field-estate": ("小区", "estate"),
    "field-building": ("楼幢", "building"),
    "field-unit": ("单元", "unit"),
    "field-aliases": ("别名", "aliases"),
    "field-households": ("户数", "households"),
    "field-kind": ("类型", "kind"),
}
