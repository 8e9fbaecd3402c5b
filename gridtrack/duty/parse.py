"""Rosters from a file: text to values, or every fault with its place. Pure.

TOML has a `[[roster]]` for each with `[[roster.shift]]` and `[[roster.dated]]`; CSV has one dated
shift a line, as a duty table is kept in a spreadsheet. People are named as they stand there, by
login or name. docs/operations.md tells the columns and keys.
"""

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from gridtrack.duty.fields import (
    days_given,
    given_date,
    hours_between,
    hours_given,
    names_in,
    one_of,
    plain_text,
)
from gridtrack.duty.rules import Dated, Outside, Roster, RosterKind, Shift, Turn
from gridtrack.errors import Invalid, Rejected

MOST = 2000  # rosters in a file
MOST_LINES = 20_000
_KEYS = {
    "code", "name", "scope", "zone", "role", "from", "until", "outside", "kind", "place", "public",
    "phone", "approval", "shift", "dated",
}  # fmt: skip
_SHIFT_KEYS = {"hours", "days", "turn", "people", "name"}
_DATED_KEYS = {"date", "hours", "people", "off", "name"}
COLUMNS = {
    "date": ("date", "日期"),
    "from": ("from", "开始", "开始时间"),
    "to": ("to", "结束", "结束时间"),
    "people": ("people", "值班人", "值班人员"),
    "role": ("role", "岗位"),
    "scope": ("scope", "网格", "网格路径"),
    "zone": ("zone", "小区"),
    "code": ("code", "编码"),
    "name": ("name", "名称"),
    "place": ("place", "地点"),
    "outside": ("outside", "其余时间"),
}
_NEEDED = ("date", "from", "to", "people", "role")


def read_rosters(text: str, field: str, *, is_csv: bool = False) -> tuple[Roster[str], ...]:
    """The rosters in a text; raises Rejected with every fault, `field` names the file in them."""
    faults: list[Invalid] = []
    found = tuple(_of_csv(text, field, faults) if is_csv else _of_toml(text, field, faults))
    seen: set[str] = set()
    for one in found:
        if one.code in seen:
            faults.append(Invalid("roster-twice", field=field, value=one.code))
        seen.add(one.code)
    if not found and not faults:
        faults.append(Invalid("roster-file-empty", field=field))
    if faults:
        raise Rejected(faults)
    return found


def _of_toml(text: str, field: str, faults: list[Invalid]) -> Iterator[Roster[str]]:
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.append(Invalid("bad-toml", field=field, value=str(error)))
        return
    given = body.get("roster", [])
    unknown = sorted(set(body) - {"roster"})
    faults += [Invalid("roster-key-unknown", field=field, value=one) for one in unknown]
    if not isinstance(given, list) or len(given) > MOST:
        faults.append(Invalid("roster-file-empty", field=field))
        return
    for n, one in enumerate(given, 1):
        where = f"{field}: roster {n}"
        if not isinstance(one, dict):
            faults.append(Invalid("roster-file-empty", field=where))
            continue
        try:
            yield _roster(one, where)
        except Rejected as wrong:
            faults.extend(fault for fault in wrong.faults if isinstance(fault, Invalid))


def _roster(given: Mapping[str, Any], where: str) -> Roster[str]:
    take = Taking(given, where, _KEYS)
    code = take.text("code", 40)
    roster: Roster[str] = Roster(
        code=code,
        name=take.text("name", 80) or code,
        role=take.text("role", 20),
        start=take.date("from") or date.min,
        scope=take.text("scope", 200),
        zone=take.text("zone", 64) or None,
        until=take.date("until"),
        outside=take.word("outside", Outside, Outside.POSTS),
        kind=take.word("kind", RosterKind, RosterKind.DUTY),
        place=take.text("place", 120),
        public=take.flag("public"),
        phone=take.text("phone", 40),
        approval=take.flag("approval"),
        shifts=tuple(_shift(one) for one in take.tables("shift", _SHIFT_KEYS)),
        dated=tuple(_dated(one) for one in take.tables("dated", _DATED_KEYS)),
    )
    for name in ("code", "role", "from"):
        if not str(given.get(name) or ""):
            take.faults.append(Invalid("required", field=f"{where}: {name}"))
    take.done()
    return roster


def _shift(take: "Taking") -> Shift[str]:
    try:
        hours = hours_given(take.given.get("hours"), take.place("hours"))
        days = days_given(take.given.get("days", "every"), take.place("days"))
    except Invalid as fault:
        take.faults.append(fault)
        return _NO_SHIFT
    turn = take.word("turn", Turn, Turn.EACH)
    return Shift(hours, _teams(take), days, turn, take.text("name", 40))


def _dated(take: "Taking") -> Dated[str]:
    try:
        day = given_date(take.given.get("date"), take.place("date"))
        hours = hours_given(take.given.get("hours"), take.place("hours"))
    except Invalid as fault:
        take.faults.append(fault)
        return Dated(date.min, _NO_SHIFT.hours)
    people = tuple(name for team in _teams(take) for name in team)
    return Dated(day, hours, people, take.flag("off"), take.text("name", 40))


_NO_SHIFT: Shift[str] = Shift(hours_between("00:00", "24:00", ""), ())


def _teams(take: "Taking") -> tuple[tuple[str, ...], ...]:
    """`people`: each a text (one person, or several joined by `+`), an empty one for nobody."""
    given = take.given.get("people", [])
    if isinstance(given, str):
        given = [given]
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        take.faults.append(Invalid("roster-people-bad", field=take.place("people")))
        return ()
    return tuple(names_in(one, "+") for one in given)


