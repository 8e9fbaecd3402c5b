"""The form of a roster as it was typed, there and back; nothing typed is lost over a fault."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

from gridtrack.duty.fields import (
    days_given,
    given_date,
    hours_given,
    names_in,
    one_of,
    plain_text,
)
from gridtrack.duty.rules import Dated, Outside, Roster, RosterKind, Shift, Turn
from gridtrack.errors import Invalid, Rejected
from gridtrack.queries.roster_form import Editor
from gridtrack.web.words import local, now

BLANK_ROWS = 2
MOST_ROWS = 80
NOBODY = "-"
_PLAIN = ("code", "name", "ground", "role", "start", "until", "outside", "kind", "place", "phone")


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A repeating shift as text."""

    hours: str = ""
    days: str = ""
    turn: str = ""
    people: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class DatedRow:
    """A shift of one date as text."""

    date: str = ""
    hours: str = ""
    people: str = ""
    off: str = ""


@dataclass(frozen=True, slots=True)
class RosterForm:
    """The fields; rows that are empty are there to be filled in."""

    plain: Mapping[str, str]
    public: bool
    approval: bool
    version: str
    shifts: tuple[ShiftRow, ...]
    dated: tuple[DatedRow, ...]

    @classmethod
    def blank(cls) -> "RosterForm":
        """A form to begin with: every day from today on."""
        today = str(local(now()).date())
        plain = dict.fromkeys(_PLAIN, "") | {"start": today, "role": "gridworker"}
        plain |= {"outside": Outside.POSTS.value, "kind": RosterKind.DUTY.value}
        shifts = (ShiftRow(days="every"), *[ShiftRow()] * BLANK_ROWS)
        return cls(plain, public=False, approval=False, version="", shifts=shifts, dated=_dated([]))

    @classmethod
    def of(cls, found: Editor) -> "RosterForm":
        """The form of a roster; shifts of dates that are past are kept and not shown."""
        one = found.roster
        ground = f"zone:{one.zone}" if one.zone else f"grid:{one.scope}"
        plain = {name: str(getattr(one, name, "")) for name in _PLAIN} | {"ground": ground}
        plain |= {"until": str(one.until or ""), "role": one.role}
        plain |= {"outside": one.outside.value, "kind": one.kind.value}
        shifts = [
            ShiftRow(str(s.hours), str(s.days), s.turn.value, _turns(found, s.teams), s.name)
            for s in one.shifts
        ]
        rows = [
            DatedRow(str(d.date), str(d.hours), _team(found, d.team), "on" if d.off else "")
            for d in one.dated
            if _shown(d)
        ]
        more = (*shifts, *[ShiftRow()] * BLANK_ROWS)
        version = str(found.version)
        return cls(plain, one.public, one.approval, version, tuple(more), _dated(rows))

    @classmethod
    def sent(cls) -> "RosterForm":
        """The form in this request."""
        form = request.form
        plain = {name: form.get(name, "")[:200] for name in _PLAIN}
        shifts = tuple(_rows("shift", ("hours", "days", "turn", "people", "name"), ShiftRow))
        dated = tuple(_rows("dated", ("date", "hours", "people", "off"), DatedRow))
        flags = {name: name in form for name in ("public", "approval")}
        return cls(plain, **flags, version=form.get("version", ""), shifts=shifts, dated=dated)

    def roster(self, roster_id: int, before: Editor | None) -> Roster[str]:
        """What the form says; raises Rejected with everything that cannot be read of it."""
        faults: list[Invalid] = []
        take = _Taking(faults)
        kind, _, ground = self.plain["ground"].partition(":")
        if not self.plain["ground"]:
            faults.append(Invalid("required", field="ground"))
        roster: Roster[str] = Roster(
            code=before.roster.code if before else take.text(self.plain, "code", 40),
            name=take.text(self.plain, "name", 80),
            role=self.plain["role"],
            start=take.date(self.plain, "start") or date.max,
            scope=ground if kind == "grid" else "",
            zone=ground if kind == "zone" else None,
            until=take.date(self.plain, "until") if self.plain["until"].strip() else None,
            outside=take.word(Outside, self.plain, "outside", Outside.POSTS),
            kind=take.word(RosterKind, self.plain, "kind", RosterKind.DUTY),
            shifts=tuple(take.shifts(self.shifts)),
            dated=(*_kept(before), *take.dated(self.dated)),
            place=take.text(self.plain, "place", 120),
            public=self.public,
            phone=take.text(self.plain, "phone", 40),
            approval=self.approval,
            id=roster_id,
        )
        if not roster.name:
            faults.append(Invalid("required", field="name"))
        if faults:
            raise Rejected(faults)
        return roster


