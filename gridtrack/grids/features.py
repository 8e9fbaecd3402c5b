"""Grids as they travel to a map: GeoJSON texts, one feature each, joined and gzipped."""

import gzip
import json
from collections.abc import Iterable, Sequence
from typing import Any

import shapely

from gridtrack.geo.thin import Shapes


def feature_texts(rows: Sequence[Any], shapes: Shapes, level: int) -> list[str]:
    """A feature for each row that has something to show; rows carry the columns of `grid`."""
    empty = shapely.is_empty(shapes)
    return [
        f'{{"type":"Feature","id":{as_text(row.code)},"geometry":{shape},"properties":'
        f"{as_text(_properties(row, level))}}}"
        for row, shape, gone in zip(rows, shapely.to_geojson(shapes), empty, strict=True)
        if not gone
    ]


def _properties(row: Any, level: int) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "name_en": row.name_en,
        "path": row.path,
        "level": level,
        "parent": row.parent,
    }


def packed(features: Iterable[str], **known: object) -> bytes:
    """A collection of feature texts, gzipped; `known` are further members of the collection."""
    said = "".join(f"{as_text(name)}:{as_text(value)}," for name, value in known.items())
    text = f'{{"type":"FeatureCollection",{said}"features":[{",".join(features)}]}}'
    return gzip.compress(text.encode(), 5, mtime=0)


def as_text(value: object) -> str:
    """JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
