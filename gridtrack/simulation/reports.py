"""What the demo place reports on an ordinary day: when, where, by whom, in which words. Seeded."""

import math
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from gridtrack.geo.datum import Datum, from_wgs84
from gridtrack.incidents.intake import Choice, Place, Report, ReporterGiven, Source
from gridtrack.simulation.day import Arrival
from gridtrack.simulation.texts import Matter, Names, Words
from gridtrack.simulation.town import Plate, Town

# Reports by local hour: quiet nights, a morning and an evening hump.
HOURLY = (1, 1, 1, 1, 1, 2, 5, 9, 12, 12, 10, 9, 7, 6, 8, 9, 9, 8, 9, 11, 10, 7, 4, 2)
_WHEN = {
    "day": range(7, 19), "evening": range(17, 24), "night": (20, 21, 22, 23, 0, 1),
    "any": range(24),
}  # fmt: skip
_SOURCES = {
    "resident": Source.RESIDENT, "patrol": Source.PATROL, "hotline": Source.HOTLINE,
    "station": Source.STATION, "courier": Source.RESIDENT,
}  # fmt: skip
METRE = 1 / 111_320  # of latitude, in degrees
AWAY_DEG = (0.006, 0.012)  # how far east of the last plate a report outside every grid lies
NEAR_DEG = 0.003
OUTSIDE = 0.015  # so many reports do
UNPLACED = 0.3  # so many of those told by telephone have an address only
PHOTOS = 0.2
SHIFTED = 0.35  # so many residents report from an app that gives GCJ-02


@dataclass(slots=True)
class Reports:
    """An endless supply of reports from one place, drawn from one generator."""

    town: Town
    words: Words
    quick: frozenset[str]  # categories that must be answered in five minutes
    zone: ZoneInfo
    random: Random
    names: Iterator[str]

    @classmethod
    def of(cls, town: Town, quick: frozenset[str], zone: ZoneInfo, *about: object) -> "Reports":
        """A supply seeded by `about`: the same again gives the same reports."""
        random = Random("/".join(str(one) for one in about))  # noqa: S311 - a play
        names = Names.of("zh").people(random)
        return cls(town, Words.shipped(), quick, zone, random, names)

    def days(self, begin: datetime, end: datetime, per_day: int) -> list[Arrival]:
        """Some `per_day` reports a local day between two instants, in order."""
        found: list[Arrival] = []
        day = begin.astimezone(self.zone).date()
        while day <= end.astimezone(self.zone).date():
            count = max(1, round(self.random.gauss(per_day, per_day / 5)))
            for hour in self.random.choices(range(24), HOURLY, k=count):
                moment = time(hour, self.random.randrange(60), self.random.randrange(60))
                at = datetime.combine(day, moment, self.zone)
                if begin <= at < end:
                    found.append(self.one(at))
            day += timedelta(days=1)
        return sorted(found, key=lambda arrival: arrival.at)

    def one(
        self, at: datetime, *, plates: Sequence[Plate] | None = None, quick: bool = False
    ) -> Arrival:
        """A report at an instant; `plates` narrows the place, `quick` to five-minute matters.

        A quick one never comes from the person who would have to answer it.
        """
        matter = self._matter(at, quick=quick)
        sources = [one for one in matter.sources if not quick or one != "patrol"]
        source = self.random.choice(sources or ["resident"])
        plate = self._plate(matter, plates or self.town.plates)
        text = self.random.choice(matter.texts)
        place = self._place(plate, source, stray=plates is None)
        # Who reports by telephone names a door plate, and the desk finds it in the book.
        named = source == "hotline" and place is not None and abs(place.lon - plate.lon) < NEAR_DEG
        report = Report(
            client_id=self.client_id(),
            category=matter.category,
            source=_SOURCES[source],
            description=text.format(
                place=plate.address.removeprefix("映溪街道"), estate=plate.estate or plate.road
            ),
            place=place,
            occurred_at=at - timedelta(minutes=self.random.choice((0, 0, 1, 3, 10))),
            address=plate.address,
            address_id=plate.id if named else None,
            reporter=self._who(source),
        )
        photo = self.random.random() < PHOTOS
        return Arrival(at, report, self._reporter_id(source, plate), photo=photo)

    def client_id(self) -> str:
        """The UUID that a phone would have made."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def _matter(self, at: datetime, *, quick: bool) -> Matter:
        hour = at.astimezone(self.zone).hour
        fitting = [
            matter
            for matter in self.words.matters
            if hour in _WHEN[matter.hours] and (not quick or matter.category in self.quick)
        ]
        weights = [matter.weight for matter in fitting]
        return self.random.choices(fitting, weights)[0]

    def _plate(self, matter: Matter, plates: Sequence[Plate]) -> Plate:
        fitting = [
            plate
            for plate in plates
            if matter.where == "any" or bool(plate.estate) == (matter.where == "estate")
        ]
        return self.random.choice(fitting or plates)

    def _place(self, plate: Plate, source: str, *, stray: bool) -> Place | None:
        if stray and source == "hotline" and self.random.random() < UNPLACED:
            return None
        turn, away = self.random.random() * math.tau, self.random.random() * 8 * METRE
        lon = plate.lon + away * math.cos(turn) / math.cos(math.radians(plate.lat))
        lat = plate.lat + away * math.sin(turn)
        if stray and self.random.random() < OUTSIDE:
            lon = max(one.lon for one in self.town.plates) + self.random.uniform(*AWAY_DEG)
        datum, accuracy_m = Datum.WGS84, float(self.random.randrange(5, 40))
        if source == "resident" and self.random.random() < SHIFTED:
            lon, lat = from_wgs84(lon, lat, Datum.GCJ02)
            datum = Datum.GCJ02
        return Place(round(lon, 7), round(lat, 7), datum.value, accuracy_m)

    def _reporter_id(self, source: str, plate: Plate) -> int | None:
        if source == "patrol":
            return self.town.workers.get(plate.grid)
        people = {"hotline": self.town.desks, "courier": self.town.couriers}.get(source)
        return self.random.choice(people) if people else None

    def _who(self, source: str) -> ReporterGiven | None:
        if source in ("patrol", "courier"):
            return None
        choice = self.random.choices(list(Choice), (35, 45, 20))[0]
        if choice is Choice.ANONYMOUS:
            return ReporterGiven(choice=choice)
        telephone = f"1390000{self.random.randrange(10_000):04d}"  # 0000: nobody's number
        return ReporterGiven(next(self.names), telephone, choice)
