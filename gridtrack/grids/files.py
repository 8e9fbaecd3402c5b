"""Grids out of files: one file with every level, or one file per level, with fields by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import shapely

from gridtrack.errors import Invalid, Rejected
from gridtrack.geo.geojson import Feature, Layer
from gridtrack.geo.layers import Reading, read_layer
from gridtrack.grids.rules import SEPARATOR, Grid, with_paths

FIELDS = ("code", "level", "parent", "name", "name_en")
MOST_LEVELS = 9
MOST_CODE = 64
MOST_NAME = 120
MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class GridFiles:
    """What to read: `files` by level, or one under level 0 whose rows name their level.

    `fields` renames: {"code": "GEOID"} reads the code from the attribute GEOID, and {"name": ""}
    says that there are no names.
    """

    files: Mapping[int, Path]
    fields: Mapping[str, str] = field(default_factory=dict)
    reading: Reading = Reading()  # noqa: RUF009 - frozen, so safe to share


def read_grids(source: GridFiles) -> list[Grid]:
    """All grids of the files in WGS-84, in the order they stand there, with their paths.

    Codes stay text: 007 keeps its zeros, a number 350924.0 is "350924". A missing name is the
    code. Shapes are as drawn, valid or not; an empty geometry is an empty polygon. Raises Invalid
    (or Rejected with several) naming file, feature and value: those of `read_layer`,
    "grid-field-unknown", "grid-field-missing", "grid-code-empty", "grid-code-bad", "grid-level",
    "grid-not-polygon".
    """
    for name in source.fields:
        if name not in FIELDS:
            raise Invalid("grid-field-unknown", field="map", value=name, known=", ".join(FIELDS))
    grids: list[Grid] = []
    for level, path in sorted(source.files.items()):
        if not 0 <= level <= MOST_LEVELS:
            raise Invalid("grid-level", field="level", value=level, file=path.name, feature=None)
        grids += _grids(read_layer(path, source.reading), level, source.fields)
    return with_paths(grids)


def _grids(layer: Layer, level: int, renamed: Mapping[str, str]) -> list[Grid]:
    names = {name: renamed.get(name, name) for name in FIELDS}
    _check_fields(layer, level, names, renamed)
    grids, faults = [], []
    for feature in layer.features:
        try:
            grids.append(_grid(layer.name, feature, level, names))
        except Invalid as fault:
            faults.append(fault)
            if len(faults) == MOST_FAULTS:
                break
    if faults:
        raise faults[0] if len(faults) == 1 else Rejected(faults)
    return grids


def _check_fields(
    layer: Layer, level: int, names: Mapping[str, str], renamed: Mapping[str, str]
) -> None:
    """A field that no row has was named wrongly: say which ones there are."""
    if not layer.features:
        return
    there = sorted({name for feature in layer.features for name in feature.properties})
    chosen = {name for name, field in renamed.items() if field}
    needed = {"code"} | (chosen if level == 0 else chosen - {"parent", "level"})
    needed |= {"level", "parent"} if level == 0 else set()
    needed |= {"parent"} if level > 1 else set()
    for name in FIELDS:
        if name in needed and names[name] not in there:
            raise Invalid(
                "grid-field-missing",
                field=name,
                value=names[name],
                file=layer.name,
                there=", ".join(there)[:300],
            )


def _grid(file: str, feature: Feature, level: int, names: Mapping[str, str]) -> Grid:
    row = {name: as_text(feature.properties.get(names[name])) for name in FIELDS}
    if not row["code"]:
        raise _bad("grid-code-empty", "code", names["code"], file, feature)
    for name in ("code", "parent"):
        value = row[name]
        if len(value) > MOST_CODE or SEPARATOR in value or not value.isprintable():
            raise _bad("grid-code-bad", name, value, file, feature)
    level = level or _level(row["level"])
    if not level:
        raise _bad("grid-level", "level", row["level"], file, feature)
    shape = shapely.Polygon() if feature.shape is None else feature.shape
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise _bad("grid-not-polygon", "geometry", shape.geom_type, file, feature)
    name, name_en = _shown(row["name"]), _shown(row["name_en"])
    return Grid(row["code"], level, row["parent"], name or row["code"], shape, "", name_en)


def _bad(code: str, name: str, value: object, file: str, feature: Feature) -> Invalid:
    return Invalid(code, field=name, value=value, file=file, feature=feature.index)


def _level(text: str) -> int:
    return int(text) if len(text) == 1 and "1" <= text <= str(MOST_LEVELS) else 0


def as_text(value: object) -> str:
    """A code as people write it: text stripped, whole numbers without ".0", nothing for null."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _shown(text: str) -> str:
    """A name fit to be shown: control characters gone, cut to what is stored."""
    return "".join(letter for letter in text if letter.isprintable())[:MOST_NAME]


def levels_given(grids: Sequence[Grid]) -> dict[int, int]:
    """How many grids each level has."""
    counts: dict[int, int] = {}
    for grid in grids:
        counts[grid.level] = counts.get(grid.level, 0) + 1
    return dict(sorted(counts.items()))
