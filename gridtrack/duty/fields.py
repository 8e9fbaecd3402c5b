"""Single values of a roster as people write them: hours, days, dates, names. Pure."""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from gridtrack.duty.rules import DAY_MINUTES, EVERY, HOLIDAYS, WEEKDAYS, WORKDAYS, Days, Hours
from gridtrack.errors import Invalid

Word = TypeVar("Word", bound=StrEnum)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_APART = re.compile(r"[\s,，、;；/]+")
FIRST_YEAR, LAST_YEAR = 2000, 2100


def hours_given(given: object, field: str) -> Hours:
    """Hours as `18:00-08:00`; an end before the begin is on the day after, `+1` says so aloud.

    Raises Invalid for what is no such text, and for a shift of no length.
    """
    begin, dash, end = str(given or "").strip().replace("–", "-").partition("-")
    if not dash:
        raise Invalid("roster-hours-bad", field=field, value=given)
    return hours_between(begin, end, field)


def hours_between(begin: str, end: str, field: str) -> Hours:
    """`hours_given` from the two ends."""
    value = f"{begin.strip()}-{end.strip()}"
    first = _minutes(begin.strip(), value, field)
    text = end.strip().removeprefix("次日").strip()
    next_day = text != end.strip() or text.endswith("+1")
    last = _minutes(text.removesuffix("+1").strip(), value, field)
    if first >= DAY_MINUTES:
        raise Invalid("roster-hours-bad", field=field, value=value)
    if last == first and not next_day:
        raise Invalid("roster-shift-empty", field=field, value=value)
    if next_day or last < first:
        last += DAY_MINUTES
    if last - first > DAY_MINUTES:
        raise Invalid("roster-shift-long", field=field, value=value)
    return Hours(first, last)


def _minutes(text: str, value: str, field: str) -> int:
    found = _CLOCK.fullmatch(text)
    minutes = int(found[1]) * 60 + int(found[2]) if found else -1
    if found is None or int(found[2]) > 59 or not 0 <= minutes <= DAY_MINUTES:
        raise Invalid("roster-hours-bad", field=field, value=value)
    return minutes


def days_given(given: object, field: str) -> Days:
    """`every`, `workdays`, `holidays`, weekdays as `mon tue`, or days of the month as `5 15 25`."""
    words = [one for one in _APART.split(str(given).strip().lower()) if one]
    if len(words) == 1 and words[0] in (EVERY, WORKDAYS, HOLIDAYS):
        return Days(words[0])
    if words and all(one in WEEKDAYS for one in words):
        return Days("weekdays", tuple(sorted({WEEKDAYS.index(one) for one in words})))
    if words and all(one.isascii() and one.isdigit() and 1 <= int(one) <= 31 for one in words):
        return Days("monthdays", tuple(sorted({int(one) for one in words})))
    raise Invalid("roster-days-bad", field=field, value=given)


def given_date(given: object, field: str) -> date:
    """A date, from TOML or from a text."""
    found = given
    if isinstance(given, str):
        try:
            found = date.fromisoformat(given.strip().replace("/", "-"))
        except ValueError as error:
            raise Invalid("not-a-date", field=field, value=given) from error
    if not isinstance(found, date) or isinstance(found, datetime):
        raise Invalid("not-a-date", field=field, value=given)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Invalid(
            "out-of-range", field=field, value=found.year, least=FIRST_YEAR, most=LAST_YEAR
        )
    return found


def names_in(text: str, apart: str = "") -> tuple[str, ...]:
    """The names in a text, apart by `apart`, or by spaces, commas and the like; each once."""
    parts = text.split(apart) if apart else _APART.split(text.replace("+", " "))
    return tuple(dict.fromkeys(one.strip() for one in parts if one.strip()))


def one_of(words: type[Word], given: object, field: str) -> Word:
    """One of the words of an enumeration."""
    try:
        return words(str(given).strip().lower())
    except ValueError as error:
        known = ", ".join(words)
        raise Invalid("roster-word-bad", field=field, value=given, known=known) from error


def plain_text(given: object, field: str, longest: int) -> str:
    """A short text without line breaks."""
    text = " ".join(str(given).split()) if isinstance(given, str | int) else None
    if text is None or len(text) > longest or not text.isprintable():
        raise Invalid("roster-text-bad", field=field, value=given, most=longest)
    return text
