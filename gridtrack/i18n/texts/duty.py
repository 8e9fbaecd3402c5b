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
    "roster-key-unknown": (
        "“{field}”中不认识“{value}”；可用的键见 docs/operations.md 的“排班表”一节。",
        "“{value}” in “{field}” is no known key; docs/operations.md lists them under Rosters.",
    ),
    "roster-file-empty": (
        "“{field}”里没有排班表；每张表以 [[roster]] 开头。",
        "“{field}” holds no roster; each begins with [[roster]].",
    ),
    "roster-file-bad": (
        "文件“{field}”无法读取：{reason}。请另存为 UTF-8 的 .toml 或 .csv。",
        "The file “{field}” cannot be read: {reason}. Save it as UTF-8, .toml or .csv.",
    ),
    "roster-file-long": (
        "“{field}”超过 {value} 行；请按月或按社区分成几个文件。",
        "“{field}” has more than {value} lines; split it by month or by community.",
    ),
    "roster-twice": (
        "“{field}”里编码“{value}”出现两次；请合并或改一个。",
        "“{field}” has the code “{value}” twice; merge the two or change one.",
    ),
    "roster-columns": (
        "“{field}”缺少列：{value}；需要 日期、开始、结束、值班人、岗位。",
        "“{field}” lacks the columns {value}; it needs date, from, to, people, role.",
    ),
    "roster-table-bad": (
        "“{field}”要写成 [[roster.shift]] 或 [[roster.dated]] 的列表。",
        "“{field}” must be a list: [[roster.shift]] or [[roster.dated]].",
    ),
    "roster-people-bad": (
        '“{field}”要写成登录名的列表，如 ["zhang", "li+wang"]。',
        '“{field}” must be a list of logins, such as ["zhang", "li+wang"].',
    ),
    "roster-flag-bad": (
        "“{field}”的“{value}”应为 true 或 false。",
        "“{value}” in “{field}” must be true or false.",
    ),
    "roster-text-bad": (
        "“{field}”的“{value}”应为一行文字，最多 {most} 字。",
        "“{value}” in “{field}” must be one line of text, {most} characters at most.",
    ),
    "roster-word-bad": (
        "“{field}”的“{value}”不可用；可用：{known}。",
        "“{value}” in “{field}” is not known; use one of: {known}.",
    ),
    "roster-hours-bad": (
        "“{field}”的“{value}”不是时段，请写成 18:00-08:00。",
        "“{value}” in “{field}” are no hours; write 18:00-08:00.",
    ),
    "roster-shift-empty": (
        "“{field}”的“{value}”时长为零；整天请写 08:00-08:00+1（次日同一时刻）。",
        "“{value}” in “{field}” has no length; for a whole day write 08:00-08:00+1.",
    ),
    "roster-shift-long": (
        "“{field}”的“{value}”超过 24 小时；请分成两个班次。",
        "“{value}” in “{field}” is longer than 24 hours; make two shifts of it.",
    ),
    "roster-days-bad": (
        (
            "“{field}”的“{value}”不可用；请写 every、workdays、holidays、"
            "星期（mon tue）或每月几日（5 15 25）。"
        ),
        (
            "“{value}” in “{field}” names no days; write every, workdays, holidays, weekdays "
            "(mon tue) or days of the month (5 15 25)."
        ),
    ),
    "roster-ground": (
        "岗位“{role}”与范围不相符：物业排班要选小区，其他岗位选网格。",
        "The role “{role}” does not go with that ground: property needs an estate, others a grid.",
    ),
    "roster-scope-unknown": (
        "现行网格和小区中没有“{value}”；请从列表中选择。",
        "“{value}” is no grid in force and no estate; choose one of the list.",
    ),
    "roster-no-shift": (
        "排班表“{value}”没有任何班次；请至少写一个。",
        "The roster “{value}” has no shift at all; give it one at least.",
    ),
    "roster-nobody": (
        "{field}（{value}）没有排任何人；请填写值班人，或删去这个班次。",
        "Nobody is on {field} ({value}); name people, or leave the shift out.",
    ),
    "roster-date-outside": (
        "{value} 不在排班表的起止日期内；请改日期或延长排班表。",
        "{value} is outside the dates of the roster; change the date, or let the roster last.",
    ),
    "roster-off-people": (
        "{value} 写了停班又写了值班人；请只留一样。",
        "{value} is off and yet names people; keep one of the two.",
    ),
    "roster-overlap": (
        "{name}同时在两个班次上：{one} 与 {other}；请调整其中一个。",
        "{name} would be on two shifts at once: {one} and {other}; move one of them.",
    ),
    "roster-person-unknown": (
        "“{value}”没有对应的人员（或重名，请写登录名）；可排的人：{known}。",
        "“{value}” is nobody here (or two have that name: write the login); there are: {known}.",
    ),
    "roster-person-no-post": (
        "“{value}”在这个范围没有“{role}”岗位；先给岗位，或改排：{known}。",
        "“{value}” has no post as {role} over that ground; give one first, or take: {known}.",
    ),
    # --- notices -------------------------------------------------------------------------------
    "duty-hole-title": ("空班：{roster}", "Nobody on duty: {roster}"),
    "duty-hole-empty": (
        "{begin} 至 {end} 没有排人；请在排班表上补人。",
        "{begin} to {end}: the shift names nobody; put somebody on it.",
    ),
    "duty-hole-leave": (
        "{begin} 至 {end} {people}请假，无人替岗；请安排替岗或换班。",
        "{begin} to {end}: {people} on leave and nobody stands in; name a deputy, or swap.",
    ),
    "duty-hole-uncovered": (
        "{begin} 至 {end} 没有班次；请增加班次。",
        "{begin} to {end}: no shift covers it; add one.",
    ),
    "duty-swap-asked-title": ("{giver}请您替班", "{giver} asks you to take a shift"),
    "duty-swap-done-title": ("换班已生效：{taker}替{giver}", "Swapped: {taker} for {giver}"),
    "duty-swap-declined-title": ("{taker}未接受换班", "{taker} did not take the shift"),
    "duty-swap-refused-title": ("换班未获批准", "The swap was not approved"),
    "duty-swap-withdrawn-title": ("{giver}撤回了换班", "{giver} took the swap back"),
    "duty-swap": ("{roster}：{begin} 至 {end}", "{roster}: {begin} to {end}"),
    # --- leave, swaps, notes -------------------------------------------------------------------
    "leave-not-found": ("没有编号为 {id} 的请假。", "There is no such leave ({id})."),
    "leave-over": (
        "“{field}”的 {value} 已经过去；请假要到现在以后。",
        "{value} in “{field}” is over already; a leave ends in the future.",
    ),
    "leave-twice": (
        "这段时间已有请假；请先撤回原来的。",
        "There is a leave in that time already; take it back first.",
    ),
    "deputy-self": (
        "替岗人不能是本人；请选别人。",
        "Nobody stands in for themselves; choose another.",
    ),
    "deputy-away": (
        "{value}这段时间也请假；请选别人替岗。",
        "{value} is on leave in that time too; choose another.",
    ),
    "swap-not-yours": (
        "这个班次（{roster}）不是您的。",
        "That shift of {roster} is not yours.",
    ),
    "swap-past": ("{value} 的班次已结束。", "The shift of {value} has ended."),
    "shift-not-found": (
        "{value} 没有这个班次；请从“我的班次”选择。",
        "There is no such shift on {value}; choose one of “My shifts”.",
    ),
    "swap-self": ("不能与自己换班；请选别人。", "Nobody swaps with themselves; choose another."),
    "swap-on-it": (
        "{value}已在这个班次上；请选别人。",
        "{value} is on that shift already; choose another.",
    ),
    "swap-on-leave": (
        "{value}那时请假；请选别人，或先撤回请假。",
        "{value} is on leave then; choose another, or take the leave back first.",
    ),
    "swap-overlap": (
        "{value}那时在别的班次上（{other}）；请选别人。",
        "{value} is on another shift then ({other}); choose another.",
    ),
    "swap-no-post": (
        "所选人员没有“{role}”岗位，不能上这个班；请从列表中选择。",
        "That person has no post as {role} there; choose one of the list.",
    ),
    "swap-asked": (
        "这个班次已经请人替班；请等答复，或先撤回。",
        "Somebody was asked to take this shift already; wait, or take that back first.",
    ),
    "swap-settled": (
        "这次换班已有结果；请刷新。",
        "This swap is settled already; reload the page.",
    ),
    "swap-shift-changed": (
        "{value} 的班次已改，不能再换；请重新提出。",
        "The shift of {value} was changed meanwhile; ask anew.",
    ),
    "swap-own-decision": (
        "自己的换班要由别人批准。",
        "A swap of one's own is decided by somebody else.",
    ),
    "note-not-yours": (
        "只有{roster}当班或刚下班的人能写交接记录。",
        "Only whoever is or was on shift of {roster} within a day leaves a note.",
    ),
    "note-not-next": (
        "只有{roster}的接班人能签收交接记录。",
        "Only whoever is on next of {roster} takes the note over.",
    ),
    "note-not-found": ("没有编号为 {id} 的交接记录。", "There is no handover note {id}."),
    "swap-not-found": ("没有编号为 {id} 的换班。", "There is no swap {id}."),
}
