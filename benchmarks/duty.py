"""Who is on duty: posts alone against posts with rosters, leave and deputies put together.

    ./dev bench duty [--rosters N] [--calls N] [--json OUT]

`ratio` is the CPU of one look-up by the product / that of the plain look-up of posts in the same
run, on SQLite: without any roster, on ground that no roster is about, and on ground whose night
shift runs, with N rosters in all. `holes_s` is one look at the coming week for all N rosters.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gridtrack.access import Role
from gridtrack.accounts import store as accounts
from gridtrack.accounts.store import NewPost
from gridtrack.accounts.tables import Person
from gridtrack.duty import store as duty
from gridtrack.duty.rules import Days, Hours, Roster, Shift
from gridtrack.duty.store import Change
from gridtrack.queries.on_duty import on_duty
from gridtrack.routing.rules import ancestors
from gridtrack.usecases.warn_holes import warn_of_holes
from gridtrack.work import Work
from tests.builders import NOW, Site, a_site
from tests.databases import migrated_sqlite

NIGHT = NOW + timedelta(hours=12)  # ten in the evening there
LEAF, FREE = "A/A1/A11", "B/B1/B11"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rosters", type=int, default=1000)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = a_site(f"sqlite:///{migrated_sqlite(Path(folder) / 'b.sqlite')}", Path(folder) / "i")
        found = measure(site, asked.rosters, asked.calls)
        site.runtime.engine.dispose()
    text = json.dumps(found, indent=1)
    print(text)
    if asked.json:
        asked.json.write_text(text + "\n", "utf-8")


def measure(site: Site, rosters: int, calls: int) -> dict[str, Any]:
    """The figures."""
    site.clock.set(NIGHT)
    with site.look() as work:
        none = _ratio(work, FREE, calls)
    with site.work() as work:
        _fill(work, site, rosters)
    with site.look() as work:
        free, night = _ratio(work, FREE, calls), _ratio(work, LEAF, calls)
    with site.work() as work:
        began = time.process_time()
        warn_of_holes(work)
        holes_s = time.process_time() - began
    return {
        "rosters": rosters,
        "ratio_without_rosters": none,
        "ratio_ground_without": free,
        "ratio_night_shift": night,
        "holes_s": round(holes_s, 2),
    }


def _fill(work: Work, site: Site, count: int) -> None:
    """One night roster over A, and the others over estates, each with a person of its own."""
    night = Shift(Hours(1080, 1920), tuple((site.people[f"worker-{c}"],) for c in ("a11", "a12")))
    given = {"start": date(2026, 11, 1)}
    save = [Roster("night", "night", "gridworker", scope="A", shifts=(night,), **given)]
    for n in range(count - 1):
        person = Person(login=f"p{n}", name=f"p{n}", password_hash="!", created_at=work.now)
        person.phone, person.locale, person.active = "", "zh", True
        post = NewPost(Role.PROPERTY, zone=f"Z{n}")
        accounts.add_person(work.session, person, (post,), work.now - timedelta(days=9))
        shift = Shift(Hours(480, 1080), ((person.id,),), Days("workdays"))
        save.append(Roster(f"z{n}", f"z{n}", "property", zone=f"Z{n}", shifts=(shift,), **given))
    for one in save:
        duty.save(work.session, one)
    duty.append(work.session, Change(work.now, None, "bench", "made", None, {}))
    duty.forget(work.memo)


def _ratio(work: Work, path: str, calls: int) -> float:
    """CPU of the product's look-up / that of posts alone, in turns, the best of five."""
    scopes = ancestors(path)

    def plain() -> object:
        return accounts.on_duty(work.session, scopes, (), work.now)

    def product() -> object:
        return on_duty(work, scopes, ())

    turns = [(_cpu(product, calls // 5), _cpu(plain, calls // 5)) for _ in range(5)]
    return round(min(one for one, _ in turns) / min(one for _, one in turns), 2)


def _cpu(call: Callable[[], object], calls: int) -> float:
    call()
    began = time.process_time()
    for _ in range(calls):
        call()
    return time.process_time() - began


if __name__ == "__main__":
    main()
