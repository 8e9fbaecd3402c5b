"""Plain functions with defaults that build a small street, and say what a test is about."""

import re
import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from gridtrack.access import RESIDENT, Actor, Role
from gridtrack.accounts import store as accounts
from gridtrack.accounts.store import NewPost
from gridtrack.accounts.tables import Person
from gridtrack.clock import ManualClock
from gridtrack.grids import store as grids
from gridtrack.grids.tables import Edition
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import Place, Report, ReporterGiven, Source
from gridtrack.incidents.rules import replay
from gridtrack.incidents.tables import Event, Incident
from gridtrack.jobs.sweeper import Tick, tick
from gridtrack.notifications.tables import Message
from gridtrack.settings import Settings
from gridtrack.usecases.acknowledge import acknowledge
from gridtrack.usecases.initialise import keep_policy
from gridtrack.usecases.report import Receipt, report_incident
from gridtrack.work import SESSION_OPTIONS, Runtime, Work, make_runtime
from tests.thrift import hurry, share_statements

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # a Friday, ten in the morning in Shanghai
# About a metre is 1e-5 degrees here; the street is two communities of 2 x 2 leaves of 300 m.
WEST, SOUTH, STEP = 119.5, 27.4, 0.003
LAMP, BUILDING, FUNERAL, DISPUTE, PARKING, SUGGESTION = (
    "0601",
    "0101",
    "0301",
    "0201",
    "0104",
    "1201",
)

LADDER = "[[ladder]]\n"

# Argon2 takes a tenth of a second; tests that do not log in use a hash that fits no password.
NO_PASSWORD = "!"


@dataclass(slots=True)
class Site:
    """A street with people; the clock stands still until a test moves it."""

    runtime: Runtime
    clock: ManualClock
    people: dict[str, int] = field(default_factory=dict)

    def work(self, who: str | Actor = "engine") -> AbstractContextManager[Work]:
        return self.runtime.work(self.actor(who)) if who != "engine" else self.runtime.work()

    def look(self, who: str | Actor = "engine") -> AbstractContextManager[Work]:
        return self.runtime.look(self.actor(who)) if who != "engine" else self.runtime.look()

    def actor(self, who: str | Actor) -> Actor:
        """The actor behind a login of this street, with the posts in force now."""
        if isinstance(who, Actor):
            return who
        with self.runtime.look() as work:
            found = accounts.actor(work.session, self.people[who], work.now)
        assert found is not None
        return found

    def report(self, category: str = LAMP, by: str | Actor = RESIDENT, **given: Any) -> Receipt:
        """Report something, in the middle of leaf A11 unless told otherwise."""
        with self.work(by) as work:
            return report_incident(work, a_report(category, **given))

    def acknowledge(self, incident_id: int, by: str) -> int:
        with self.work(by) as work:
            return acknowledge(work, incident_id)

    def sweep(self, **later: float) -> Tick:
        """Move the clock and sweep."""
        self.clock.advance(**later)
        return tick(self.runtime)

    def incident(self, incident_id: int) -> Incident:
        with self.look() as work:
            return incidents.get(work.session, incident_id)

    def events(self, incident_id: int) -> list[Event]:
        with self.look() as work:
            return list(incidents.events(work.session, incident_id))

    def kinds(self, incident_id: int) -> list[str]:
        return [event.kind for event in self.events(incident_id)]

    def told(self, who: str) -> list[str]:
        """What kinds of notices somebody got, oldest first."""
        with self.look() as work:
            rows = work.session.query(Message).filter_by(
                recipient_id=self.people[who], channel="inbox"
            )
            return [row.kind for row in rows.order_by(Message.id)]

    def sums_up(self, incident_id: int) -> bool:
        """True when the events of an incident add up to its row."""
        row = self.incident(incident_id)
        summed = replay((e.seq, e.data) for e in self.events(incident_id))
        return all(getattr(row, name) == value for name, value in summed.items())


def a_report(category: str = LAMP, **given: Any) -> Report:
    """A report with everything a test does not care about."""
    lon, lat = given.pop("at", middle("A11"))
    place = given.pop("place", Place(lon, lat, "wgs84"))
    options: dict[str, Any] = {
        "client_id": str(uuid.uuid4()),
        "source": Source.RESIDENT,
        "description": "楼下的路灯坏了",
        "reporter": ReporterGiven("林某", "13800000000"),
        **given,
    }
    return Report(category=category, place=place, **options)


def leaves() -> dict[str, shapely.Polygon]:
    """Eight squares of 0.003 degrees: A11 A12 A21 A22 in community A, then B east of it."""
    found = {}
    for c, community in enumerate("AB"):
        for row in (1, 2):
            for column in (1, 2):
                west = WEST + STEP * (2 * c + column - 1)
                north = SOUTH - STEP * (row - 1)
                found[f"{community}{row}{column}"] = shapely.box(
                    west, north - STEP, west + STEP, north
                )
    return found


def middle(code: str) -> tuple[float, float]:
    """The middle of a leaf."""
    point = leaves()[code].centroid
    return point.x, point.y


