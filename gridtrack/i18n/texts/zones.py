"""Estates and units beside the grids: what is wrong with one, and what stands in its way.

(zh, en) by code.
"""

TEXTS: dict[str, tuple[str, str]] = {
    "zone-empty": (
        "“{value}”没有面状的范围；请画出或输入至少三个拐点。",
        "“{value}” has no area; draw it, or type three corners at least.",
    ),
    "zone-invalid": (
        "“{value}”的范围不是有效的多边形（{reason}，位置 {place}）；请改正后再提交。",
        "The outline of “{value}” is no valid polygon ({reason} at {place}); mend it.",
    ),
    "zone-overlap": (
        "“{value}”与同类的“{other}”重叠约 {size} 平方米；请把其中一个的边界移开。",
        "“{value}” overlaps “{other}”, which is of the same kind, by {size} m²; move one of them.",
    ),
    "zone-outside": (
        "“{value}”不在任何网格内；请核对坐标和坐标系。",
        "“{value}” lies in no grid at all; check its coordinates and their datum.",
    ),
    "zone-code-taken": (
        "编码“{value}”已有小区或单位在用；请换一个，或修改原来的。",
        "The code “{value}” is in use; take another, or change the zone that has it.",
    ),
    "zone-code-bad": (
        "编码“{value}”只能用字母、数字、点和横线，最多 64 个字符。",
        "The code “{value}” may have letters, digits, dots and dashes only, 64 at most.",
    ),
    "zone-code-kept": (
        "修改范围时编码不变：原为“{was}”，现为“{value}”。要换编码，请先结束原来的，再新画一个。",
        "A zone keeps its code “{was}” when it is changed; for “{value}” let it end and draw anew.",
    ),
    "zone-date-past": (
        "“{field}”的“{value}”已经过去；请选今后的时间，留空为现在。",
        "“{value}” in “{field}” is over; choose an instant to come, or leave it empty for now.",
    ),
    "zone-changed": (
        "这个小区或单位刚被修改或结束；请打开最新的再操作。您填写的内容还在下面。",
        "This zone was changed or ended meanwhile; open the newest. What you typed is below.",
    ),
    "zone-not-found": ("没有这个小区或单位：{id}", "There is no such estate or unit: {id}"),
    "zones-none": (
        "文件“{value}”里没有小区或单位。",
        "There is no estate or unit in the file “{value}”.",
    ),
    "outline-line": (
        "范围第 {line} 行“{value}”不是“经度, 纬度”；请按 119.52, 27.40 这样写。",
        "Line {line} of the outline, “{value}”, is no place; write it like 119.52, 27.40.",
    ),
    "outline-short": (
        "范围有一圈只有 {value} 个拐点，至少要三个不同的。",
        "A ring of the outline has {value} corners; it takes three different ones at least.",
    ),
    "outline-long": (
        "范围有 {value} 个拐点，最多 {most} 个；请改用文件导入。",
        "The outline has {value} corners, {most} at most; import it as a file instead.",
    ),
    "field-outline": ("范围", "outline"),
    "field-manager": ("物业", "property manager"),
    "field-begins": ("开始时间", "begins"),
}
