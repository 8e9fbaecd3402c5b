"""Why something cannot be drawn, and what happened to a draft meanwhile.

(zh, en) by code.
"""

TEXTS: dict[str, tuple[str, str]] = {
    # what was sent
    "draw-nothing": ("没有要保存的修改。", "There is nothing to save."),
    "draw-too-many": (
        "一次最多保存 {most} 步修改，现有 {value} 步；请先保存一部分。",
        "At most {most} steps are saved at once, these are {value}; save some of them first.",
    ),
    "draw-unknown": (
        "没有“{value}”这种修改，可用：{known}。",
        "There is no change “{value}”; there are {known}.",
    ),
    "draw-text": (
        "“{field}”的“{value}”不可用，请填不超过 {most} 字的文字。",
        "“{value}” in “{field}” cannot be used; give a text of at most {most} letters.",
    ),
    "draw-code": (
        "编码“{value}”不可用：不能有“/”和控制字符。",
        "The code “{value}” cannot be used: no “/”, no control characters.",
    ),
    "draw-level": (
        "“{value}”不是网格级别（1 至 {most}）。",
        "“{value}” is no level of a grid (1 to {most}).",
    ),
    "draw-points": (
        "“{field}”要有 2 至 {most} 个点。",
        "“{field}” needs 2 to {most} points.",
    ),
    "draw-point": (
        "“{field}”不是一个点，请给 [经度, 纬度]。",
        "“{field}” is no point; give [longitude, latitude].",
    ),
    # what cannot be done there
    "draw-no-grid": (
        "草稿里没有网格 {grid}，可能已被改动；请刷新后再画。",
        "The draft has no grid {grid}, it may have been changed; load the page again.",
    ),
    "draw-no-vertex": (
        "这里（{value}）没有顶点，可能已被改动；请刷新后再画。",
        "There is no vertex here ({value}), it may have been changed; load the page again.",
    ),
    "draw-no-edge": (
        "这里（{value}）没有边界；请在边界上加点。",
        "There is no border here ({value}); put the vertex on a border.",
    ),
    "draw-corner": (
        "这个点有三条以上边界相接，删去会留下空白；可以移动它。",
        "Three or more borders meet in this vertex, without it a gap would be left; move it.",
    ),
    "draw-collapsed": (
        "这样网格就没有面积了；请换一个位置。",
        "The grid would have no ground left; choose another place.",
    ),
    "draw-line-short": (
        "分割线没有把网格分开；请从一侧边界画到另一侧边界。",
        "The line does not divide the grid; draw it from border to border.",
    ),
    "draw-line-parts": (
        "分割线要把网格分成两块，不能更多；请只穿过一次。",
        "The line must make two parts and no more; cross the grid once.",
    ),
    "draw-not-siblings": (
        "{grid} 和 {value} 不是同一上级的同级网格，不能合并。",
        "{grid} and {value} are not of one level under one parent and cannot be merged.",
    ),
    "draw-apart": (
        "{grid} 与这块地没有共同的边界，不能连成一片。",
        "{grid} and this ground share no border and cannot become one piece.",
    ),
    "draw-crossing": (
        "画的边界自相交或不足三个点；请重画。",
        "The drawn border crosses itself or has fewer than three points; draw it again.",
    ),
    "draw-of-another": (
        "{grid} 属于另一个上级，不能从中划出；请先移动两者的边界，或改上级。",
        "{grid} has another parent, nothing is cut out of it; move the border, or change parents.",
    ),
    "draw-in-pieces": (
        "空地被其他网格隔成几块，一个网格只能是一块；请分别画。",
        "The free ground is in pieces, and a grid is one; draw them one by one.",
    ),
    "draw-swallows": (
        "网格 {grid} 会被整个占去；请用合并。",
        "Nothing would be left of grid {grid}; merge instead.",
    ),
    "draw-cuts": (
        "网格 {grid} 会断成几块；请改画，或先分割。",
        "Grid {grid} would fall into pieces; draw it otherwise, or split it first.",
    ),
    "draw-has-children": (
        "网格 {value} 下面还有网格；请先处理下级。",
        "There are grids below {value}; deal with them first.",
    ),
    "draw-last-child": (
        "{grid} 是 {parent} 下最后一个网格，不能拿走；请改为合并上级。",
        "{grid} is the last grid of {parent} and stays; merge the parents instead.",
    ),
    "draw-no-parent": (
        "上一级没有网格“{value}”；请从上一级选择。",
        "There is no grid “{value}” one level above; choose one of those.",
    ),
    "draw-code-taken": (
        "编码 {grid} 已有网格使用；请换一个。",
        "The code {grid} is taken; choose another.",
    ),
    "draw-makes-crossing": (
        "这样 {grids} 的边界会自相交，没有改动；请换一个位置。",
        "The border of {grids} would cross itself; nothing was changed, choose another place.",
    ),
    "draw-makes-gap": (
        "这样第{level}级 {grids} 之间会留下空白（{size}），没有改动。",
        "That would leave a gap of {size} at {grids} on level {level}; nothing was changed.",
    ),
    "draw-makes-overlap": (
        "这样第{level}级 {grids} 会重叠（{size}），没有改动。",
        "{grids} of level {level} would share {size}; nothing was changed.",
    ),
    "draw-makes-outside": (
        "这样 {grids} 中前者会超出上级（{size}），没有改动；请沿下级边界画，或先分割下级。",
        (
            "Of {grids}, the first would leave its parent by {size}; nothing was changed. Follow "
            "the borders of the level below, or split those first."
        ),
    ),
    # who may, and what others did
    "draw-outside-scope": (
        "这会改动您范围以外的网格：{grids}；请由街道修改共同边界。",
        "This changes grids outside your scope: {grids}; the street moves borders that are shared.",
    ),
    "edition-changed": (
        (
            "{by} 已在 {at} 修改了这份草稿（第 {revision} 次），您的修改没有保存，也没有丢失；"
            "请载入后再保存。"
        ),
        (
            "{by} changed this draft at {at} (revision {revision}). Yours was not saved and is not "
            "lost: load theirs and save again."
        ),
    ),
    "edit-not-found": (
        "没有这次修改（{id}），请刷新后再看。",
        "There is no such change ({id}); load the page again.",
    ),
    "edit-undone": (
        "这次修改已经撤销过了。",
        "This change was undone already.",
    ),
    "edit-built-upon": (
        "之后又改了同一网格（{grids}），不能撤销；请先撤销后面的修改。",
        "{grids} were changed again since; undo what came later first.",
    ),
}
