"""Instants and spans as people read them, in the reader's language and the deployment's zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask, g
from flask_babel import format_datetime

from gridtrack.deadlines.lights import Light, Turns
from gridtrack.http.context import runtime
from gridtrack.web.gettext import gettext

MINUTE, HOUR, DAY = 60, 3600, 86_400


def now() -> datetime:
    """The instant of this request: read once, the same all over the page."""
    if "now" not in g:
        g.now = runtime().clock.now()
    instant: datetime = g.now
    return instant


def iso(at: datetime) -> str:
    """An instant for machines, in UTC with milliseconds: `2026-11-22T06:05:00.000Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local(at: datetime) -> datetime:
    """An instant in the deployment's zone."""
    return at.astimezone(ZoneInfo(runtime().settings.timezone))


def span(left: timedelta) -> str:
    """A span as the browser's clocks write it too: 4:59, 2 h 05 min, 3 d 4 h."""
    size = int(abs(left).total_seconds())
    if size < HOUR:
        return f"{size // MINUTE}:{size % MINUTE:02d}"
    if size < DAY:
        hours, minutes = str(size // HOUR), f"{size % HOUR // MINUTE:02d}"
        return gettext("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    days, hours = str(size // DAY), str(size % DAY // HOUR)
    return gettext("{days} d {hours} h").format(days=days, hours=hours)


def seconds(count: int) -> str:
    """A span given in seconds, as `span` writes it."""
    return span(timedelta(seconds=count))


def countdown(due_at: datetime, turns: Turns | None = None) -> str:
    """What is left until `due_at`, or by how much it is late: the word of its light and a span."""
    left = due_at - now()
    if left < timedelta(0):
        return gettext("{span} overdue").format(span=f"−{span(left)}")
    light = turns.at(now()) if turns else Light.GREEN
    if light is Light.RED:
        return gettext("urgent, {span} left").format(span=span(left))
    if light is Light.YELLOW:
        return gettext("due soon, {span} left").format(span=span(left))
    return gettext("{span} left").format(span=span(left))


_TONES = {Light.GREEN: "ok", Light.YELLOW: "soon", Light.RED: "late"}


def clock_tone(due_at: datetime, soon_s: int = 60, turns: Turns | None = None) -> str:
    """How a clock looks: `late`, `soon` or `ok`; by its turns, else by what is left of it."""
    left = (due_at - now()).total_seconds()
    if left < 0:
        return "late"
    if turns is not None:
        return _TONES[turns.at(now())]
    return "soon" if left <= soon_s else "ok"


def exactly(at: datetime) -> str:
    """Date and time to the minute."""
    return str(format_datetime(at, gettext("MMM d, yyyy HH:mm")))


def local_day(at: datetime) -> str:
    """The day in the deployment's zone, as fields of dates have it: 2026-11-22."""
    return local(at).date().isoformat()


def ago(at: datetime) -> str:
    """The time today, yesterday by that word, else with its date; never stale on an open page."""
    day, today = local(at).date(), local(now()).date()
    clock = f"{local(at):%H:%M}"
    if day == today:
        return clock
    if day == today - timedelta(days=1):
        return gettext("yesterday %(time)s", time=clock)
    if day.year == today.year:
        return str(format_datetime(at, gettext("MMM d HH:mm")))
    return exactly(at)


def install(app: Flask) -> None:
    """Give the templates these words as filters."""
    for word in (iso, span, seconds, countdown, clock_tone, exactly, ago, local_day):
        app.add_template_filter(word)
