"""The shifts of a roster as JSON keeps them, there and back. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gridtrack.duty.rules import Dated, Days, Hours, Roster, Shift, Turn


def body_of(roster: Roster[int]) -> dict[str, Any]:
    """The shifts, repeating and dated."""
    return {
        "shifts": [
            {
                "hours": [one.hours.begin, one.hours.end],
                "days": [one.days.kind, list(one.days.listed)],
                "turn": one.turn.value,
                "teams": [list(team) for team in one.teams],
                "name": one.name,
            }
            for one in roster.shifts
        ],
        "dated": [
            {
                "date": one.date.isoformat(),
                "hours": [one.hours.begin, one.hours.end],
                "team": list(one.team),
                "off": one.off,
                "name": one.name,
            }
            for one in roster.dated
        ],
    }


def shifts_of(body: Mapping[str, Any]) -> tuple[Shift[int], ...]:
    """The repeating shifts."""
    return tuple(
        Shift(
            Hours(*one["hours"]),
            tuple(tuple(team) for team in one["teams"]),
            Days(one["days"][0], tuple(one["days"][1])),
            Turn(one["turn"]),
            one["name"],
        )
        for one in body["shifts"]
    )


def dated_of(body: Mapping[str, Any]) -> tuple[Dated[int], ...]:
    """The shifts of single dates."""
    return tuple(
        Dated(
            date.fromisoformat(one["date"]),
            Hours(*one["hours"]),
            tuple(one["team"]),
            one["off"],
            one["name"],
        )
        for one in body["dated"]
    )
