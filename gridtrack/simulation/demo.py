"""The demo: a place, its people, thirty days behind it, and an instance that knows what it is."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from gridtrack.accounts.tables import Person
from gridtrack.categories import store as categories
from gridtrack.clock import ManualClock
from gridtrack.db import migrate
from gridtrack.errors import Conflict
from gridtrack.grids import store as grids
from gridtrack.grids.rules import Grid
from gridtrack.grids.tables import Edition
from gridtrack.simulation import town
from gridtrack.simulation.crowd import Crowd
from gridtrack.simulation.day import Day, run
from gridtrack.simulation.life import Life
from gridtrack.simulation.reports import Reports
from gridtrack.simulation.rosters import make_rosters
from gridtrack.simulation.stories import stories
from gridtrack.simulation.texts import Words
from gridtrack.usecases.calendar import keep_calendars
from gridtrack.usecases.initialise import keep_policy
from gridtrack.work import Runtime, Work

DAYS = 30
PER_DAY = 15
SEED = 2026
MARK = "demo.json"
ROADS = "roads.geojson"  # what the map draws beside the grids
FIVE_MINUTES = timedelta(minutes=5)
HOLDS = timedelta(days=3650)  # how long posts and leaves of made-up people last


def mark_of(runtime: Runtime) -> dict[str, Any] | None:
    """What an instance says about the demo in its database; None where there is none.

    A mark left by a demo in another database says nothing about this one.
    """
    path = runtime.settings.instance / MARK
    if not path.exists():
        return None
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found if found["database"] == _database(runtime) else None


def is_built(runtime: Runtime) -> bool:
    """True where the days of a demo were made to their end and are still there."""
    mark = mark_of(runtime)
    return bool(mark and mark["finished"] and migrate.current(runtime.engine) is not None)


def _database(runtime: Runtime) -> str:
    if not runtime.settings.database_url:
        return ""  # the file in the instance, wherever that is moved
    return runtime.engine.url.render_as_string(hide_password=True)


def _mark(runtime: Runtime, seed: int, *, finished: bool) -> None:
    mark = {"seed": seed, "finished": finished, "database": _database(runtime)}
    (runtime.settings.instance / MARK).write_text(json.dumps(mark), "utf-8")


def check_is_demo(runtime: Runtime) -> None:
    """Raise Conflict where the database holds something that no demo put there."""
    if mark_of(runtime) is not None or migrate.current(runtime.engine) is None:
        return
    with runtime.look() as work:
        counts = (select(func.count()).select_from(one) for one in (Person, Edition))
        if any(work.session.scalar(count) for count in counts):
            raise Conflict("not-a-demo", value=str(runtime.settings.instance.absolute()))


def empty(runtime: Runtime) -> None:
    """Take away everything a demo made; raises Conflict where it is no demo's."""
    check_is_demo(runtime)
    if migrate.current(runtime.engine) is not None:
        migrate.downgrade(runtime.engine, "base")
    shutil.rmtree(runtime.settings.instance / "photos", ignore_errors=True)
    for name in (ROADS, MARK):
        (runtime.settings.instance / name).unlink(missing_ok=True)
    runtime.memo.forget()


def build(
    runtime: Runtime,
    seed: int = SEED,
    days: int = DAYS,
    watch: Callable[[int, int], None] = lambda _d, _t: None,
) -> Day:
    """Make the place with its thirty days, ending now; `watch(done, total)` counts reports.

    The whole history goes through the product's own use cases, on a clock that ends at the present.
    """
    _mark(runtime, seed, finished=False)
    now = runtime.clock.now()
    begin = now - timedelta(days=days)
    clock = ManualClock(begin)
    past = replace(runtime, clock=clock)
    _set_up(past, (begin, now + HOLDS), seed)
    day, reports = _open(past, seed)
    told = (story for story in stories(reports, now) if story.at >= begin)
    arrivals = [*reports.days(begin, now - FIVE_MINUTES, PER_DAY), *told]
    arrivals.sort(key=lambda arrival: arrival.at)
    done = 0

    def count() -> bool:
        nonlocal done
        if day.reported != done:
            done = day.reported
            watch(done, len(arrivals))
        return True

    run(day, clock, arrivals, until=now, watch=count)
    _write_rosters(runtime)
    _mark(runtime, seed, finished=True)
    return day


def _set_up(past: Runtime, between: tuple[datetime, datetime], seed: int) -> None:
    migrate.upgrade(past.engine)
    shutil.copyfile(town.folder() / ROADS, past.settings.instance / ROADS)
    with past.work() as work:
        keep_policy(work)
        edition = town.draw_place(work, between[0])
        town.fill_posts(work, edition, between, seed)
    town.bring_book(past.work)


def _write_rosters(runtime: Runtime) -> None:
    """From now on: the days before went by the posts."""
    with runtime.work() as work:
        keep_calendars(work)
        place = town.load(work)
        paths = {one.code: one.path for one in _grids_now(work)}
        make_rosters(work, paths[place.visitor_grid])


def _grids_now(work: Work) -> Sequence[Grid]:
    edition = grids.edition_at(work.session, work.now)
    return grids.grids_of(work.session, edition.id) if edition is not None else ()


def _open(past: Runtime, seed: int) -> tuple[Day, Reports]:
    zone = ZoneInfo(past.settings.timezone)
    crowd = Crowd.shipped(zone.key, seed)
    with past.look() as work:
        reports = Reports.of(town.load(work), quick(work), zone, seed, "past")
    return Day(past, crowd, Life(crowd, Words.shipped())), reports


def quick(work: Work) -> frozenset[str]:
    """The categories that must be answered within five minutes."""
    tree = categories.tree(work.memo, work.settings.instance)
    return frozenset(
        one.code
        for one in tree.public()
        if one.acknowledge and one.acknowledge.span and one.acknowledge.span <= FIVE_MINUTES
    )
