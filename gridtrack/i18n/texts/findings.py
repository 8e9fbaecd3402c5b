"""What kinds of faults are called, how much they weigh, and what stands against acting on them.

(zh, en) by code.
"""

TEXTS: dict[str, tuple[str, str]] = {
    "fault-kind-invalid-polygon": ("图形无效", "Invalid polygon"),
    "fault-kind-gap": ("空白", "Gap"),
    "fault-kind-overlap": ("重叠", "Overlap"),
    "fault-kind-outside-parent": ("超出上级", "Outside its parent"),
    "fault-kind-missing-parent": ("缺上级", "No parent"),
    "fault-kind-duplicate-code": ("编码重复", "Code used twice"),
    "fault-kind-empty-level": ("整级为空", "Level without grids"),
    "fault-weight-blocks": ("须先处理", "Blocks"),
    "fault-weight-mend": ("应修正", "To be mended"),
    "fault-weight-note": ("提示", "Note"),
    "edition-other-revision": (
        "网格版本 {id} 在此期间已被修改（现在是第 {revision} 次修改），没有保存；请刷新后再做。",
        (
            "The edition {id} was changed meanwhile (it is at revision {revision} now), nothing "
            "was kept; load the page again."
        ),
    ),
    "faults-none": ("没有选中任何问题，请先勾选。", "No fault was chosen; tick one first."),
    "fault-unknown": (
        "没有编号为“{value}”的问题，请刷新后再选。",
        "There is no fault “{value}”; load the page again.",
    ),
    "repair-snap": ("对齐重复画的边界", "Make borders that were drawn twice one"),
    "repair-snap-how": (
        "相邻网格的边界相差不超过容差的，合为一条；只动边界对不上的网格。",
        "Where neighbours are apart by no more than the tolerance; only grids that do not match.",
    ),
    "repair-close-gap": ("填补小空白", "Close small gaps"),
    "repair-close-gap-how": (
        "宽不超过 10 米的空白，划给与它共边最长、上级相同的网格。",
        "Gaps of at most 10 m go to the neighbour with the longest border on them, same parent.",
    ),
    "repair-drop-duplicate": ("去掉重复的网格", "Drop exact duplicates"),
    "repair-drop-duplicate-how": (
        "同一块地画了两次的，去掉编码较大的一个。",
        "Of two grids that are the same ground, the one with the larger code goes.",
    ),
    "repair-reassign": ("改上级", "Change the parent"),
    "repair-reassign-how": (
        "把网格挂到它大部分所在的上级之下，边界不动。",
        "A grid goes under the parent that most of it lies in; no border moves.",
    ),
    "repair-grid": (
        "{grid}：{before_m2} → {after_m2} 平方米",
        "{grid}: {before_m2} -> {after_m2} m²",
    ),
    "repair-grid-gone": ("{grid}：{before_m2} 平方米，去掉", "{grid}: {before_m2} m², goes"),
    "repair-grid-parent": (
        "{grid}：上级 {parent_before} → {parent}（{after_m2} 平方米）",
        "{grid}: parent {parent_before} -> {parent} ({after_m2} m²)",
    ),
    "repair-sum": (
        "修正 {done} 处，{left} 处不能这样修正；动 {count} 个网格，{moved_m2} 平方米换手。",
        "{done} repaired, {left} left as they are; {count} grids, {moved_m2} m² change hands.",
    ),
    "repair-done": (
        "已按所示修正并重新检查：网格版本 {id} 还有 {left} 处问题。",
        "Done as shown and checked again: the edition {id} has {left} faults left.",
    ),
    "repair-nothing": (
        "没有可以这样修正的地方，没有改动。",
        "Nothing can be repaired this way; nothing was changed.",
    ),
    "repair-unknown": (
        "没有“{value}”这种修正，请从列出的里面选。",
        "There is no repair “{value}”; choose one that is on offer.",
    ),
}