class Taking:
    """Takes typed values out of a table and gathers what is wrong with them."""

    def __init__(
        self,
        given: Mapping[str, Any],
        where: str,
        keys: set[str],
        faults: list[Invalid] | None = None,
    ) -> None:
        """`where` tells the place in the file; a key that is not in `keys` is a fault."""
        self.given, self._where = given, where
        self.faults = [] if faults is None else faults
        for key in sorted(set(given) - keys):
            self.faults.append(Invalid("roster-key-unknown", field=where, value=key))

    def place(self, name: str) -> str:
        """Where a value stands."""
        return f"{self._where}: {name}"

    def text(self, name: str, longest: int) -> str:
        """A text without the spaces around it."""
        found = self._tried(lambda: plain_text(self.given.get(name, ""), self.place(name), longest))
        return found or ""

    def date(self, name: str) -> date | None:
        """A date, None where there is none."""
        if self.given.get(name) in (None, ""):
            return None
        found: date | None = self._tried(lambda: given_date(self.given[name], self.place(name)))
        return found

    def word(self, name: str, words: type[Any], default: Any) -> Any:
        """One of the words of an enumeration."""
        if self.given.get(name) in (None, ""):
            return default
        found = self._tried(lambda: one_of(words, self.given[name], self.place(name)))
        return found if found is not None else default

    def flag(self, name: str) -> bool:
        """A yes or no."""
        found = self.given.get(name, False)
        if not isinstance(found, bool):
            self.faults.append(Invalid("roster-flag-bad", field=self.place(name), value=found))
        return found is True

    def tables(self, name: str, keys: set[str]) -> Iterator["Taking"]:
        """The tables of a list, each to be taken from."""
        given = self.given.get(name, [])
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            self.faults.append(Invalid("roster-table-bad", field=self.place(name)))
            return
        for n, one in enumerate(given, 1):
            yield Taking(one, f"{self._where}: {name} {n}", keys, self.faults)

    def _tried(self, read: Any) -> Any:
        try:
            return read()
        except Invalid as fault:
            self.faults.append(fault)
            return None

    def done(self) -> None:
        """Raise Rejected with what was wrong."""
        if self.faults:
            raise Rejected(self.faults)


def _of_csv(text: str, field: str, faults: list[Invalid]) -> Iterator[Roster[str]]:
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    header = [cell.strip().lower() for cell in next(rows, [])]
    at = {
        name: header.index(word)
        for name, words in COLUMNS.items()
        for word in words
        if word in header
    }
    missing = [name for name in _NEEDED if name not in at]
    if missing:
        faults.append(Invalid("roster-columns", field=field, value=", ".join(missing)))
        return
    found: dict[str, Roster[str]] = {}
    for n, row in enumerate(rows, 2):
        if n > MOST_LINES:
            faults.append(Invalid("roster-file-long", field=field, value=MOST_LINES))
            return
        if not any(cell.strip() for cell in row):
            continue
        cells = {name: row[i].strip() if i < len(row) else "" for name, i in at.items()}
        try:
            one, dated = _line(cells, f"{field}: line {n}")
        except Invalid as fault:
            faults.append(fault)
            continue
        before = found.setdefault(one.code, one)
        found[one.code] = replace(before, dated=(*before.dated, dated))
    yield from (_spanning(one) for one in found.values())


def _line(cells: Mapping[str, str], where: str) -> tuple[Roster[str], Dated[str]]:
    day = given_date(cells["date"], f"{where}: date")
    hours = hours_between(cells["from"], cells["to"], f"{where}: to")
    ground = cells.get("zone") or cells.get("scope") or "all"
    role = plain_text(cells["role"], f"{where}: role", 20)
    code = cells.get("code") or f"{role}-{ground.rsplit('/', 1)[-1]}"
    roster: Roster[str] = Roster(
        code=plain_text(code, f"{where}: code", 40),
        name=plain_text(cells.get("name") or code, f"{where}: name", 80),
        role=role,
        start=day,
        scope="" if cells.get("zone") else cells.get("scope", ""),
        zone=cells.get("zone") or None,
        outside=one_of(Outside, cells.get("outside") or Outside.POSTS, f"{where}: outside"),
        place=plain_text(cells.get("place", ""), f"{where}: place", 120),
    )
    return roster, Dated(day, hours, names_in(cells["people"]))


def _spanning(roster: Roster[str]) -> Roster[str]:
    days: Sequence[date] = [one.date for one in roster.dated]
    return replace(roster, start=min(days), until=max(days))


def named_by(roster: Roster[str], ids: Mapping[str, int]) -> Roster[int]:
    """The same roster by ids; raises KeyError for somebody who is not in `ids`."""

    def team(names: Sequence[str]) -> tuple[int, ...]:
        return tuple(ids[one] for one in names)

    shifts = tuple(
        Shift(s.hours, tuple(team(one) for one in s.teams), s.days, s.turn, s.name)
        for s in roster.shifts
    )
    dated = tuple(Dated(d.date, d.hours, team(d.team), d.off, d.name) for d in roster.dated)
    plain = {
        name: getattr(roster, name)
        for name in ("code", "name", "role", "start", "scope", "zone", "until", "outside", "kind",
                     "place", "public", "phone", "approval", "id")
    }  # fmt: skip
    return Roster(**plain, shifts=shifts, dated=dated)