def grid_rows() -> list[dict[str, Any]]:
    """The three levels of the street as rows of the grid table."""
    shapes: dict[str, tuple[int, str, shapely.Geometry]] = {}
    for code, shape in leaves().items():
        shapes[code] = (3, code[:2], shape)
    for code in ("A1", "A2", "B1", "B2"):
        parts = [s for c, s in leaves().items() if c.startswith(code)]
        shapes[code] = (2, code[:1], shapely.union_all(parts))
    for code in "AB":
        parts = [s for c, s in leaves().items() if c.startswith(code)]
        shapes[code] = (1, "", shapely.union_all(parts))
    return [_grid_row(code, *rest) for code, rest in sorted(shapes.items())]


def _grid_row(code: str, level: int, parent: str, shape: shapely.Geometry) -> dict[str, Any]:
    west, south, east, north = shape.bounds
    return {
        "code": code,
        "level": level,
        "parent": parent,
        "name": f"{code}网格",
        "name_en": f"Grid {code}",
        "path": path(code),
        "shape": shape,
        "area_m2": 90_000.0 * 4 ** (3 - level),
        "households": 200,
        "min_lon": west,
        "min_lat": south,
        "max_lon": east,
        "max_lat": north,
    }


def path(code: str) -> str:
    """The path of a grid of this street: A11 is A/A1/A11."""
    return "/".join(code[:n] for n in range(1, len(code) + 1))


PEOPLE = (
    ("worker-a11", Role.GRIDWORKER, "A11", {}),
    ("deputy-a11", Role.GRIDWORKER, "A11", {"deputy": True}),
    ("worker-a12", Role.GRIDWORKER, "A12", {}),
    ("leader-a1", Role.LEADER, "A1", {}),
    ("secretary-a", Role.SECRETARY, "A", {}),
    ("secretary-a2", Role.SECRETARY, "A", {"deputy": True}),
    ("worker-b11", Role.GRIDWORKER, "B11", {}),
    ("secretary-b", Role.SECRETARY, "B", {}),
    ("street", Role.STREET, "", {}),
    ("desk", Role.DESK, "", {}),
    ("checker-a", Role.CHECKER, "A", {}),
    ("property-e1", Role.PROPERTY, "", {"zone": "E1"}),
    ("admin", Role.SYSTEM, "", {}),
    ("security", Role.SECURITY, "", {}),
    ("auditor", Role.AUDIT, "", {}),
)


def policy_of(*clocks: str) -> str:
    """The shipped policy with the ladders of these clocks alone: others are not kept."""
    head, *ladders = (files("gridtrack.deadlines") / "policy.toml").read_text("utf-8").split(LADDER)
    kept = [one for one in ladders if clock_of_ladder(one) in clocks]
    return LADDER.join([head, *kept])


def clock_of_ladder(text: str) -> str:
    found = re.search(r'^clock = "(\w+)"', text, re.MULTILINE)
    return found.group(1) if found else "acknowledge"


def a_site(url: str, instance: Path, now: datetime = NOW, *, every_clock: bool = False) -> Site:
    """A street of two communities with people, at `now`, on a migrated database.

    It promises to acknowledge and nothing else, so that a test says what it is about;
    `every_clock` promises what the shipped policy does.
    """
    site = opened(url, instance, now, every_clock=every_clock)
    long_ago = now - timedelta(days=400)
    with site.runtime.work(now=long_ago) as work:
        keep_policy(work)
        _grids(work, long_ago)
        for login, role, code, extra in PEOPLE:
            post = NewPost(role, path(code) if code else "", **extra)
            person = Person(login=login, name=login, password_hash=NO_PASSWORD, created_at=long_ago)
            person.phone, person.locale, person.active = "", "zh", True
            accounts.add_person(work.session, person, (post,), long_ago)
            site.people[login] = person.id
    return site


def opened(
    url: str,
    instance: Path,
    now: datetime = NOW,
    *,
    every_clock: bool = False,
    engine: Engine | None = None,
) -> Site:
    """A site on a database that has the street already, or will: nothing is written there."""
    clock = ManualClock(now)
    settings = Settings(instance=instance, database_url=url, undo_s=0, second_factor="off")
    runtime = make_runtime(settings, clock)
    if runtime.engine.dialect.name == "sqlite":
        hurry(share_statements(runtime.engine))
    if engine is not None:
        engine.update_execution_options(**runtime.engine.get_execution_options())
        sessions = sessionmaker(engine, **SESSION_OPTIONS)
        runtime = replace(runtime, engine=engine, sessions=sessions)
    if not every_clock:
        own = policy_of("acknowledge", "supervise")
        (runtime.settings.instance / "policy.toml").write_text(own, "utf-8")
    return Site(runtime, clock)


def _grids(work: Work, at: datetime) -> None:
    edition = Edition(
        name="the street", state="draft", created_at=at, created_by="tests", tolerance_m=1.0,
        source={}, accepted=[], note="",
    )  # fmt: skip
    grids.save_edition(work.session, edition, grid_rows())
    grids.activate(work.session, edition.id, at)
    west, south, east, north = leaves()["A11"].bounds
    estate = shapely.box(west, south, west + (east - west) / 3, north)  # the west third of A11
    grids.add_zones(
        work.session,
        [{"kind": "estate", "code": "E1", "name": "一号小区", "manager": "某物业", "shape": estate,
          "from_at": at}],
    )  # fmt: skip


def in_estate() -> tuple[float, float]:
    """A point in leaf A11 that lies in estate E1."""
    west, south, east, north = leaves()["A11"].bounds
    return west + (east - west) / 6, (south + north) / 2
