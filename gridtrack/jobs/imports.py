"""The long steps of an import: look at the files, check them, store them as a draft."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gridtrack.access import Actor
from gridtrack.clock import monotonic
from gridtrack.errors import Invalid
from gridtrack.geo.datum import Datum
from gridtrack.geo.geojson import Layer
from gridtrack.geo.layers import Reading, read_layer
from gridtrack.geo.unpack import Limits
from gridtrack.grids.check import Findings, Rule
from gridtrack.grids.files import GridFiles, as_text, levels_given, read_grids
from gridtrack.grids.findings import fault_of, fault_row
from gridtrack.imports import store as imports
from gridtrack.imports.compare import DATUMS, Known, compare
from gridtrack.imports.preview import in_datum, preview_of, shifted_at
from gridtrack.imports.rules import FINDINGS, MOST_BYTES, WINDOWS, Column, column, guess
from gridtrack.imports.tables import GridImport
from gridtrack.jobs.pause import Pauses
from gridtrack.jobs.progress import Progress
from gridtrack.queries.imports import known_ground
from gridtrack.tasks import files
from gridtrack.usecases.import_grids import (
    Checked,
    NewEdition,
    prepare,
    read_and_check,
    source_of,
)
from gridtrack.usecases.keep_import import end_import, import_of, keep_check, keep_look
from gridtrack.usecases.run_task import Taken, asker
from gridtrack.usecases.store_import import BATCH, drop_some, open_edition, store_some
from gridtrack.work import Runtime

NONE = np.array([], dtype=object)
LIMITS = Limits(packed=MOST_BYTES)
ROADS = "roads.geojson"
_FIELDS_SHOWN = 60


def look(runtime: Runtime, taken: Taken, progress: Progress) -> dict[str, Any]:
    """Read the files as they stand there: columns, a preview in each datum, and what fits best."""
    one, folder = _given(runtime, taken)
    progress.phase("read", len(one.files))
    layers = []
    for n, file in enumerate(one.files):
        layers.append((file["level"], read_layer(folder / file["stored"], _reading(one))))
        progress(n + 1, len(one.files))
    progress.phase("compare")
    actor = _actor(runtime, taken)
    looked = _looked(layers, _known(runtime, actor), folder, progress)
    with runtime.work(actor) as work:
        keep_look(work, one.id, taken.id, looked)
    return {"import": one.id}


def check(runtime: Runtime, taken: Taken, progress: Progress) -> dict[str, Any]:
    """Read the files as declared and check them, as `grids check` does."""
    one, folder = _given(runtime, taken)
    progress.phase("read")
    rule = Rule(float(one.said["tolerance_m"]), int(one.said["depth"]))
    begun = False

    def step(done: int, total: int) -> None:
        nonlocal begun
        if not begun:
            progress.phase("check", total)
            begun = True
        progress(done, total)

    checked = read_and_check(_files(one, folder), rule, step)
    found = checked.findings
    kept = [fault_row(fault) for fault in found.faults]
    (folder / FINDINGS).write_bytes(gzip.compress(json.dumps(kept).encode(), 5))
    said = {
        "summary": found.summary,
        "within_tolerance": found.within_tolerance,
        "rule": {
            "tolerance_m": found.rule.tolerance_m,
            "depth": found.rule.depth,
            "plane": found.rule.plane,
        },
        "levels": {str(n): count for n, count in levels_given(checked.grids).items()},
    }
    with runtime.work(_actor(runtime, taken)) as work:
        keep_check(work, one.id, taken.id, said)
    return {"import": one.id}


def store(runtime: Runtime, taken: Taken, progress: Progress) -> dict[str, Any]:
    """Store what was checked as a draft: all of it, or nothing."""
    with runtime.look() as work:
        ended = imports.get(work.session, int(taken.params["import"]))
    if ended.task_id == taken.id and ended.edition_id is not None:
        return {"edition": ended.edition_id}  # it died after its last word
    one, folder = _given(runtime, taken)
    progress.phase("read")
    assert one.checked is not None
    given = _files(one, folder)
    checked = Checked(read_grids(given), _findings(one, folder), source_of(given))
    new = NewEdition(one.said["name"], frozenset(one.said["accept"]), one.said["note"])
    prepared = prepare(checked, new)
    progress.phase("store", len(prepared.rows))
    actor = _actor(runtime, taken)
    with runtime.work(actor) as work:
        edition_id = open_edition(work, prepared, taken.id)
    pauses = Pauses(monotonic)
    for start in range(0, len(prepared.rows), BATCH):
        rows = prepared.rows[start : start + BATCH]
        with pauses.after(), runtime.work(actor) as work:
            store_some(work, edition_id, rows)
        progress(start + len(rows), len(prepared.rows))
    with runtime.work(actor) as work:
        end_import(work, one.id, taken.id, edition_id, prepared)
    files.drop(runtime.settings.instance, one.folder)
    return {"edition": edition_id}


def tidy(runtime: Runtime, taken: Taken) -> None:
    """Drop what a store stored and did not end, and the folder of an import that was cancelled."""
    pauses, left = Pauses(monotonic), True
    while left:
        with pauses.after(), runtime.work() as work:
            left = drop_some(work, taken.id)
    with runtime.look() as work:
        one = work.session.get(GridImport, int(taken.params["import"]))
    if one is not None and one.state == imports.CANCELLED:
        files.drop(runtime.settings.instance, one.folder)


def _given(runtime: Runtime, taken: Taken) -> tuple[GridImport, Path]:
    with runtime.look(_actor(runtime, taken)) as work:
        one = import_of(work, int(taken.params["import"]), taken.id)
    return one, files.folder_of(runtime.settings.instance, one.folder)


def _actor(runtime: Runtime, taken: Taken) -> Actor:
    with runtime.look() as work:
        return asker(work, taken)


def _reading(one: GridImport, datum: str = Datum.WGS84.value) -> Reading:
    """What was declared of the files; without a datum they are read as they stand there."""
    said = {name: str(one.said.get(name, "")) for name in ("crs", "layer", "encoding")}
    return Reading(said["crs"], datum, said["layer"], said["encoding"], LIMITS)


def _files(one: GridImport, folder: Path) -> GridFiles:
    paths = {file["level"]: folder / file["stored"] for file in one.files}
    return GridFiles(paths, one.said["fields"], _reading(one, one.said["datum"]))


def _findings(one: GridImport, folder: Path) -> Findings:
    assert one.checked is not None
    rows = json.loads(gzip.decompress((folder / FINDINGS).read_bytes()))
    faults = tuple(fault_of(row) for row in rows)
    return Findings(faults, one.checked["within_tolerance"], Rule(**one.checked["rule"]))


def _looked(
    layers: Sequence[tuple[int, Layer]], known: Known, folder: Path, progress: Progress
) -> dict[str, Any]:
    features = [feature for _, layer in layers for feature in layer.features]
    shapes = np.array([feature.shape for feature in features] or [], dtype=object)
    shapes = np.where(shapely.is_missing(shapes), shapely.Polygon(), shapes)
    polygons = np.isin(shapely.get_type_id(shapes), (3, 6)) & ~shapely.is_empty(shapes)
    if not polygons.any():
        called = ", ".join(layer.name for _, layer in layers)
        raise Invalid("import-no-polygons", field="files", value=called)
    columns = _columns(layers)
    guessed = guess(columns, len(features))
    levels = _levels(layers, guessed)
    names = [_name(feature.properties, guessed) for feature in features]
    preview = preview_of(np.where(polygons, shapes, shapely.Polygon()), names, levels)
    for datum in DATUMS:
        (folder / f"preview-{datum}.json.gz").write_bytes(in_datum(preview, datum))
    progress.phase("draw")
    comparison = compare(shapes[polygons], known).as_json()
    (folder / WINDOWS).write_text(json.dumps(comparison), "utf-8")
    west, south, east, north = shapely.total_bounds(shapes[polygons]).tolist()
    return {
        "count": len(features),
        "polygons": int(polygons.sum()),
        "columns": [one.as_json() for one in columns[:_FIELDS_SHOWN]],
        "guess": guessed,
        "crs": layers[0][1].crs or "",
        "extent": [west, south, east, north],
        "left_out": preview.left_out,
        "against": comparison["against"],
        "metres": comparison["metres"],
        "shifted": shifted_at((west + east) / 2, (south + north) / 2, "gcj02"),
    }


def _columns(layers: Sequence[tuple[int, Layer]]) -> list[Column]:
    rows = [feature.properties for _, layer in layers for feature in layer.features]
    names = list(dict.fromkeys(name for row in rows for name in row))
    texts = {name: [as_text(row.get(name)) for row in rows] for name in names}
    plain = [column(name, values) for name, values in texts.items()]
    code = guess(plain, len(rows)).get("code")
    codes = frozenset(texts[code]) - {""} if code else frozenset()
    return [column(name, texts[name], codes if name != code else frozenset()) for name in names]


def _levels(layers: Sequence[tuple[int, Layer]], guessed: Mapping[str, str]) -> list[int]:
    field = guessed.get("level", "")
    return [
        level or (int(text) if len(text := as_text(row.properties.get(field))) == 1
                  and text in "123456789" else 0)
        for level, layer in layers
        for row in layer.features
    ]  # fmt: skip


def _name(properties: Mapping[str, object], guessed: Mapping[str, str]) -> str:
    for field in ("name", "code"):
        if field in guessed and (text := as_text(properties.get(guessed[field]))):
            return text[:40]
    return ""


def _known(runtime: Runtime, actor: Actor) -> Known:
    """What lies on the ground already: the borders in force, the roads, the estates."""
    with runtime.look(actor) as work:
        ground = known_ground(work)
    lines = {kind: shapely.boundary(np.array(found, dtype=object)) for kind, found in ground}
    roads = runtime.settings.instance / ROADS
    if roads.is_file():
        shapes = [one.shape for one in read_layer(roads).features if one.shape is not None]
        drawn = np.array([one for one in shapes if "Line" in one.geom_type], dtype=object)
        lines = {"grids": lines.pop("grids", NONE), "roads": drawn, **lines}
    return Known(lines)
