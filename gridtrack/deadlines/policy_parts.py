"""What one version of the policy says, and how it is asked. Pure: values in, values out.

Of several lines that fit a matter the most specific scope goes first, then the most specific
category (a code before its heading), then the one that names the filing condition.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from gridtrack.access import covers
from gridtrack.deadlines.rules import Kind, Ladder
from gridtrack.limits import Limit, Unit

ALWAYS = "24x7"
WORK, DAY = "work", "day"  # what wh and wd, and same-day, count on where the clock never rests
SEALED, UNROUTED, DEFAULT = "sensitivity-3", "unrouted", "default"
_SEALED_FROM = 3


@dataclass(frozen=True, slots=True)
class OwnLimit:
    """A limit that goes before the category's; "" fits every category, scope or condition."""

    clock: Kind
    limit: Limit
    category: str = ""
    scope: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """How long a clock may rest, all its pauses together."""

    most: timedelta


@dataclass(frozen=True, slots=True)
class Extend:
    """How often a clock may be extended, and by how much each time; `by` grants it."""

    times: int
    most: Limit
    by: str = "next-rung"


@dataclass(frozen=True, slots=True)
class Lights:
    """From which share of its limit a clock is yellow, and from which red."""

    yellow: float = 0.8
    red: float = 1.0


@dataclass(frozen=True, slots=True)
class Quiet:
    """The local hours, in minutes after midnight, in which what can wait is not sent."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Offline:
    """When an act made without a network counts as made at its own time."""

    skew: timedelta = timedelta(minutes=2)
    longest: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of all clocks, ladders and what goes with them."""

    version: int
    acknowledge_default: Limit
    ladders: Mapping[str, Ladder]
    limits: tuple[OwnLimit, ...] = ()
    calendars: Mapping[str, str] = field(default_factory=dict)
    pauses: Mapping[Kind, Pause] = field(default_factory=dict)
    extensions: Mapping[Kind, Extend] = field(default_factory=dict)
    light: Lights = Lights()
    lights_of: Mapping[Kind, Lights] = field(default_factory=dict)
    quiet: Quiet | None = None
    reminders: Mapping[Kind, tuple[Limit, ...]] = field(default_factory=dict)
    offline: Offline = Offline()

    def limit(self, kind: Kind, category: str, path: str, condition: str = "") -> Limit | None:
        """This policy's own limit for a matter, None where the category's counts."""
        fitting = [
            one
            for one in self.limits
            if one.clock is kind
            and _fits(one.category, one.scope, category, path)
            and one.condition in ("", condition)
        ]
        best = max(fitting, key=lambda one: (*_near(one), bool(one.condition)), default=None)
        return None if best is None else best.limit

    def calendar(self, kind: Kind, unit: Unit = Unit.MINUTE) -> str:
        """The calendar that a limit in `unit` counts on: the clock's own where it has one.

        On a clock that runs day and night working hours and workdays count on `work`, and the same
        day ends with `day`.
        """
        own = self.calendars.get(kind.value, ALWAYS)
        if own != ALWAYS:
            return own
        if unit in (Unit.WORK_HOUR, Unit.WORKDAY):
            return self.calendars.get(WORK, "workdays")
        return self.calendars.get(DAY, ALWAYS) if unit is Unit.SAME_DAY else own

    def ladder(
        self,
        kind: Kind,
        *,
        sensitivity: int = 0,
        routed: bool = True,
        category: str = "",
        path: str = "",
    ) -> Ladder | None:
        """What a matter climbs when this clock is missed; None: the policy keeps no such clock.

        A sealed matter climbs a ladder made for such matters or none; what nobody is responsible
        for yet climbs the one for that, else the ordinary one.
        """
        sealed = sensitivity >= _SEALED_FROM
        wanted = (SEALED,) if sealed else (DEFAULT,) if routed else (UNROUTED, DEFAULT)
        for made_for in wanted:
            fitting = [
                one
                for one in self.ladders.values()
                if one.clock is kind
                and one.made_for == made_for
                and _fits(one.category, one.scope, category, path)
            ]
            if fitting:
                return max(fitting, key=_near)
        return None

    def pause(self, kind: Kind) -> Pause | None:
        """How long this clock may rest; None: it goes on whatever happens."""
        return self.pauses.get(kind)

    def extend(self, kind: Kind) -> Extend | None:
        """How this clock may be extended; None: it may not."""
        return self.extensions.get(kind)

    def lights(self, kind: Kind) -> Lights:
        """When this clock turns yellow and red."""
        return self.lights_of.get(kind, self.light)

    def remind(self, kind: Kind) -> tuple[Limit, ...]:
        """How long before this clock is due its handler is reminded, longest first as written."""
        return self.reminders.get(kind, ())


def _fits(own: str, scope: str, category: str, path: str) -> bool:
    return own in ("", category, category[:2]) and covers(scope, path)


def _near(one: OwnLimit | Ladder) -> tuple[int, int]:
    return (one.scope.count("/") + 1 if one.scope else 0, len(one.category))


def twice(keys: Iterable[tuple[str, ...]]) -> tuple[str, ...] | None:
    """The first key that is there a second time."""
    seen: set[tuple[str, ...]] = set()
    for key in keys:
        if key in seen:
            return key
        seen.add(key)
    return None
