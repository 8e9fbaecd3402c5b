"""Working-time arithmetic: due times a second in one process, against walking day by day.

    ./dev bench calendars [--count N] [--json OUT]

`ratio` is the time of a plain walk over days and windows / that of the product, for the very same
starts and amounts of the `workdays` calendar over 2024 to 2026; both must give the same instants.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gridtrack.deadlines.calendar import WorkingTime
from gridtrack.deadlines.calendar_days import DayTable, read_calendars, read_shipped

ZONE = ZoneInfo("Asia/Shanghai")
Case = tuple[datetime, timedelta]


def shipped() -> dict[str, WorkingTime]:
    """The calendars as they are shipped."""
    package = files("gridtrack.deadlines")
    notices = read_shipped((package / "holidays.toml").read_text("utf-8"))
    table = DayTable([d for n in notices for d in n.days], (), [n.year for n in notices])
    named = read_calendars((package / "calendars.toml").read_text("utf-8"))
    return {one.code: WorkingTime(ZONE, one.opening, table.at) for one in named}


def cases(count: int) -> list[Case]:
    """Starts all over three years with limits of 5 minutes to 20 workdays."""
    rng = random.Random(7)
    first = datetime(2024, 1, 1, tzinfo=UTC)
    return [
        (first + timedelta(seconds=rng.randrange(1040 * 86_400)),
         timedelta(minutes=rng.randrange(5, 20 * 420)))
        for _ in range(count)
    ]  # fmt: skip


def walked(hours: WorkingTime, start: datetime, amount: timedelta) -> datetime:
    """The same by walking from window to window, day by day."""
    day: date = start.astimezone(ZONE).date()
    while True:
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
        for window in hours.windows(day):
            begin = max(midnight + timedelta(minutes=window.begin), start)
            end = midnight + timedelta(minutes=window.end)
            if begin < end:
                if amount <= end - begin:
                    return begin + amount
                amount -= end - begin
        day += timedelta(days=1)


def timed(add: Callable[[datetime, timedelta], datetime], given: list[Case]) -> float:
    began = time.perf_counter()
    for start, amount in given:
        add(start, amount)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--json")
    options = parser.parse_args()
    given = cases(options.count)
    some = given[: max(1, options.count // 40)]
    found: dict[str, float] = {}
    for code, hours in shipped().items():
        hours.add(*given[0])
        best = min(timed(hours.add, given) for _ in range(3))
        found[f"{code}_per_s"] = round(options.count / best)
        if code == "workdays":
            assert [hours.add(*one) for one in some] == [walked(hours, *one) for one in some]
            slow = timed(lambda s, a: walked(hours, s, a), some) / len(some)  # noqa: B023
            found["ratio"] = round(slow / (best / options.count), 1)
    text = json.dumps(found, indent=1)
    print(text)
    if options.json:
        Path(options.json).write_text(text)


if __name__ == "__main__":
    main()
