"""The steps of bringing grids in, and which column is probably what. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SUFFIXES = (".geojson", ".json", ".gz", ".gpkg", ".zip")
MOST_BYTES = 100_000_000
SAMPLES = 3
# Files that looking at an import leaves in its folder for the pages.
WINDOWS, FINDINGS = "windows.json", "findings.json.gz"
FIELDS = ("code", "level", "parent", "name", "name_en")


class Step(StrEnum):
    """How far an import has come; each step needs those before it."""

    PLACE = "place"  # files are there: look at them, say which datum they are in
    FIELDS = "fields"
    FINDINGS = "findings"
    STORE = "store"
    DONE = "done"


ORDER = tuple(Step)


def reached(step: Step, wanted: Step) -> bool:
    """True where an import that has come to `step` may show `wanted`."""
    return ORDER.index(wanted) <= ORDER.index(step)


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a file as a person chooses by: some of its values, and what they are like."""

    name: str
    samples: tuple[str, ...]
    filled: int
    distinct: int
    digit: bool  # every value is one of 1 to 9
    refers: float = 0.0  # how much of it is found among the values of the probable code

    def as_json(self) -> dict[str, Any]:
        """As it is kept with an import."""
        return {name: getattr(self, name) for name in self.__slots__}


# By name, best first: English, pinyin initials and Chinese as real files have them.
NAMES: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "grid_code", "gridcode", "网格编码", "编码", "网格代码", "代码", "wgbm",
             "wgdm", "bm", "dm", "bgcode", "geoid", "grid_id", "gridid", "objectid", "id", "fid"),
    "level": ("level", "lvl", "grade", "网格级别", "网格等级", "网格层级", "级别", "层级", "等级",
              "wgjb", "wgcj", "jb", "cj"),
    "parent": ("parent", "parent_code", "parentcode", "parent_id", "pid", "上级编码",
               "上级网格编码", "上级网格", "上级", "父级", "sjbm", "sjwgbm", "fjbm", "pcode"),
    "name": ("name", "grid_name", "gridname", "网格名称", "名称", "网格名", "wgmc", "mc", "bgname",
             "label", "title"),
    "name_en": ("name_en", "english", "en", "英文名称", "英文名"),
}  # fmt: skip


def column(name: str, values: Sequence[str], codes: frozenset[str] = frozenset()) -> Column:
    """What a column of texts is like; empty texts are empty cells."""
    filled = [value for value in values if value]
    kinds = set(filled)
    digit = bool(kinds) and all(len(value) == 1 and "1" <= value <= "9" for value in kinds)
    refers = len(kinds & codes) / len(kinds) if kinds and codes else 0.0
    samples = tuple(dict.fromkeys(filled))[:SAMPLES]
    return Column(name, samples, len(filled), len(kinds), digit, round(refers, 4))


_LIKE: Mapping[str, Callable[[Column, int], bool]] = {
    "code": lambda one, rows: one.distinct == one.filled == rows,
    "level": lambda one, rows: one.digit and one.filled == rows and one.distinct < rows,
    "parent": lambda one, _rows: one.refers > 0.9,
}


def guess(columns: Iterable[Column], rows: int) -> dict[str, str]:
    """Which column is probably which field; a field that nothing looks like is left out.

    A name that says so wins, else what the values are like: a code is different in every row, a
    level is one digit, a parent's values are codes of other rows.
    """
    found: dict[str, str] = {}
    left = {one.name: one for one in columns}
    for field in FIELDS:
        named = _by_name(field, left)
        if named is not None:
            found[field] = named
            del left[named]
    for field, fits in _LIKE.items():
        if field in found:
            continue
        likely = [one for one in left.values() if one.filled and fits(one, rows)]
        if likely:
            found[field] = max(likely, key=lambda one: (one.refers, one.distinct)).name
            del left[found[field]]
    return found


def _by_name(field: str, left: Mapping[str, Column]) -> str | None:
    known = {name.strip().lower(): name for name in left}
    return next((known[name] for name in NAMES[field] if name in known), None)
