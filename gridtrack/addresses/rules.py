"""A door plate (门牌), the parts of its address, and the keys it is found by. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from gridtrack.addresses.spelling import Prefixes, key_of
from gridtrack.errors import Invalid

TEXT_LIMIT = 200
PART_LIMIT = 80
SHORT_LIMIT = 40  # number, building, unit, kind
KEEPER_LIMIT = 100  # the keeper's own key
MARK_LIMIT = 200
ALIASES_MOST = 20
HOUSEHOLDS_MOST = 10_000
PARTS = ("town", "road", "number", "estate", "building", "unit")
_LIMITS = {
    "text": TEXT_LIMIT, "town": PART_LIMIT, "road": PART_LIMIT, "estate": PART_LIMIT,
    "number": SHORT_LIMIT, "building": SHORT_LIMIT, "unit": SHORT_LIMIT, "kind": SHORT_LIMIT,
    "key": KEEPER_LIMIT,
}  # fmt: skip

# From the county down to the community: what an address may begin with and many leave out.
_TOWN = re.compile(r"(?:[^\d\s]{2,8}?(?:省|自治区|市|县|区|街道|镇|乡|社区|村委会))+")
_LEVEL = re.compile(r".{2,8}?(?:省|自治区|市|县|区|街道|镇|乡|社区|村委会)")
_ROAD = re.compile(r"^([^\d]{1,12}?(?:大道|路|街|巷|弄|胡同|里))(?=[^区道]|$)")
_NUMBER = re.compile(r"(\d+(?:-\d+)?)号(?!楼)")
_ESTATE = "小区"
# A cell that a spreadsheet would calculate is no address, and must not be handed on as one.
_FORMULA = ("=", "+", "@", "-", "\t")


class Status(StrEnum):
    """A plate is found and counted while it is live; a retired one is kept for what names it."""

    LIVE = "live"
    RETIRED = "retired"


class Found(StrEnum):
    """Why a plate is offered, best first."""

    EXACT = "exact"
    ALIAS = "alias"
    PREFIX = "prefix"
    FUZZY = "fuzzy"


@dataclass(frozen=True, slots=True)
class Plate:
    """An entry of the book as it is typed or imported; parts that it lacks are empty.

    `lon` and `lat` are as given, in `datum`; both are None where nobody knows the point.
    """

    text: str
    town: str = ""
    road: str = ""
    number: str = ""
    estate: str = ""
    building: str = ""
    unit: str = ""
    kind: str = ""
    aliases: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None
    datum: str | None = None
    households: int | None = None
    key: str = ""  # the keeper's own, where there is one


@dataclass(frozen=True, slots=True)
class Key:
    """Something a plate is found by: `own` is a spelling of its address, else an alias."""

    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class Keys:
    """All a plate is found by, the names in it that a typo may be in, and what tells it apart."""

    mark: str
    keys: tuple[Key, ...]
    names: tuple[str, ...]
    towns: tuple[str, ...] = field(default=())


def completed(plate: Plate) -> Plate:
    """The plate with its text made from its parts, or missing parts read from its text."""
    if not plate.text:
        number = f"{plate.number}号" if plate.number.isdigit() else plate.number
        text = f"{plate.town}{plate.road}{number}{plate.estate}{plate.building}{plate.unit}"
        return _with(plate, text=text)
    if plate.road or plate.estate:
        if plate.town:
            return plate
        first = plate.road if plate.road and plate.road in plate.text else plate.estate
        return _with(plate, town=plate.text.partition(first)[0] if first in plate.text else "")
    return _read(plate)


def _read(plate: Plate) -> Plate:
    """Parts out of a text that came alone: town, road and number where they are plain to see."""
    town = plate.town
    if not town:
        found = _TOWN.match(plate.text)
        town = found.group() if found and found.end() < len(plate.text) else ""
    rest = plate.text.removeprefix(town)
    road = _ROAD.match(rest)
    if road is None:
        return _with(plate, town=town)
    number = _NUMBER.match(rest, road.end())
    return _with(
        plate, town=town, road=road.group(1), number=number.group(1) if number else plate.number
    )


def _with(plate: Plate, **changes: str) -> Plate:
    values = {name: getattr(plate, name) for name in Plate.__slots__}
    return Plate(**{**values, **changes})


def faults_of(plate: Plate) -> Iterator[Invalid]:
    """What is wrong with the words and counts of a plate; its point is judged elsewhere."""
    if not key_of(plate.text):
        yield Invalid("required", field="address")
    for name, limit in _LIMITS.items():
        value = getattr(plate, name)
        shown = "address" if name == "text" else name
        if len(value) > limit:
            yield Invalid("too-long", field=shown, value=f"{len(value)}", limit=limit)
        elif value.startswith(_FORMULA):
            yield Invalid("door-formula", field=shown, value=value)
    yield from _other_faults(plate)


def _other_faults(plate: Plate) -> Iterator[Invalid]:
    if len(plate.aliases) > ALIASES_MOST:
        yield Invalid("door-aliases", field="aliases", value=len(plate.aliases), limit=ALIASES_MOST)
    for alias in plate.aliases:
        if len(alias) > TEXT_LIMIT:
            yield Invalid("too-long", field="aliases", value=f"{len(alias)}", limit=TEXT_LIMIT)
    count = plate.households
    if count is not None and not 0 <= count <= HOUSEHOLDS_MOST:
        yield Invalid(
            "out-of-range", field="households", value=count, least=0, most=HOUSEHOLDS_MOST
        )


def keys_of(plate: Plate) -> Keys:
    """What a completed plate is found by; `mark` is the same for the same plate in every file."""
    towns = {key_of(one) for one in (plate.town, *_LEVEL.findall(plate.town)) if one} - {""}
    known = Prefixes(towns)
    rest, _ = known.without(key_of(plate.text))
    inside = _inside(plate)
    own = {rest, inside}
    aliases = {known.without(key_of(one))[0] for one in plate.aliases} - own
    names = {key_of(one) for one in (plate.road, plate.estate) if one}
    short = key_of(plate.estate.removesuffix(_ESTATE))
    if plate.estate.endswith(_ESTATE) and len(short) > 1:  # 龙庭国际 is said for 龙庭国际小区
        own.add(short + inside.removeprefix(key_of(plate.estate)))
        names.add(short)
    if plate.building and not any(c.isdigit() for c in key_of(plate.building)):
        names.add(key_of(plate.building))
    names |= {one for one in aliases if not any(c.isdigit() for c in one)}
    mark = f"k:{plate.key}" if plate.key else f"t:{key_of(plate.town)}/{rest}"[:MARK_LIMIT]
    return Keys(
        mark=mark,
        keys=tuple(
            [Key(one, own=True) for one in sorted(own) if one]
            + [Key(one, own=False) for one in sorted(aliases) if one]
        ),
        names=tuple(sorted(one for one in names if len(one) > 1)),
        towns=tuple(sorted(towns)),
    )


def _inside(plate: Plate) -> str:
    """The key of what follows from the estate's name on: people leave out its gate's address."""
    if not plate.estate:
        return ""
    if plate.estate in plate.text:
        return key_of(plate.text[plate.text.index(plate.estate) :])
    return key_of(f"{plate.estate}{plate.building}{plate.unit}")
