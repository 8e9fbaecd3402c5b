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
}
