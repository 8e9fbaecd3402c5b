"""An edition out again: choose what, and get the file."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission, permits
from gridtrack.errors import Invalid, NotFound
from gridtrack.geo.datum import Datum
from gridtrack.grids.outputs import DATUMS, ENDING, MEDIA, Format
from gridtrack.http.context import actor, locale, look
from gridtrack.http.guard import may
from gridtrack.queries.export import Wanted, branches, export_doors, export_grids
from gridtrack.web.choices import datums

DOORS = "doors"
PIECE = 1 << 16


@may(Permission.GRIDS_DRAW)
def export_page(edition_id: int) -> str:
    """The form: which grids, as what, in which datum; and the sheets to post."""
    with look() as unit:
        edition, found = branches(unit, edition_id, locale())
    doors = permits(actor(), Permission.DOORS_EDIT)
    return render_template(
        "edition_export.html",
        edition=edition,
        branches=found,
        doors=doors,
        datums=datums(DATUMS),
    )


@may(Permission.GRIDS_DRAW)
def export_file(edition_id: int, kind: str) -> AnyResponse:
    """The file itself; `under` and `datum` as in the form, `kind` a format or `doors`."""
    if kind == "any":  # what a form without scripts can say
        kind = request.args.get("format", "")
    if kind not in (*Format, DOORS):
        raise NotFound("http-404")
    form = Format.GEOJSON if kind == DOORS else Format(kind)
    wanted = Wanted(edition_id, form, request.args.get("under", ""), _datum())
    with ExitStack() as undo:
        out = Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="gridtrack-"))) / "out"
        with look() as unit:
            (export_doors if kind == DOORS else export_grids)(unit, wanted, out)
        folder = undo.pop_all()
    media = "text/csv; charset=utf-8" if kind == DOORS else MEDIA[form]
    response = Response(_pieces(out), mimetype=media)
    # The folder goes with the last byte, or with a reader who left.
    response.call_on_close(folder.close)
    ending = "csv" if kind == DOORS else ENDING[form]
    name = wanted.name if kind != DOORS else wanted.name.replace("grids-", "doors-", 1)
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{ending}")
    response.content_length = out.stat().st_size
    return response


def _datum() -> Datum:
    given = request.args.get("datum", Datum.WGS84.value)
    if given not in DATUMS:
        raise Invalid("datum-unknown", field="datum", value=given, known=", ".join(DATUMS))
    return Datum(given)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
