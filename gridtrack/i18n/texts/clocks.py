"""Calendars and working time: what cannot be used, and the way out.

(zh, en) by error code; the placeholders are the params of the error.
"""

TEXTS: dict[str, tuple[str, str]] = {
    # --- clocks ---
    "clock-acknowledge": ("签收", "acknowledge"),
    "clock-arrive": ("到场", "arrive"),
    "clock-resolve": ("办结", "resolve"),
    "clock-supervise": ("督办答复", "answer the order"),
    "hold-too-long": (
        "“{field}”的 {value} 超出可挂起的期限，最晚 {latest}；需要更久请申请延期。",
        "{value} in “{field}” is longer than it may rest; {latest} is the latest, or ask for time.",
    ),
    "condition-unknown": (
        "“{field}”的“{value}”不是该类事项的立案条件，可用：{known}。",
        "“{value}” in “{field}” is no filing condition of this kind; there are: {known}.",
    ),
    "condition-not-here": (
        "该类事项没有立案条件“{value}”，可用：{known}。",
        "“{value}” is no filing condition of this kind of matter; there are: {known}.",
    ),
    "condition-longer": (
        "这一立案条件会延长您自己的时限，请由网格长或书记设置，或申请延期。",
        "This would give you more time; let whoever directs the place set it, or ask for time.",
    ),
    "extension-impossible": (
        "这件事项现在不能申请延期：没有可延期的时限、已经超时、次数用完，或正在等待审批。",
        (
            "No more time can be asked for now: nothing may be extended, it is overdue, it was "
            "extended already, or somebody is deciding."
        ),
    ),
    "extension-too-long": (
        "“{field}”的 {value} 超出可延长的范围，最晚 {latest}。",
        "{value} in “{field}” is beyond what may be granted; {latest} is the latest.",
    ),
    "extension-not-asked": (
        "没有待审批的延期申请，可能已被处理，请刷新查看。",
        "Nobody is asking for more time any more; look again.",
    ),
    "extension-not-yours": (
        "延期须由申请人的上一级审批，您不能审批本人或上级的申请。",
        "The next rung above decides about more time, never the one who asked or handles it.",
    ),
    "clock-missed": (
        "时限已过，不能再延期；请尽快办结。",
        "The time is up and cannot be extended any more; finish it as soon as you can.",
    ),
    # --- hours and limits ---
    "hours-bad": (
        "“{field}”的“{value}”不是时段，请写成 09:00-12:00，结束晚于开始，最晚 24:00。",
        "“{value}” in “{field}” are no hours; write 09:00-12:00, ending later than it begins.",
    ),
    "hours-overlap": (
        "“{field}”的时段相互重叠（{value}），请改成前后相接。",
        "Hours in “{field}” overlap ({value}); let one end before the next begins.",
    ),
    "calendar-empty": (
        "“{field}”没有任何工作时间，请至少写一个时段，例如 09:00-12:00。",
        "“{field}” has no working minute; give at least one span of hours, such as 09:00-12:00.",
    ),
    "limit-not-positive": (
        "“{field}”的 {value} 不是时限，请填大于零的数。",
        "{value} in “{field}” is no limit; give more than zero.",
    ),
    "limit-too-long": (
        "“{field}”的 {value} 在 {years} 年内用不完，请改小。",
        "{value} in “{field}” is not used up within {years} years; give less.",
    ),
    # --- calendars ---
    "calendar-code-bad": (
        "“{field}”的编码“{value}”为空、过长或重复，请改成不同的短编码。",
        "The code “{value}” in “{field}” is empty, too long or used twice; give each a short one.",
    ),
    "calendar-missing": (
        "“{field}”缺少日历“{value}”，请补上。",
        "The calendar “{value}” is missing from “{field}”; add it.",
    ),
    "calendar-not-found": (
        "没有日历“{value}”，可用：{known}。",
        "There is no calendar “{value}”; use one of {known}.",
    ),
    "zone-unknown": (
        "“{field}”的“{value}”不是时区，请写成 Asia/Shanghai。",
        "“{value}” in “{field}” is no time zone; write it like Asia/Shanghai.",
    ),
    # --- days ---
    "not-a-date": (
        "“{field}”的“{value}”不是日期，请写成 2026-10-01。",
        "“{value}” in “{field}” is no date; write it like 2026-10-01.",
    ),
    "days-swapped": (
        "“{field}”的 {value} 早于开始日期，请对调。",
        "{value} in “{field}” is before the first day; swap the two.",
    ),
    "days-too-many": (
        "到 {value} 超过 {years} 年，请分段查询。",
        "Until {value} is more than {years} years; ask in parts.",
    ),
    "day-not-local": (
        "{value} 没有本地安排，无需恢复。",
        "Nothing was said here about {value}; there is nothing to take back.",
    ),
    "day-off-with-hours": (
        "休息日不能有工作时段（{value}），请改为上班或去掉时段。",
        "A day off has no hours ({value}); make it a working day, or leave the hours out.",
    ),
    "year-without-work": (
        "这样 {value} 年就没有工作日了，请至少保留一天。",
        "That would leave {value} without a single working day; keep at least one.",
    ),
    # --- notices ---
    "holiday-file-bad": (
        "“{field}”不是节假日文件（{reason}），请用 holiday-cn 的 JSON（year、days）。",
        "“{field}” is no holiday file ({reason}); use the JSON of holiday-cn with year and days.",
    ),
    "holiday-year-bad": (
        "“{field}”的年份“{value}”不可用，请填四位年份，如 2027。",
        "The year “{value}” of “{field}” cannot be used; write four digits, such as 2027.",
    ),
    "holiday-other-year": (
        "“{field}”的文件名是 {named} 年，内容却是 {value} 年，请换成对应年份的文件。",
        "“{field}” is named {named} but is about {value}; take the file of the right year.",
    ),
    "holiday-wrong-year": (
        "“{field}”是 {year} 年的安排，却有 {value}，请删除该日或换正确的文件。",
        "“{field}” is of {year} but names {value}; take that day out, or the file of its year.",
    ),
    "holiday-day-bad": (
        "“{field}”的这一天读不出（{value}），需要 date 和 isOffDay。",
        "This day of “{field}” cannot be read ({value}); it needs date and isOffDay.",
    ),
    "holiday-day-twice": (
        "“{field}”里 {value} 出现了两次，请只留一个。",
        "“{field}” names {value} twice; keep one.",
    ),
    "holiday-file-empty": (
        "“{field}”里没有 {value} 年的休息日，可能通知尚未发布；请等发布后再导入。",
        "“{field}” has no day off in {value}, so its notice may not be out yet; import it later.",
    ),
}
