"""Codes of grids: checked against a scheme, and made anew by place. Pure.

The order inside a community is west to east, row by row from north to south. A row is found from
the middles of the grids: the northernmost one that is not yet in a row begins it, and all whose
middle lies less than half the usual (median) height of a grid south of that belong to it. So the
order does not depend on the order of the input, nor on a grid's old code where two grids lie apart;
and where the middles of a row differ by less than a quarter of that height it is the order that
people see, and a border moved by some metres changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
import shapely

from gridtrack.errors import Invalid
from gridtrack.grids.code_schemes import Pattern, Scheme
from gridtrack.grids.rules import Grid, with_paths

_SAME_ROW = 0.5


class CodeFaultKind(StrEnum):
    """What can be wrong with a code."""

    PATTERN = "pattern"  # wrong length, or other signs than the pattern has
    PREFIX = "prefix"  # another community or parent than the grid lies in
    DUPLICATE = "duplicate"
    HOLE = "hole"  # numbers that are left out


@dataclass(frozen=True, slots=True)
class CodeFault:
    """A fault of codes: which, of what, and what it would have to be."""

    kind: CodeFaultKind
    level: int
    codes: tuple[str, ...]
    params: Mapping[str, object] = field(default_factory=dict)


def check_codes(grids: Sequence[Grid], scheme: Scheme) -> list[CodeFault]:
    """Every fault of the codes by `scheme`, level by level."""
    counts = Counter(grid.code for grid in grids)
    twice = [code for code, count in counts.items() if count > 1]
    levels = {grid.code: grid.level for grid in grids}
    faults = [
        CodeFault(CodeFaultKind.DUPLICATE, levels[code], (code,), {"count": counts[code]})
        for code in sorted(twice)
    ]
    roots = _roots(grids, scheme)
    for level, pattern in scheme.levels.items():
        these = sorted((g for g in grids if g.level == level), key=lambda grid: grid.code)
        faults += _of_level(these, level, pattern, roots)
    return faults


def renumbered(
    grids: Sequence[Grid], scheme: Scheme, *, keep: bool = False
) -> tuple[list[Grid], dict[str, str]]:
    """The grids with codes by `scheme`, in their order, and old code -> new code where it changed.

    With `keep`, codes that are right stay and the others get the free numbers. Communities are
    named by the state, so a level without {serial} keeps its codes, and they must fit. Raises
    Invalid: "codes-twice", "codes-root" or "codes-too-many", naming the grid.
    """
    counts = Counter(grid.code for grid in grids)
    twice = next((code for code, count in counts.items() if count > 1), None)
    if twice is not None:
        raise Invalid("codes-twice", field="code", value=twice)
    roots = _roots(grids, scheme)
    new: dict[str, str] = {}
    for level, pattern in scheme.levels.items():
        these = [grid for grid in grids if grid.level == level]
        if pattern.serial_width:
            new.update(_numbered(these, pattern, roots, new, keep=keep))
    mapping = {old: code for old, code in new.items() if old != code}
    taken = Counter(mapping.get(grid.code, grid.code) for grid in grids)
    clash = next((code for code, count in taken.items() if count > 1), None)
    if clash is not None:
        raise Invalid("codes-twice", field="code", value=clash)
    changed = [
        replace(
            grid,
            code=mapping.get(grid.code, grid.code),
            parent=mapping.get(grid.parent, grid.parent),
        )
        for grid in grids
    ]
    return with_paths(changed), mapping


def in_order(grids: Sequence[Grid]) -> list[Grid]:
    """Grids from west to east, row by row from north to south; see the module."""
    if not grids:
        return []
    shapes = np.array([grid.shape for grid in grids], dtype=object)
    bounds = shapely.bounds(shapes)
    same_row = _SAME_ROW * float(np.median(bounds[:, 3] - bounds[:, 1]))
    middles = shapely.get_coordinates(shapely.centroid(shapes)).tolist()
    waiting = sorted(
        (-y, x, grid.code, n) for n, ((x, y), grid) in enumerate(zip(middles, grids, strict=True))
    )
    order: list[int] = []
    row: list[tuple[float, float, str, int]] = []
    for one in waiting:
        if row and one[0] - row[0][0] >= same_row:
            order += [n for *_, n in sorted(row, key=_west_first)]
            row = []
        row.append(one)
    order += [n for *_, n in sorted(row, key=_west_first)]
    return [grids[n] for n in order]


def _west_first(one: tuple[float, float, str, int]) -> tuple[float, float, str]:
    south, x, code, _ = one
    return x, south, code


@dataclass(frozen=True, slots=True)
class _Roots:
    """For each grid, the community above it, and the fields of each community's code."""

    above: Mapping[str, str]
    fields: Mapping[str, Mapping[str, str]]

    def of(self, grid: Grid) -> Mapping[str, str] | None:
        return self.fields.get(self.above.get(grid.code, ""))


