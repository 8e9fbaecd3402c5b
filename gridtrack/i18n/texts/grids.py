"""What a check of grids finds, and why rows or coordinates cannot be used.

(zh, en) by code; findings are "grid-" + fault code (+ kind), made by `grids.explain`.
"""

from gridtrack.i18n.texts import grid_files

_FEATURE = grid_files.FEATURE

TEXTS: dict[str, tuple[str, str]] = {
    # findings of a check
    "grid-invalid-polygon": (
        (
            "第{level}级网格 {grids} 的图形无效：{reason}。修复会使面积变化 {size}；请在图上改正，"
            "或用 --accept invalid-polygon 按修复后的图形导入。"
        ),
        (
            "Level {level} grid {grids} is no valid polygon: {reason}. Repair changes its area by "
            "{size}; redraw it, or import the repaired form with --accept invalid-polygon."
        ),
    ),
    "grid-gap-hole": (
        "第{level}级有空白：{grids} 之间 {size}（宽 {width_m} 米）不属于任何网格；请划入其中之一。",
        (
            "Level {level} has a gap: {size} ({width_m} m wide) between {grids} belong to no grid; "
            "add them to one of these."
        ),
    ),
    "grid-gap-uncovered": (
        "{grids} 内有 {size}（宽 {width_m} 米）没有第{level}级网格；请补画，或划入相邻网格。",
        (
            "{size} ({width_m} m wide) inside {grids} have no grid of level {level}; draw one, or "
            "add them to a neighbour."
        ),
    ),
    "grid-overlap": (
        "第{level}级网格 {grids} 重叠 {size}（宽 {width_m} 米）；请把这块地只划给一个网格。",
        (
            "Level {level} grids {grids} share {size} ({width_m} m wide); give this ground to one "
            "of them."
        ),
    ),
    "grid-outside-parent": (
        (
            "第{level}级网格 {grids}：前者有 {size}（最远 {farthest_m} 米）在后者（上级）之外；"
            "请改边界，或改上级。"
        ),
        (
            "Level {level}, {grids}: {size} of the first (up to {farthest_m} m) lie outside the "
            "second, its parent; move the border or change the parent."
        ),
    ),
    "grid-missing-parent-none": (
        "第{level}级网格 {grids} 没有填上级；请填上一级的网格编码。",
        "Level {level} grid {grids} names no parent; give the code of a grid one level above.",
    ),
    "grid-missing-parent-unknown": (
        "第{level}级网格 {grids} 的上级“{parent}”不在上一级里；请改编码，或补上这个网格。",
        (
            "The parent “{parent}” of level {level} grid {grids} is not in the level above; "
            "correct the code, or add that grid."
        ),
    ),
    "grid-missing-parent-second": (
        "第{level}级网格 {grids} 有不止一个上级：{parent}；只能留一个。",
        "Level {level} grid {grids} has more than one parent: {parent}; keep one.",
    ),
    "grid-duplicate-code": (
        "编码 {grids} 用了 {count} 次；每个网格要有自己的编码。",
        "The code {grids} is used {count} times; every grid needs its own.",
    ),
    "grid-empty-level": (
        "第{level}级没有网格；请加上这一级的文件，或用 --depth 说明只有几级。",
        "Level {level} has no grids; add its file, or say with --depth how many levels there are.",
    ),
    # why a polygon is not valid
    "grid-reason-self-intersection": ("边界自相交", "its border crosses itself"),
    "grid-reason-ring-self-intersection": ("边界碰到自己", "its border touches itself"),
    "grid-reason-hole-lies-outside-shell": ("洞在外边界之外", "a hole lies outside of it"),
    "grid-reason-holes-are-nested": ("洞里套洞", "a hole lies in a hole"),
    "grid-reason-interior-is-disconnected": ("内部被洞切断", "holes cut it in two"),
    "grid-reason-nested-shells": ("各块互相包含", "one part lies within another"),
    "grid-reason-duplicate-rings": ("同一个环画了两次", "a ring is drawn twice"),
    "grid-reason-too-few-points-in-geometry-component": ("点太少", "it has too few points"),
    "grid-reason-empty": ("没有图形", "it has no shape"),
    "grid-reason-other": ("图形不合规则", "it breaks the rules of polygons"),
    # coordinates
    "coordinate-missing": (
        "缺少“{field}”，请填以度为单位的小数，如 119.506。",
        "“{field}” is missing; give decimal degrees such as 119.506.",
    ),
    "coordinate-not-a-number": (
        "“{field}”的“{value}”不是坐标，请填以度为单位的小数，如 119.506。",
        "“{value}” in “{field}” is no coordinate; give decimal degrees such as 119.506.",
    ),
    "coordinate-out-of-range": (
        "“{field}”的 {value} 超出范围（±{most}）；若是以米为单位的坐标，请先换算成经纬度。",
        "{value} in “{field}” is out of range (±{most}); turn coordinates in metres into degrees.",
    ),
    "coordinates-swapped": (
        "“{field}”的 {value} 不可能是纬度，像是经纬度颠倒；请先经度后纬度。",
        (
            "{value} in “{field}” cannot be a latitude, longitude and latitude look swapped; "
            "longitude comes first."
        ),
    ),
    "coordinate-zero": (
        "经纬度是 0, 0，多半是定位失败或空值；请重新定位或在地图上选点。",
        (
            "The coordinates are 0, 0, most likely a failed fix or empty fields; locate again or "
            "choose the point on the map."
        ),
    ),
    # rows as grids
    "grid-field-unknown": (
        "“{value}”不是网格的字段，可用：{known}；请写成 --map code=字段名。",
        "“{value}” is no field of a grid; there are {known}; write --map code=FIELD.",
    ),
    "grid-field-missing": (
        "文件 {file} 里没有字段“{value}”，现有：{there}；请用 --map 说明，例如 --map code=字段名。",
        (
            "{file} has no field “{value}”; there are {there}; name the right one, as in --map "
            "code=FIELD."
        ),
    ),
    "grid-code-empty": (
        "文件 {file} 有网格没填编码（字段 {value}）" + _FEATURE[0] + "；请补上。",
        "A grid of {file} has no code in the field {value} " + _FEATURE[1] + "; add it.",
    ),
    "grid-code-bad": (
        "文件 {file} 的编码“{value}”不可用" + _FEATURE[0] + "：最多 64 字，不能有“/”和控制字符。",
        "The code “{value}” in {file} cannot be used "
        + _FEATURE[1]
        + ": at most 64 letters, no “/”, no control characters.",
    ),
    "grid-level": (
        "“{value}”不是网格级别（1 至 9）" + _FEATURE[0] + "；请改正。",
        "“{value}” is no level of a grid (1 to 9) " + _FEATURE[1] + "; correct it.",
    ),
    "grid-not-polygon": (
        "文件 {file} 里有 {value}" + _FEATURE[0] + "，网格要是面；请删去或改画成面。",
        "{file} has a {value} " + _FEATURE[1] + " where a grid must be a polygon; delete or "
        "redraw it.",
    ),
    "grid-files": (
        "请给一个文件，或用 --level 1=文件 --level 2=文件 --level 3=文件 逐级给出，二者选一。",
        "Give one FILE, or one per level with --level 1=F1 --level 2=F2 --level 3=F3, not both.",
    ),
    "grid-option": (
        "“{value}”的写法不对，请写成 {wanted}。",
        "“{value}” is not written as it must be: {wanted}.",
    ),
    "tolerance": (
        "容差 {value} 不可用，请给 0 至 {most} 米之间的数。",
        "The tolerance {value} cannot be used; give 0 to {most} metres.",
    ),
    # the import, the route
    "grids-faulty": (
        "网格有 {count} 处问题，没有导入：{value}。请改正，或用 --accept 逐类接受。",
        (
            "The grids have {count} faults and were not imported: {value}. Correct them, or accept "
            "them by kind with --accept."
        ),
    ),
    "grids-none": (
        "文件里没有网格，没有导入；请检查文件。",
        "The files hold no grids, nothing was imported; check them.",
    ),
    "fault-code-unknown": (
        "“{value}”不是检查结果的类别，可用：{known}。",
        "“{value}” is no code of a finding; there are {known}.",
    ),
    "edition-in-the-past": (
        "不能从过去的时间（{value}）启用：那时已有网格在用；请给现在或以后的时间。",
        "An edition cannot begin in the past ({value}): others were in force; give a later time.",
    ),
    "edition-draft": ("草稿", "draft"),
    "edition-checked": ("已检查", "checked"),
    "edition-scheduled": ("定时启用", "scheduled"),
    "edition-discarded": ("已作废", "discarded"),
    "edition-active": ("启用", "active"),
    "edition-retired": ("已停用", "retired"),
    "edition-begins": ("网格版本 {id} 自 {at} 起启用。", "Edition {id} is in force from {at} on."),
    "grids-checking": ("检查网格", "Checking grids"),
    "grids-storing": ("存入网格", "Storing grids"),
    "grids-exporting": ("写出网格", "Writing grids"),
    "grids-exported": ("已写入 {value}，共 {count} 条。", "Wrote {count} rows to {value}."),
    "export-format": (
        "“{value}”的扩展名不认识，请用 .geojson、.gpkg、.zip 或 .csv，或给出 {field}。",
        "The ending of “{value}” is unknown; use .geojson, .gpkg, .zip or .csv, or give {field}.",
    ),
    "export-empty": (
        "没有可导出的网格（{value}），请检查版本和路径。",
        "There are no grids to export ({value}); check the edition and the path.",
    ),
    "grids-routing": ("查找网格", "Finding grids"),
    "grids-more": (
        "……还有 {count} 处，全部见 --json 的文件。",
        "… and {count} more; --json has all of them.",
    ),
    "grids-clean": (
        "{count} 个网格，容差 {tolerance} 米，没有问题。",
        "{count} grids, tolerance {tolerance} m: no faults.",
    ),
    "grids-found": (
        "{count} 个网格，容差 {tolerance} 米，{faults} 处问题：{value}。",
        "{count} grids, tolerance {tolerance} m: {faults} faults: {value}.",
    ),
    "grids-within": (
        "另有容差 {tolerance} 米以内的：{value}。",
        "Besides, within the tolerance of {tolerance} m: {value}.",
    ),
    "grids-drafted": (
        "已存为草稿：网格版本 {id}“{name}”，{count} 个网格；启用：grids activate {id}。",
        "Stored as a draft: edition {id} “{name}”, {count} grids; next: grids activate {id}.",
    ),
    "grids-activated": (
        "已存入并启用：网格版本 {id}“{name}”，{count} 个网格。",
        "Stored and in force: edition {id} “{name}”, {count} grids.",
    ),
    "grids-routed": ("{count} 行：{value}。", "{count} rows: {value}."),
    "grids-row": ("第 {row} 行：{fault}", "Row {row}: {fault}"),
    "grids-row-faults": ("不可用的行共计：{value}。", "Unusable rows in all: {value}."),
    "points-column-missing": (
        "文件 {file} 没有“{value}”列，现有：{there}；请用 --lon、--lat 说明。",
        "{file} has no column “{value}”; there are {there}; name it with --lon and --lat.",
    ),
    "table-unreadable": (
        "文件 {file} 第 {line} 行读不出（{reason}）；请存成 UTF-8 的 CSV。",
        "{file} cannot be read at line {line} ({reason}); save it as CSV in UTF-8.",
    ),
}
