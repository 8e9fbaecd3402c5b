"""The life of editions: their states, the lines of their record, what stands against a step.

(zh, en) by code; "entry-" + kind is a line of the record.
"""

TEXTS: dict[str, tuple[str, str]] = {
    "entry-imported": ("导入为草稿", "Imported as a draft"),
    "entry-copied": ("由版本 {from}“{name}”复制", "Copied from edition {from} “{name}”"),
    "entry-edited": ("修改", "Changed"),
    "entry-repaired": (
        "修正检查问题 {done} 处，动 {count} 个网格，{moved_m2} 平方米换手",
        "{done} faults repaired: {count} grids, {moved_m2} m² change hands",
    ),
    "entry-examined": (
        "重新检查：问题 {faults} 处，未处理 {left} 处",
        "Checked again: {faults} faults, {left} of them open",
    ),
    "entry-accepted": ("接受检查问题 {count} 处", "{count} faults accepted"),
    "entry-renumbered": (
        "重新编码 {count} 个网格（{scheme}）",
        "{count} grids renumbered ({scheme})",
    ),
    "entry-checked": (
        "检查通过（容差 {tolerance_m} 米，接受问题 {accepted} 处）",
        "Checked in (tolerance {tolerance_m} m, {accepted} faults accepted)",
    ),
    "entry-scheduled": ("定于 {time} 启用", "Scheduled for {time}"),
    "entry-unscheduled": ("取消定时启用", "Taken off the schedule"),
    "entry-activated": ("启用", "Put in force"),
    "entry-followed": (
        "随网格编码调整：排班 {rosters} 份，群通道 {channels} 个，时限与阶梯 {limits} 条",
        "Followed the new codes: {rosters} rosters, {channels} group channels, {limits} limits",
    ),
    "entry-moved": (
        "变动网格内的未结事件已处理完毕：{count} 件换了网格",
        "The open matters of the changed ground have been gone through: {count} changed grids",
    ),
    "entry-retired": ("由版本 {by} 接替，停用", "Followed by edition {by}, no longer in force"),
    "entry-discarded": ("作废", "Thrown away"),
    "entry-grids-more": ("{value} 等，另有 {count} 个", "{value} and {count} more"),
    "edition-state": (
        "网格版本 {id} 处于“{state}”状态，不能这样操作；请刷新后再看。",
        "The edition {id} is “{state}”, so this is not possible; load the page again.",
    ),
    "edition-not-checked": (
        "网格版本 {id} 修改后还没有检查，请先检查。",
        "The edition {id} has not been checked since it was changed; check it first.",
    ),
    "edition-faulty": (
        "网格版本 {id} 还有 {count} 处问题未处理；请修正，或逐项接受。",
        "The edition {id} has {count} faults left; correct them, or accept each of them.",
    ),
    "edition-other-scheduled": (
        "网格版本 {other} 已定时启用，请先取消它的定时。",
        "The edition {other} is scheduled already; take it off the schedule first.",
    ),
    "edition-not-later": (
        "启用时间（{value}）已过，请给以后的时间，或直接启用。",
        "That instant ({value}) has passed; give a later one, or put it in force now.",
    ),
    # --- what differs between two editions -----------------------------------------------------
    "differs-added": ("新增", "added"),
    "differs-removed": ("撤销", "removed"),
    "differs-moved": ("边界变动", "border moved"),
    "differs-renamed": ("改名", "renamed"),
    "differs-renumbered": ("改编码", "renumbered"),
    "differs-parent": ("换上级", "other parent"),
    "differs-from-code": ("编码：{old} → {new}", "code: {old} → {new}"),
    "differs-from-name": ("名称：{old} → {new}", "name: {old} → {new}"),
    "differs-from-parent": ("上级：{old} → {new}", "parent: {old} → {new}"),
    "differs-area": ("{size} 平方米", "{size} m²"),
    "differs-area-changed": (
        "{change} 平方米（{percent}%），边界内外变动 {moved} 平方米",
        "{change} m² ({percent} %), {moved} m² changed hands",
    ),
    "differs-all": ("不同之处：{value}。", "Different: {value}."),
    "differs-none": ("两个版本完全相同。", "Both editions have the very same grids."),
}