def _roots(grids: Iterable[Grid], scheme: Scheme) -> _Roots:
    by_code = {grid.code: grid for grid in grids}
    pattern = scheme.levels.get(1)
    above: dict[str, str] = {}
    for code, grid in by_code.items():
        top = grid
        while top.level > 1 and top.parent in by_code and by_code[top.parent].level < top.level:
            top = by_code[top.parent]
        above[code] = top.code if top.level == 1 else ""
    fields = {}
    for root in set(above.values()) - {""}:
        read = {} if pattern is None or pattern.serial_width else pattern.read(root)
        if read is not None:
            fields[root] = read
    return _Roots(above, fields)


def _of_level(
    grids: Sequence[Grid], level: int, pattern: Pattern, roots: _Roots
) -> list[CodeFault]:
    faults, serials = [], defaultdict(list)
    for grid in grids:
        wanted = pattern.prefix(roots.of(grid) or {}, grid.parent)
        read = pattern.read(grid.code, grid.parent)
        if read is not None and (roots.of(grid) is None or grid.code.startswith(wanted)):
            if pattern.serial_width:
                serials[wanted].append(int(read["serial"]))
        elif read is None and not _looks_right(pattern, grid):
            params = {
                "pattern": pattern.text,
                "length": len(grid.code),
                "wanted": pattern.length(grid.parent),
            }
            faults.append(CodeFault(CodeFaultKind.PATTERN, level, (grid.code,), params))
        else:
            params = {"prefix": wanted}
            faults.append(CodeFault(CodeFaultKind.PREFIX, level, (grid.code,), params))
    for prefix, numbers in sorted(serials.items()):
        missing = sorted(set(range(1, max(numbers) + 1)) - set(numbers))
        if missing:
            params = {"prefix": prefix, "missing": _spans(missing), "count": len(missing)}
            faults.append(CodeFault(CodeFaultKind.HOLE, level, (), params))
    return faults


def _looks_right(pattern: Pattern, grid: Grid) -> bool:
    """True where only the parent's code in it is another one."""
    same_length = len(grid.code) == pattern.length(grid.parent)
    return pattern.is_under_parent and same_length and grid.code.isdigit()


def _spans(numbers: Sequence[int]) -> str:
    """3, 5-7."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in spans[:20])


def _numbered(
    grids: Sequence[Grid], pattern: Pattern, roots: _Roots, new: Mapping[str, str], *, keep: bool
) -> dict[str, str]:
    """The new code of each grid of a level; `new` has those of the levels above."""
    together: dict[str, list[Grid]] = defaultdict(list)
    for grid in grids:
        values = roots.of(grid)
        if values is None:
            raise Invalid("codes-root", field="code", value=grid.code, root=roots.above[grid.code])
        parent = new.get(grid.parent, grid.parent)
        together[pattern.prefix(values, parent)].append(grid)
    found: dict[str, str] = {}
    most = 10**pattern.serial_width - 1
    for prefix, these in together.items():
        right = {g.code for g in these if keep and _is_right(pattern, g, roots, new)}
        found.update({code: code for code in right})
        free = (
            n for n in range(1, most + 1) if _code(pattern, these[0], roots, new, n) not in right
        )
        for grid in in_order([g for g in these if g.code not in right]):
            number = next(free, None)
            if number is None:
                raise Invalid("codes-too-many", field="code", value=prefix, most=most)
            found[grid.code] = _code(pattern, grid, roots, new, number)
    return found


def _is_right(pattern: Pattern, grid: Grid, roots: _Roots, new: Mapping[str, str]) -> bool:
    parent = new.get(grid.parent, grid.parent)
    read = pattern.read(grid.code, parent)
    if read is None or int(read["serial"]) < 1:
        return False
    return grid.code == _code(pattern, grid, roots, new, int(read["serial"]))


def _code(pattern: Pattern, grid: Grid, roots: _Roots, new: Mapping[str, str], serial: int) -> str:
    return pattern.code(roots.of(grid) or {}, new.get(grid.parent, grid.parent), serial)
