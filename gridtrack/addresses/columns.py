"""Which column of a table holds what of a door plate, and a row read that way. Pure."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gridtrack.addresses.rules import PARTS, Plate, completed, faults_of
from gridtrack.errors import Invalid, Rejected
from gridtrack.geo.datum import datum_named
from gridtrack.geo.points import checked_point

FIELDS = ("key", "address", *PARTS, "aliases", "lon", "lat", "households", "kind", "grid")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "key": ("key", "id", "code", "编号", "编码", "门牌编号", "地址编码", "门牌编码"),
    "address": ("address", "text", "地址", "门牌", "门牌地址", "详细地址", "标准地址", "全称"),
    "town": ("town", "street", "街道", "乡镇", "镇街", "乡镇街道", "所属街道"),
    "road": ("road", "路", "道路", "街路巷", "路名", "道路名称", "街路巷名称"),
    "number": ("number", "no", "号", "门牌号", "门牌号码", "号码"),
    "estate": ("estate", "小区", "小区名称", "院落", "自然村"),
    "building": ("building", "楼栋", "栋", "幢", "楼", "楼幢号", "楼栋号"),
    "unit": ("unit", "单元", "单元号", "梯"),
    "aliases": ("aliases", "alias", "别名", "俗称", "曾用名"),
    "lon": ("lon", "lng", "long", "longitude", "x", "经度", "东经"),
    "lat": ("lat", "latitude", "y", "纬度", "北纬"),
    "households": ("households", "户数", "住户数", "家庭户数"),
    "kind": ("kind", "type", "类型", "类别", "门牌类型", "性质"),
    "grid": ("grid", "grid_code", "网格", "网格编码", "网格编号"),
}  # fmt: skip
_SPLIT = re.compile(r"[;；、|]")


@dataclass(frozen=True, slots=True)
class Meaning:
    """How the cells of a table are to be read: field to column, and the datum of the points."""

    columns: Mapping[str, str]
    datum: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A row as a plate, or why it is none; `grid` is where the file says that it lies."""

    plate: Plate | None
    faults: tuple[Invalid, ...] = ()
    grid: str = ""


def guessed(header: Sequence[str]) -> dict[str, str]:
    """The columns that a header's own words point to, by field."""
    plain = {name.strip().lower(): name for name in header}
    found = {}
    for field, words in _WORDS.items():
        column = next((plain[word] for word in words if word in plain), None)
        if column is not None:
            found[field] = column
    return found


def checked(meaning: Meaning, header: Sequence[str]) -> Meaning:
    """The meaning where it can be used with this header; raises Rejected with every fault."""
    columns, there = meaning.columns, ", ".join(header)[:300]
    faults = [Invalid("unknown-field", field=name) for name in columns if name not in FIELDS]
    faults += [
        Invalid("door-column", field=name, value=column, there=there)
        for name, column in columns.items()
        if column not in header
    ]
    if not {"address", "road", "estate"} & set(columns):
        faults.append(Invalid("door-column-none", field="address", there=there))
    if ("lon" in columns) != ("lat" in columns):
        missing = "lat" if "lon" in columns else "lon"
        faults.append(Invalid("door-column-half", field=missing, there=there))
    datum = meaning.datum
    if "lon" in columns:
        try:
            datum = datum_named(datum).value
        except Invalid as fault:
            faults.append(fault if meaning.datum else Invalid("datum-missing", field="datum"))
    if faults:
        raise Rejected(faults)
    return Meaning(dict(columns), datum)


def read_plate(cells: Mapping[str, str], meaning: Meaning) -> Read:
    """A row of a table as a plate, every fault named with the column it is in."""
    given = {field: cells[column].strip() for field, column in meaning.columns.items()}
    faults: list[Invalid] = []
    lon, lat = _point(given, faults)
    plate = completed(
        Plate(
            text=given.get("address", ""),
            **{part: given.get(part, "") for part in PARTS},
            kind=given.get("kind", ""),
            aliases=aliases_in(given.get("aliases", "")),
            lon=lon,
            lat=lat,
            datum=meaning.datum if lon is not None else None,
            households=_count(given.get("households", ""), faults),
            key=given.get("key", ""),
        )
    )
    faults += faults_of(plate)
    if faults:
        return Read(None, tuple(_in_column(fault, meaning) for fault in faults))
    return Read(plate, (), given.get("grid", ""))


def aliases_in(text: str) -> tuple[str, ...]:
    """Other names of a plate, as a cell or a field holds them: with ; 、 or | between."""
    return tuple(dict.fromkeys(one.strip() for one in _SPLIT.split(text) if one.strip()))


def _point(given: Mapping[str, str], faults: list[Invalid]) -> tuple[float | None, float | None]:
    lon, lat = given.get("lon", ""), given.get("lat", "")
    if not lon and not lat:
        return None, None  # a plate whose point nobody knows yet is in the book all the same
    try:
        return checked_point(lon, lat)
    except Invalid as fault:
        faults.append(fault)
        return None, None


def _count(text: str, faults: list[Invalid]) -> int | None:
    plain = text.removesuffix("户").strip()
    if not plain:
        return None
    try:
        number = float(plain)
    except ValueError:
        number = math.nan
    if math.isfinite(number) and number.is_integer():
        return int(number)
    faults.append(Invalid("door-households", field="households", value=text))
    return None


def _in_column(fault: Invalid, meaning: Meaning) -> Invalid:
    params = {name: value for name, value in fault.params.items() if name != "field"}
    return Invalid(fault.code, field=meaning.columns.get(fault.field, fault.field), **params)
