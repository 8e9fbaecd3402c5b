"""What one can do to the grids of a draft on the map, as data: from JSON and back."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from gridtrack.errors import Invalid
from gridtrack.grids.rings import Point, rounded

MOST_POINTS = 5_000
MOST_OPERATIONS = 500
_LONGEST = {"code": 64, "grid": 64, "other": 64, "parent": 64, "name": 120, "name_en": 120}
_DEEPEST = 9


@dataclass(frozen=True, slots=True)
class MoveVertex:
    """Every ring that has the vertex `at` follows to `to`."""

    kind: ClassVar[str] = "move-vertex"
    at: Point
    to: Point


@dataclass(frozen=True, slots=True)
class InsertVertex:
    """A new vertex in the edge that `at` lies on, in all who share it; then moved to `to`."""

    kind: ClassVar[str] = "insert-vertex"
    at: Point
    to: Point | None = None


@dataclass(frozen=True, slots=True)
class DeleteVertex:
    """The vertex `at` goes from every ring; a corner where three borders meet cannot go."""

    kind: ClassVar[str] = "delete-vertex"
    at: Point


@dataclass(frozen=True, slots=True)
class Split:
    """A grid cut in two by a line; the larger part keeps its code, the other gets `code`."""

    kind: ClassVar[str] = "split"
    grid: str
    line: tuple[Point, ...]
    code: str = ""
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """`other` becomes part of `grid`, its neighbour under the same parent."""

    kind: ClassVar[str] = "merge"
    grid: str
    other: str


@dataclass(frozen=True, slots=True)
class Draw:
    """A new grid inside `ring`: on free ground only, or `cut` out of its siblings as well."""

    kind: ClassVar[str] = "draw"
    level: int
    parent: str
    ring: tuple[Point, ...]
    cut: bool = False
    code: str = ""
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Describe:
    """Other words for a grid, or another code; what is empty stays as it is."""

    kind: ClassVar[str] = "describe"
    grid: str
    code: str = ""
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Reparent:
    """A grid, with its ground and all below it, goes to another parent beside it."""

    kind: ClassVar[str] = "re-parent"
    grid: str
    parent: str


@dataclass(frozen=True, slots=True)
class Remove:
    """A grid and its ground leave the edition: only at the rim, or a gap would be left."""

    kind: ClassVar[str] = "remove"
    grid: str


Operation = (
    MoveVertex | InsertVertex | DeleteVertex | Split | Merge | Draw | Describe | Reparent | Remove
)
_KINDS: Mapping[str, type[Operation]] = {
    one.kind: one
    for one in (
        MoveVertex, InsertVertex, DeleteVertex, Split, Merge, Draw, Describe, Reparent, Remove,
    )
}  # fmt: skip


def operations_from(given: object) -> tuple[Operation, ...]:
    """The operations of a JSON list; raises Invalid naming the one and its field."""
    if not isinstance(given, list) or not given:
        raise Invalid("draw-nothing", field="operations")
    if len(given) > MOST_OPERATIONS:
        raise Invalid("draw-too-many", field="operations", value=len(given), most=MOST_OPERATIONS)
    return tuple(_operation(n, one) for n, one in enumerate(given))


def as_data(operation: Operation) -> dict[str, Any]:
    """An operation as JSON values; `operations_from` reads it back."""
    values = {one.name: getattr(operation, one.name) for one in fields(operation)}
    return {"kind": operation.kind, **{k: v for k, v in values.items() if v not in ("", None)}}


def places_of(operation: Operation) -> tuple[Point, ...]:
    """Every position that an operation names."""
    match operation:
        case MoveVertex(at, to):
            return at, to
        case InsertVertex(at, to):
            return (at,) if to is None else (at, to)
        case DeleteVertex(at):
            return (at,)
        case Split(line=points) | Draw(ring=points):
            return points
        case _:
            return ()


def grids_of(operation: Operation) -> tuple[str, ...]:
    """The codes of every grid that an operation names as being there."""
    names = (getattr(operation, name, "") for name in ("grid", "other", "parent"))
    return tuple(code for code in names if code)


def _operation(n: int, given: object) -> Operation:
    at = f"operations.{n}"
    kind = given.get("kind") if isinstance(given, dict) else None
    if not isinstance(given, dict) or not isinstance(kind, str) or kind not in _KINDS:
        raise Invalid("draw-unknown", field=f"{at}.kind", value=kind, known=", ".join(_KINDS))
    made = _KINDS[kind]
    known = {one.name for one in fields(made)}
    values: dict[str, Any] = {
        name: _value(name, value, f"{at}.{name}") for name, value in given.items() if name in known
    }
    for one in fields(made):
        if one.name not in values and _needed(one.name, made):
            raise Invalid("required", field=f"{at}.{one.name}")
    return made(**values)


def _needed(name: str, made: type[Operation]) -> bool:
    return (
        name in ("at", "grid", "other", "line", "ring", "level")
        or (name == "to" and made is MoveVertex)
        or (name == "parent" and made is Reparent)
    )


def _value(name: str, value: object, field: str) -> object:
    if name in ("at", "to"):
        return None if value is None else _point(value, field)
    if name in ("line", "ring"):
        return _points(value, field)
    if name == "level":
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _DEEPEST:
            raise Invalid("draw-level", field=field, value=value, most=_DEEPEST)
        return value
    if name == "cut":
        return value is True
    if not isinstance(value, str) or len(value.strip()) > _LONGEST[name]:
        raise Invalid("draw-text", field=field, value=value, most=_LONGEST[name])
    return _text(name, value.strip(), field)


def _text(name: str, text: str, field: str) -> str:
    if name == "code" and ("/" in text or not text.isprintable()):
        raise Invalid("draw-code", field=field, value=text)
    return text


def _points(value: object, field: str) -> tuple[Point, ...]:
    if not isinstance(value, list) or not 2 <= len(value) <= MOST_POINTS:
        raise Invalid("draw-points", field=field, most=MOST_POINTS)
    found: list[Point] = []
    for n, one in enumerate(value):
        point = _point(one, f"{field}.{n}")
        if not found or point != found[-1]:
            found.append(point)
    return tuple(found)


def _point(value: object, field: str) -> Point:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        raise Invalid("draw-point", field=field, value=value)
    for name, one, most in (("lon", value[0], 180), ("lat", value[1], 90)):
        if isinstance(one, bool) or not isinstance(one, int | float) or not math.isfinite(one):
            raise Invalid("coordinate-not-a-number", field=f"{field}.{name}", value=one)
        if abs(one) > most:
            raise Invalid("coordinate-out-of-range", field=f"{field}.{name}", value=one, most=most)
    return rounded(value)
