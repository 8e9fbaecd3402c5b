"""Imports as a person does them, through the use cases, for tests of jobs and pages."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gridtrack.geo.datum import from_wgs84
from gridtrack.grids import store as grids
from gridtrack.grids.tables import Edition, GridRow
from gridtrack.imports.tables import GridImport
from gridtrack.queries.imports import ImportPage, import_page
from gridtrack.tasks import files
from gridtrack.tasks.rules import State
from gridtrack.usecases.grid_imports import (
    Decision,
    Given,
    accept_findings,
    declare_datum,
    give_files,
    map_fields,
)
from tests.builders import Site, grid_rows
from tests.jobs.toil import do_next

FIELDS = {"code": "code", "level": "level", "parent": "parent", "name": "name", "name_en": ""}


def as_file(datum: str = "wgs84", **changed: Any) -> dict[str, Any]:
    """The grids of the street of the builders as GeoJSON, drawn in `datum`."""

    def move(xy: Any) -> Any:
        return np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], datum))

    features = []
    for row in grid_rows():
        named = {name: row[name] for name in ("code", "level", "parent", "name")}
        shape = changed.get(row["code"], row["shape"])
        geometry = json.loads(shapely.to_geojson(shapely.transform(shape, move)))
        features.append({"type": "Feature", "properties": named, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def written(given: Mapping[str, Any]) -> bytes:
    return json.dumps(given, ensure_ascii=False).encode()


def begun(
    site: Site, data: bytes | None = None, who: str = "admin", name: str = "s.geojson"
) -> int:
    """An import whose one file was sent."""
    instance = site.runtime.settings.instance
    folder = files.new_folder(instance)
    data = data if data is not None else written(as_file())
    path = files.folder_of(instance, folder) / "0" / name
    path.parent.mkdir()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    with site.work(who) as work:
        given = [Given(name, f"0/{name}", 0, len(data))]
        return give_files(work, folder, given, {}, None).id


def looked(site: Site, **given: Any) -> int:
    one = begun(site, **given)
    assert do_next(site) is State.DONE
    return one


def mapped(site: Site, datum: str = "wgs84", **given: Any) -> int:
    """An import that waits for its check."""
    one = looked(site, **given)
    with site.work("admin") as work:
        declare_datum(work, one, datum)
        map_fields(work, one, FIELDS, "1", "3")
    return one


def checked(site: Site, **given: Any) -> int:
    one = mapped(site, **given)
    assert do_next(site) is State.DONE
    return one


def accepted(site: Site, accept: frozenset[str] = frozenset(), **given: Any) -> int:
    """An import that waits to be stored."""
    one = checked(site, **given)
    with site.work("admin") as work:
        accept_findings(work, one, Decision("spring", accept, "as agreed"))
    return one


def page_of(site: Site, import_id: int, who: str = "admin") -> ImportPage:
    with site.look(who) as work:
        return import_page(work, import_id)


def row_of(site: Site, import_id: int) -> GridImport:
    with site.look() as work:
        found = work.session.get(GridImport, import_id)
    assert found is not None
    return found


def nothing_left(site: Site) -> bool:
    """True where only the first edition with its grids is there, and no file."""
    root: Path = site.runtime.settings.instance / files.FOLDER
    with site.look() as work:
        editions = work.session.query(Edition).count()
        strange = work.session.query(GridRow).filter(GridRow.edition_id != 1).count()
        shown = len(grids.editions(work.session))
    return (editions, strange, shown, list(root.iterdir())) == (1, 0, 1, [])
