"""The coverage report on the page and as a file: every plate in exactly one base grid."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, render_template, request

from gridtrack.access import Permission
from gridtrack.errors import NotFound
from gridtrack.grids import store as grids
from gridtrack.grids.lifecycle import State
from gridtrack.http.context import locale, look
from gridtrack.http.guard import may
from gridtrack.i18n.sentences import sentence
from gridtrack.queries.door_coverage import Coverage, coverage, summary
from gridtrack.queries.edition_map import edition_extent
from gridtrack.sheets.csv_text import csv_text
from gridtrack.web.asked import whole
from gridtrack.web.stories import say
from gridtrack.work import Work

SHOWN = 200


@may(Permission.GRIDS_DRAW)
def doors_coverage() -> str:
    """The report over an edition, the one in force where none is named."""
    with look() as unit:
        editions = [
            (one.id, one.name)
            for one in grids.editions(unit.session)
            if one.state != State.DISCARDED.value
        ]
        report = _report(unit) if editions else None
        extent = edition_extent(unit, report.edition_id) if report else ""
    if report is None:
        return render_template("doors_coverage.html", report=None)
    strays = report.strays[:SHOWN]
    points = [
        {"id": one.id, "text": one.text, "kind": one.kind, "at": [one.lon, one.lat]}
        for one in strays
        if one.lon is not None
    ]
    odd = [line for line in report.leaves if line.size or line.unmanned]
    return render_template(
        "doors_coverage.html",
        report=report,
        sums=summary(report),
        extent=extent,
        editions=editions,
        strays=strays,
        points=points,
        odd=odd,
        above=[line for line in report.lines if not line.leaf],
        said=say,
    )


@may(Permission.GRIDS_DRAW)
def coverage_file(what: str) -> Response:
    """The report as CSV: `grids` with their sums, or the `plates` that stray."""
    if what not in ("grids", "plates"):
        raise NotFound("http-404")
    with look() as unit:
        report = _report(unit)
    rows = _grids(report) if what == "grids" else _plates(report)
    response = Response(csv_text(rows), mimetype="text/csv")
    name = f"coverage-{report.edition_id}-{what}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _report(unit: Work) -> Coverage:
    return coverage(unit, whole(request.args.get("edition", "")), locale())


def _grids(report: Coverage) -> Iterable[Sequence[Any]]:
    yield ("code", "path", "level", "name", "addresses", "households", "size", "on_duty")
    for one in report.lines:
        size = sentence(f"door-size-{one.size}", locale()) if one.size else ""
        people = "、".join(one.on_duty) if one.leaf else ""
        yield (one.code, one.path, one.level, one.name, one.addresses, one.households, size, people)


def _plates(report: Coverage) -> Iterable[Sequence[Any]]:
    yield ("id", "address", "fault", "grids", "away_m", "households", "lon", "lat")
    for one in report.strays:
        fault = sentence(f"door-stray-{one.kind}", locale())
        away = "" if one.away_m is None else round(one.away_m, 1)
        homes = "" if one.households is None else one.households
        yield (one.id, one.text, fault, " ".join(one.grids), away, homes, one.lon, one.lat)
