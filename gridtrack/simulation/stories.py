"""The sources' own cases, told again at the demo place, step by step."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from gridtrack.incidents.intake import Choice, Place, Report, ReporterGiven, Source
from gridtrack.simulation.day import Arrival
from gridtrack.simulation.reports import Reports
from gridtrack.simulation.steps import Step
from gridtrack.simulation.texts import document
from gridtrack.simulation.town import Plate

_SPAN = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)min)?(?:(\d+)s)?")
_BY = {
    "resident": Source.RESIDENT, "station": Source.STATION, "hotline": Source.HOTLINE,
    "courier": Source.RESIDENT, "gridworker": Source.PATROL,
}  # fmt: skip
_OWN = frozenset({"after", "who", "do"})


def span(text: str) -> timedelta:
    """A span such as `2d3h` or `5min30s`."""
    found = _SPAN.fullmatch(text)
    assert found is not None, text
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def stories(reports: Reports, end: datetime) -> list[Arrival]:
    """Every story as a report with its steps, days before `end`; the future is left out."""
    told = (_told(reports, story, end) for story in document("stories.toml")["story"])
    return sorted((one for one in told if one.at < end), key=lambda one: one.at)


def _told(reports: Reports, story: Mapping[str, Any], end: datetime) -> Arrival:
    day = end.astimezone(reports.zone).date() - timedelta(days=story["days_ago"])
    at = datetime.combine(day, time.fromisoformat(story["time"]), reports.zone)
    plate = _plate(reports.town.plates, story)
    report = Report(
        client_id=reports.client_id(),
        category=story["category"],
        source=_BY[story["by"]],
        description=story["text"],
        place=Place(plate.lon, plate.lat, "wgs84", 8.0),
        occurred_at=at,
        address=plate.address,
        reporter=_who(story),
    )
    reporter_id = None
    if story["by"] == "gridworker":
        reporter_id = reports.town.workers[plate.grid]
    elif story["by"] == "courier":
        reporter_id = reports.town.couriers[0]
    return Arrival(at, report, reporter_id, _steps(story, at), photo=story.get("photo", False))


def _plate(plates: Sequence[Plate], story: Mapping[str, Any]) -> Plate:
    for name in ("address", "estate", "road"):
        if name in story:
            return next(one for one in plates if getattr(one, name) == story[name])
    raise KeyError(story["title"])


def _who(story: Mapping[str, Any]) -> ReporterGiven | None:
    if "name" not in story:
        return None
    return ReporterGiven(story["name"], "13900000000", Choice.HIDDEN)


def _steps(story: Mapping[str, Any], at: datetime) -> Callable[[int], Iterator[Step]]:
    def tell(incident_id: int) -> Iterator[Step]:
        for step in story["steps"]:
            given = {name: value for name, value in step.items() if name not in _OWN}
            if "until" in given:
                given["until"] = at + span(given["until"])
            yield Step(at + span(step["after"]), incident_id, step["do"], step["who"], given)

    return tell
