"""The table of figures as a file: what the page shows, with how many each figure is about."""

import tempfile
from pathlib import Path

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.figures.measures import MEASURES, Figure, Unit
from gridtrack.http.context import locale, look
from gridtrack.http.guard import may
from gridtrack.queries.figures import told
from gridtrack.sheets.writing import MEDIA, Kind, table_out
from gridtrack.web.figures import Form, key_word, name_of


@may(Permission.FIGURES)
def figures_table() -> AnyResponse:
    """Every measure by what was chosen to tell apart, CSV or Excel; a few hundred rows at most."""
    form = Form.typed()
    kind = Kind.XLSX if request.args.get("format") == Kind.XLSX.value else Kind.CSV
    with look() as unit:
        found = told(unit, form.wanted, form.by, locale(), level=form.level)
    header = ["", *(f"{name_of(code)}{end}" for code in MEASURES for end in _ends(code))]
    rows = [("", found.figures)]
    rows += [(key_word(form.by, one.key, one.name), one.figures) for one in found.groups]
    with tempfile.TemporaryDirectory(prefix="gridtrack-") as folder:
        out = Path(folder) / "figures"
        with table_out(out, kind, header) as write:
            for name, figures in rows:
                cells = [cell for code in MEASURES for cell in _cells(code, figures[code])]
                write([name or "∑", *cells])
        response = Response(out.read_bytes(), mimetype=MEDIA[kind])
    span = f"{form.wanted.begin.isoformat()}-{form.wanted.end.isoformat()}"
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"figures-{span}-{form.by}.{kind.value}"
    )
    return response


def _ends(code: str) -> tuple[str, ...]:
    return {
        Unit.COUNT: ("",), Unit.SHARE: (" n", " %"), Unit.SECONDS: (" n", " p50 s", " p90 s"),
    }[MEASURES[code].unit]  # fmt: skip


def _cells(code: str, one: Figure) -> tuple[object, ...]:
    unit = MEASURES[code].unit
    if unit is Unit.COUNT:
        return (one.hits,)
    if unit is Unit.SHARE:
        return (one.n, None if one.share is None else round(100 * one.share, 2))
    rounded = [None if value is None else round(value, 1) for value in (one.median, one.p90)]
    return (one.n, *rounded)