def _rows(kind: str, names: Sequence[str], row: Any) -> Iterator[Any]:
    for n in range(1, MOST_ROWS + 1):
        if f"{kind}_hours_{n}" not in request.form:
            return
        yield row(**{name: request.form.get(f"{kind}_{name}_{n}", "")[:1000] for name in names})


def _dated(rows: Sequence[DatedRow]) -> tuple[DatedRow, ...]:
    return (*rows[: MOST_ROWS - BLANK_ROWS], *[DatedRow()] * BLANK_ROWS)


def _shown(one: Dated[Any]) -> bool:
    return one.date >= local(now()).date()


def _kept(before: Editor | None) -> Iterator[Dated[str]]:
    """The shifts of past dates: they are no more to be changed. And what the form had no room for.

    Who has no post any more is left out of them.
    """
    if before is None:
        return
    shown = [one for one in before.roster.dated if _shown(one)]
    for one in (*(d for d in before.roster.dated if not _shown(d)),
                *shown[MOST_ROWS - BLANK_ROWS :]):  # fmt: skip
        team = tuple(before.words[person] for person in one.team if person in before.words)
        yield Dated(one.date, one.hours, team, one.off, one.name)


def _turns(found: Editor, teams: Sequence[Sequence[int]]) -> str:
    return ", ".join(_team(found, team) or NOBODY for team in teams)


def _team(found: Editor, team: Sequence[int]) -> str:
    return "+".join(found.words.get(one, f"#{one}") for one in team)


class _Taking:
    """Takes values out of fields and gathers what is wrong with them."""

    def __init__(self, faults: list[Invalid]) -> None:
        """`faults` gets what is wrong."""
        self._faults = faults

    def text(self, given: Mapping[str, str], name: str, longest: int) -> str:
        try:
            return plain_text(given[name], name, longest)
        except Invalid as fault:
            self._faults.append(fault)
            return ""

    def date(self, given: Mapping[str, str], name: str) -> date | None:
        try:
            return given_date(given[name], name)
        except Invalid as fault:
            self._faults.append(fault)
            return None

    def word(self, words: Any, given: Mapping[str, str], name: str, default: Any) -> Any:
        try:
            return one_of(words, given[name] or default, name)
        except Invalid as fault:
            self._faults.append(fault)
            return default

    def shifts(self, rows: Sequence[ShiftRow]) -> Iterator[Shift[str]]:
        """The rows that say hours or people."""
        for n, row in enumerate(rows, 1):
            if not row.hours.strip() and not row.people.strip():
                continue
            try:
                yield Shift(
                    hours_given(row.hours, f"shift_hours_{n}"),
                    _teams_of(row.people),
                    days_given(row.days or "every", f"shift_days_{n}"),
                    one_of(Turn, row.turn or Turn.EACH, f"shift_turn_{n}"),
                    plain_text(row.name, f"shift_name_{n}", 40),
                )
            except Invalid as fault:
                self._faults.append(fault)

    def dated(self, rows: Sequence[DatedRow]) -> Iterator[Dated[str]]:
        """The rows that have a date."""
        for n, row in enumerate(rows, 1):
            if not row.date.strip():
                continue
            try:
                day = given_date(row.date, f"dated_date_{n}")
                hours = hours_given(row.hours, f"dated_hours_{n}")
            except Invalid as fault:
                self._faults.append(fault)
                continue
            people = dict.fromkeys(name for team in _teams_of(row.people) for name in team)
            yield Dated(day, hours, tuple(people), off=bool(row.off))


def _teams_of(text: str) -> tuple[tuple[str, ...], ...]:
    """Turns apart by commas, a team joined by `+`, a dash for nobody."""
    turns = [one.strip() for one in text.replace("，", ",").replace("、", ",").split(",")]
    return tuple(names_in("" if one == NOBODY else one, "+") for one in turns if one)
