"""The keys that seal reporters: what each has sealed, a new one, and away with those unused.

Who starts it has the machine already, so nobody else is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from gridtrack.errors import Conflict
from gridtrack.incidents import reporter_store as reporters
from gridtrack.incidents.reporter_store import Sealed
from gridtrack.incidents.reporters import CONTACT, NAME, bound
from gridtrack.sealing.keys import Keys
from gridtrack.sealing.ring import key_of, new_key
from gridtrack.work import Runtime

log = structlog.get_logger()
BATCH = 500
# A report that was sealed a moment before the rotation may not be committed yet.
SETTLED = timedelta(hours=1)
Watch = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A key, and how many values it has sealed; `here` False where it is missing."""

    id: str
    algorithm: str
    made: str
    seals: bool
    values: int
    here: bool = True


def key_uses(here: Runtime) -> list[KeyUse]:
    """Every key of the ring, the one that seals first, then those that are missing."""
    ring = here.keys.ring
    with here.look() as work:
        used = reporters.by_key(work.session)
    found = [
        KeyUse(key.id, key.algorithm, key.made, key == ring.current, used.pop(key.id, 0))
        for key in ring.keys
    ]
    missing = [KeyUse(name, "", "", seals=False, values=n, here=False) for name, n in used.items()]
    return [*found, *sorted(missing, key=lambda one: one.id)]


def rotate(here: Runtime, watch: Watch, *, go_on: bool = False) -> int:
    """Make a key that seals from now on, and seal anew what older ones did; returns how many.

    `go_on` makes no key: it ends what was interrupted. A batch is a transaction of its own, so
    whatever ends this leaves every value under one key of the ring. The old keys stay. Raises
    Conflict where a setting gives the keys, Unavailable where one that is needed is missing.
    """
    if not go_on:
        made = new_key(here.settings.sealing_algorithm, here.clock.now().isoformat())
        here.keys.change(lambda ring: ring.led_by(made))
        log.info("seal-key-made", key=made.id, algorithm=made.algorithm)
    with here.look() as work:
        total = reporters.named(work.session)
    current, last, seen, anew = here.keys.ring.current.id, -1, 0, 0
    while True:
        with here.work() as work:
            rows = reporters.page(work.session, last, BATCH)
            old = [row for row in rows if {key_of(row.name), key_of(row.contact)} - {current, ""}]
            reporters.reseal(work.session, [(row, _anew(work.keys, row)) for row in old])
        if not rows:
            break
        last, seen, anew = rows[-1].incident_id, seen + len(rows), anew + len(old)
        watch(seen, total)
    log.info("resealed", key=current, count=anew)
    return anew


def _anew(keys: Keys, row: Sealed) -> Sealed:
    at_name, at_contact = bound(row.incident_id, NAME), bound(row.incident_id, CONTACT)
    return Sealed(
        row.incident_id,
        keys.seal(keys.open(row.name, at_name), at_name),
        keys.seal(keys.open(row.contact, at_contact), at_contact),
    )


def forget(here: Runtime) -> list[str]:
    """Take away the older keys that have sealed nothing any more; returns their ids.

    Raises Conflict("seal-keys-fresh") where the one that seals is younger than an hour.
    """
    made = here.keys.ring.current.made
    if made and here.clock.now() - datetime.fromisoformat(made) < SETTLED:
        raise Conflict("seal-keys-fresh", key=here.keys.ring.current.id)
    idle = [one.id for one in key_uses(here) if one.here and not one.seals and not one.values]
    if idle:
        here.keys.change(lambda ring: ring.without(idle))
        log.info("seal-keys-forgotten", keys=idle)
    return idle
