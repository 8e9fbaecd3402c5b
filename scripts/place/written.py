"""The demo place as the bytes of its four files; WGS-84, one feature or plate a line."""

import csv
import io
import json
from collections.abc import Iterable, Mapping

import shapely
from shapely.geometry import Point, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from place.names import SUBDISTRICT_CODE
from place.plane import to_degrees
from place.skeleton import WIDTH
from place.town import Town

Properties = Mapping[str, object]
COLUMNS = (
    "address", "road", "number", "estate", "building", "unit", "lon", "lat", "households",
    "grid_code",
)  # fmt: skip
SEEN = box(-2000, -1500, 2000, 1500)  # how far the river is drawn beyond the edge (m)


def files(town: Town) -> dict[str, str]:
    """File name -> text of every file of the place."""
    return {
        "grids.geojson": _collection(_grids(town)),
        "estates.geojson": _collection(_estates(town)),
        "roads.geojson": _collection(_background(town)),
        "addresses.csv": _addresses(town),
    }


def _grids(town: Town) -> Iterable[tuple[Properties, BaseGeometry]]:
    for grid in town.grids:
        properties = {
            "code": grid.code,
            "level": grid.level,
            "parent": grid.parent or None,
            "name": grid.name,
            "name_en": grid.name_en,
            "households": grid.households,
        }
        yield properties, grid.shape


def _estates(town: Town) -> Iterable[tuple[Properties, BaseGeometry]]:
    for serial, (estate, land) in enumerate(town.estates, start=1):
        own = [plate for plate in town.plates if plate.estate == estate.name]
        properties = {
            "code": f"{SUBDISTRICT_CODE}E{serial:02}",
            "name": estate.name,
            "name_en": estate.name_en,
            "manager": estate.manager,
            "manager_en": estate.manager_en,
            "road": estate.road,
            "households": sum(plate.households for plate in own),
        }
        yield properties, to_degrees(land)


def _background(town: Town) -> Iterable[tuple[Properties, BaseGeometry]]:
    river = town.network.river
    bed = river.line.buffer(WIDTH["river"] / 2, quad_segs=4).intersection(SEEN)
    yield {"name": river.name, "name_en": river.name_en, "kind": "river"}, to_degrees(bed)
    for site, land in town.sites:
        yield {"name": site.name, "name_en": site.name_en, "kind": site.kind}, to_degrees(land)
    for road in town.network.roads:
        properties = {
            "name": road.name,
            "name_en": road.name_en,
            "kind": road.kind,
            "width_m": WIDTH[road.kind],
        }
        yield properties, to_degrees(road.line)


def _collection(features: Iterable[tuple[Properties, BaseGeometry]]) -> str:
    lines = ",\n".join(_feature(properties, shape) for properties, shape in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'


def _feature(properties: Properties, shape: BaseGeometry) -> str:
    if isinstance(shape, Polygon):  # RFC 7946: outer rings run counterclockwise
        shape = shapely.orient_polygons(shapely.normalize(shape))
    feature = {"type": "Feature", "properties": properties, "geometry": mapping(shape)}
    return json.dumps(feature, ensure_ascii=False)


def _addresses(town: Town) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    base = [grid for grid in town.grids if grid.level == 3]
    tree = shapely.STRtree([grid.shape for grid in base])
    for plate in town.plates:
        at: Point = to_degrees(plate.at)
        (owner,) = tree.query(at, predicate="within")
        table.writerow(
            [
                plate.address, plate.road, plate.number, plate.estate, plate.building, plate.unit,
                at.x, at.y, plate.households, base[owner].code,
            ]
        )  # fmt: skip
    return text.getvalue()
