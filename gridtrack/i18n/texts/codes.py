"""Codes of grids: what does not fit the scheme, and why new ones cannot be made.

(zh, en) by code.
"""

TEXTS: dict[str, tuple[str, str]] = {
    "code-fault-pattern": (
        (
            "第{level}级网格 {grids} 的编码有 {length} 位，不合“{pattern}”（{wanted} 位）；"
            "请改正或重新编码。"
        ),
        (
            "The code of level {level} grid {grids} has {length} signs and does not fit "
            "“{pattern}” ({wanted} signs); correct it, or renumber."
        ),
    ),
    "code-fault-prefix": (
        "第{level}级网格 {grids} 的编码不是它所在上级的（应以 {prefix} 开头）；请改正或重新编码。",
        (
            "The code of level {level} grid {grids} is not of the grid above it (it would begin "
            "with {prefix}); correct it, or renumber."
        ),
    ),
    "code-fault-duplicate": (
        "编码 {grids} 用了 {count} 次；请改正。",
        "The code {grids} is used {count} times; correct it.",
    ),
    "code-fault-hole": (
        "{prefix} 之下缺号：{missing}（共 {count} 个）；重新编码后会连续，也可以保留。",
        "Numbers are left out under {prefix}: {missing} ({count}); renumber, or leave it so.",
    ),
    "code-pattern": (
        (
            "编码规则“{value}”里的“{part}”看不懂；"
            "请用 {{county}} {{street}} {{community}} {{parent}} {{serial:03}}。"
        ),
        (
            "“{part}” in the pattern “{value}” means nothing; there are {{county}} {{street}} "
            "{{community}} {{parent}} {{serial:03}}."
        ),
    ),
    "code-level": (
        "编码规则要在 [levels] 下按级别（1 至 9）写，“{value}”不行；请改正文件。",
        "Patterns stand under [levels] by level (1 to 9), not “{value}”; correct the file.",
    ),
    "codes-twice": (
        "编码“{value}”不止一个网格在用，不能重新编码；请先改正。",
        "More than one grid has the code “{value}”, nothing was renumbered; correct it first.",
    ),
    "codes-root": (
        "网格 {value} 所在社区的编码“{root}”不合规则，不能据此编码；请先改正社区编码。",
        (
            "The community “{root}” above the grid {value} has a code that does not fit, so none "
            "can be made from it; correct that of the community first."
        ),
    ),
    "codes-too-many": (
        "{value} 之下的网格超过 {most} 个，号码不够；请在编码规则里给流水号更多位数。",
        "There are more than {most} grids under {value}; give the serial number more digits.",
    ),
    "codes-nothing": (
        "编码都已符合规则，没有改动。",
        "Every code is as the scheme makes it; nothing was changed.",
    ),
    "codes-clean": (
        "{count} 个网格的编码都符合“{scheme}”。",
        "The codes of {count} grids fit “{scheme}”.",
    ),
    "codes-found": (
        "{count} 个网格，“{scheme}”：{faults} 处问题。",
        "{count} grids, “{scheme}”: {faults} faults.",
    ),
    "codes-mapped": ("{old} → {new}", "{old} -> {new}"),
    "codes-sum": (
        (
            "{count} 个网格换编码；按旧路径的岗位 {posts} 个、排班 {rosters} 份、"
            "群通道 {channels} 个、时限 {limits} 条、未结事件 {matters} 件，"
            "启用之时自动转到新路径。"
        ),
        (
            "{count} grids get new codes; {posts} posts, {rosters} rosters, {channels} group "
            "channels, {limits} limits and {matters} open matters name old paths "
            "and go on over the new ones from the instant this edition comes into force."
        ),
    ),
    "codes-done": (
        "已重新编码并检查：网格版本 {id}。",
        "Renumbered and checked: the edition {id}.",
    ),
}
