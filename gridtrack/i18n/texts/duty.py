"""Rosters: why somebody is or is not on duty, what is wrong with a roster, holes.

(zh, en) by code.
"""

TEXTS: dict[str, tuple[str, str]] = {
    # --- why it is this person's ---------------------------------------------------------------
    "why-on-shift": (
        "{grid}当班网格员：{name}（值班至 {until}）",
        "{name} is on shift for grid {grid} until {until}",
    ),
    "why-off-shift-until": (
        "{name}不在班，{until} 起值班",
        "Off shift until {until}: {name}",
    ),
    "why-off-shift": ("{name}不在班", "Off shift: {name}"),
    # --- what is wrong with a roster -----------------------------------------------------------
    "roster-not-found": ("没有编号为 {id} 的排班表。", "There is no roster {id}."),
    "roster-code-taken": (
        "编码“{value}”已有排班表在用；请换一个，或修改原来的。",
        "The code “{value}” is in use; take another, or change the roster that has it.",
    ),
    "roster-changed": (
        "排班表已被他人修改；请刷新后重新填写。",
        "Somebody has changed this roster meanwhile; reload it and enter your change again.",
    ),
    "swap-not-found": ("没有编号为 {id} 的换班。", "There is no swap {id}."),
}
