"""The measures and what each counts, on the page and in exports; (zh, en) by code."""

TEXTS: dict[str, tuple[str, str]] = {
    # --- errors ------------------------------------------------------------------------------
    "figures-span": (
        "{field}：{value} 早于开始日期，请换一个结束日期",
        "{field}: {value} lies before the first day; choose a later one",
    ),
    "figures-too-long": (
        "{field}：{value} 起的时间太长，一次最多 {days} 天",
        "{field}: the span from {value} on is too long; at most {days} days at a time",
    ),
    "figures-date": (
        "{field}：“{value}”不是日期，请写成 2026-11-25",
        "{field}: “{value}” is no date; write it as 2026-11-25",
    ),
    "figures-no-edition": (
        "{field}：{value} 还没有生效的网格版本，请换一天",
        "{field}: no edition of the grids was in force on {value}; choose another day",
    ),
    "figures-measure": (
        "{field}：没有“{value}”这个指标，可选：{known}",
        "{field}: there is no measure “{value}”; there are: {known}",
    ),
    "figures-month": (
        "{field}：“{value}”不是月份，请写成 2026-11",
        "{field}: “{value}” is no month; write it as 2026-11",
    ),
    "field-month": ("月份", "month"),
    "sheet-too-long": (
        "{field}：共 {value} 行，Excel 一张表最多 {most} 行，请改用 CSV 或缩短时间",
        "{field}: {value} rows, and a sheet holds {most} at most; choose CSV or fewer days",
    ),
    "field-format": ("格式", "format"),
    # --- columns of the table of matters -------------------------------------------------------
    "matters-number": ("编号", "number"),
    "matters-reported": ("上报时间", "reported"),
    "matters-kind": ("类别", "kind"),
    "matters-state": ("状态", "state"),
    "matters-source": ("来源", "source"),
    "matters-grid": ("网格编码", "grid code"),
    "matters-grid-name": ("网格", "grid"),
    "matters-address": ("地址", "address"),
    "matters-lon": ("经度(WGS-84)", "longitude (WGS-84)"),
    "matters-lat": ("纬度(WGS-84)", "latitude (WGS-84)"),
    "matters-words": ("内容", "words"),
    "matters-handler": ("负责人", "handler"),
    "matters-acknowledged": ("签收时间", "acknowledged"),
    "matters-resolved": ("处置完成时间", "resolved"),
    "matters-closed": ("结案时间", "closed"),
    "matters-due": ("当前时限", "next due"),
    "matters-rung": ("升级到", "climbed to"),
    "field-begin": ("开始日期", "first day"),
    "field-end": ("结束日期", "last day"),
    "field-grids_on": ("按哪天的网格", "grids as of"),
    "field-measure": ("指标", "measure"),
    # --- how it is told apart ----------------------------------------------------------------
    "figures-by-grid": ("按网格", "by grid"),
    "figures-by-category": ("按类别", "by kind of matter"),
    "figures-by-person": ("按人员", "by person"),
    "figures-by-source": ("按来源", "by source"),
    "figures-by-hour": ("按上报时刻", "by hour of the day"),
    "figures-by-weekday": ("按星期", "by day of the week"),
    "figures-by-day": ("按日", "by day"),
    "figures-by-month": ("按月", "by month"),
    "figures-no-grid": ("网格外", "in no grid"),
    "figures-no-person": ("无人负责", "nobody"),
    "figures-no-category": ("未分类", "no kind"),
    "figures-no-source": ("来源不明", "no source"),
    "figures-nothing": ("不比较", "with nothing"),
    "figures-before": ("与上一段同样天数比", "with as many days before"),
    "figures-year": ("与去年同期比", "with the same weeks a year ago"),
    "figures-level": ("第 {level} 级网格", "level {level}"),
    "figures-points": ("{points} 个百分点", "{points} points"),
    "weekday-1": ("周一", "Monday"),
    "weekday-2": ("周二", "Tuesday"),
    "weekday-3": ("周三", "Wednesday"),
    "weekday-4": ("周四", "Thursday"),
    "weekday-5": ("周五", "Friday"),
    "weekday-6": ("周六", "Saturday"),
    "weekday-7": ("周日", "Sunday"),
    # --- measures ----------------------------------------------------------------------------
    "measure-reported": ("上报", "Reported"),
    "measure-reported-about": (
        "这段时间内上报的事件数，含后来不予受理和并入的",
        "Matters reported in these days, those refused or merged later included",
    ),
    "measure-open": ("未办结", "Open"),
    "measure-open-about": (
        "其中到统计时刻还没有结案的",
        "Those of them that were not closed when counted",
    ),
    "measure-overdue": ("超时未办", "Overdue"),
    "measure-overdue-about": (
        "其中未办结、且有一个时限已过的",
        "Those of them that are open and have missed a time limit",
    ),
    "measure-ack-kept": ("按时签收率", "Acknowledged in time"),
    "measure-ack-kept-about": (
        "已到签收时限或已签收的事件中，在时限内签收的；还没到时限的不算在内",
        ("Of the matters acknowledged or due to be, those acknowledged within the limit; what may "
        "still be kept is not counted"),
    ),
    "measure-ack-time": ("签收用时", "Time to acknowledge"),
    "measure-ack-time-about": (
        "从上报到签收的时间：一半事件在此时间内（中位数），九成在第二个时间内（p90）",
        "From the report to the acknowledgement: half within the median, nine in ten within p90",
    ),
    "measure-arrive-kept": ("按时到场率", "Arrived in time"),
    "measure-arrive-kept-about": (
        "有到场时限的事件中，在时限内到场的",
        "Of the matters with a limit to arrive, those where somebody came within it",
    ),
    "measure-resolve-kept": ("按期办结率", "Resolved in time"),
    "measure-resolve-kept-about": (
        "已到处置时限或已处置的事件中，在时限内处置完的；挂起和延期按各自规则顺延",
        ("Of the matters resolved or due to be, those resolved within the limit; holds and "
        "extensions move it by their rules"),
    ),
    "measure-handle-time": ("办理用时", "Time to resolve"),
    "measure-handle-time-about": (
        "从上报到处置完成的自然时间，中位数和 p90",
        "From the report until it was resolved, by the wall clock: median and p90",
    ),
    "measure-first-round": ("一次办结率", "Settled in one go"),
    "measure-first-round-about": (
        "处置过的事件中，没有被退回、也没有重新办理的",
        "Of the matters resolved, those never handed back and never opened again",
    ),
    "measure-in-community": ("社区内化解率", "Settled within the community"),
    "measure-in-community-about": (
        "处置过的事件中，没有升级或派到街道、部门的",
        "Of the matters resolved, those that never came to the street or a department",
    ),
    "measure-content": ("满意率", "Content"),
    "measure-content-about": (
        "评价过的事件中，给四星或五星的；请连同人数和评价率一起看",
        "Of the matters rated, those with four or five stars; read it beside n and the answer rate",
    ),
    "measure-rated": ("评价率", "Answer rate"),
    "measure-rated-about": (
        "群众上报并处置过的事件中，有评价的",
        "Of the matters of the public that were resolved, those that somebody rated",
    ),
    "measure-rework": ("返工率", "Rework"),
    "measure-rework-about": (
        "处置过的事件中，又重新办理的",
        "Of the matters resolved, those that had to be opened again",
    ),
    "measure-extended": ("延期率", "Extended"),
    "measure-extended-about": (
        "有处置时限的事件中，批准过延期的",
        "Of the matters with a limit to resolve, those that were granted more time",
    ),
    "measure-paused-time": ("挂起时长", "Time on hold"),
    "measure-paused-time-about": (
        "挂起过的事件一共挂起多久，中位数和 p90",
        "How long the matters that were on hold rested in all: median and p90",
    ),
    "measure-found-first": ("巡查先发现率", "Found by patrol first"),
    "measure-found-first-about": (
        "群众和巡查上报的事件中，巡查先于群众发现的：同一网格同一类别七天内群众先报过的，不算",
        ("Of the matters of patrols and the public, those a patrol found first: not where the "
        "public had told of the same kind in the same grid within seven days before"),
    ),
    "measure-climbed": ("升级率", "Climbed"),
    "measure-climbed-about": (
        "已到签收时限或已签收的事件中，升级过的",
        "Of the matters acknowledged or due to be, those that climbed the ladder",
    ),
    "measure-climb-late": ("升级迟到", "Lateness of climbing"),
    "measure-climb-late-about": (
        "升级比应升级的时刻晚了多少，每件取最晚的一次",
        "How much later than due a step was taken, the latest of each matter",
    ),
}  # fmt: skip
