"""`gridtrack replay` with --recorded, --policy, --roster or --edition: what if? Writes nothing."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from gridtrack.analytics.forecast_told import Figure, Side, side
from gridtrack.analytics.load import Bearable
from gridtrack.analytics.record import Span
from gridtrack.categories import store as categories
from gridtrack.categories.rules import Record
from gridtrack.cli.context import runtime
from gridtrack.cli.duty import roster_file
from gridtrack.cli.stop import asked_to_stop
from gridtrack.cli.times import local
from gridtrack.deadlines.policy import check, load
from gridtrack.deadlines.policy_parts import Policy
from gridtrack.duty.book import Book
from gridtrack.errors import Invalid, Rejected
from gridtrack.geo.datum import to_wgs84
from gridtrack.i18n.sentences import sentence
from gridtrack.simulation.rows import Row
from gridtrack.usecases.forecast import Asked, Given, Outcome, first_reported, forecast
from gridtrack.usecases.forecast_told import as_json, error
from gridtrack.usecases.initialise import known
from gridtrack.usecases.rosters import try_rosters
from gridtrack.work import Runtime, Work

REDRAW_EVERY = 100
MOST_PEOPLE = 10  # shown on the screen; the rest is in the JSON
_WORDS = ("in_time", "answered", "exhausted", "overloaded")


def run(ctx: click.Context, rows: Sequence[Row] | None, options: Mapping[str, Any]) -> None:
    """Forecast what is recorded, or the rows of a file, and tell what came out."""
    here = runtime(ctx)
    locale = here.settings.locale
    with here.look() as work:
        asked = _asked(work, here, rows, options)
        with asked_to_stop() as stopped:
            outcome = _go(work, asked, stopped, locale)
    found = as_json(outcome)
    out = options["out"]
    if out == "-":
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    if out is not None:
        Path(out).write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for line in told(outcome, locale, ZoneInfo(here.settings.timezone)):
        click.echo(line)
    Console().print(table(outcome, locale))


def _asked(
    work: Work, here: Runtime, rows: Sequence[Row] | None, options: Mapping[str, Any]
) -> Asked:
    zone = here.settings.timezone
    begin, end = (_instant(zone, options[name]) for name in ("begin", "end"))
    if begin is not None and end is not None and begin >= end:
        raise Invalid("forecast-span", field="--to", begin=begin.isoformat(), end=end.isoformat())
    since = begin or (rows[0].at if rows else first_reported(work))
    return Asked(
        Span(begin, end, options["limit"] if rows is None else None),
        policy=_policy(work, options["policy"]),
        book=_book(work, options["roster"], since),
        edition_id=options["edition"],
        reports=None if rows is None else list(_given(work, rows, options)),
        draws=options["draws"],
        seed=options["seed"],
        bearable=Bearable(options["bearable_hour"], options["bearable_day"]),
    )


def _instant(zone: str, given: datetime | None) -> datetime | None:
    return None if given is None else local(zone, given)


def _policy(work: Work, path: Path | None) -> Policy | None:
    """The policy in a file; every fault is told before anything runs."""
    if path is None:
        return None
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("bad-toml", field="--policy", value=str(error)) from error
    words = known(work)
    return check(load(text, words), words)


def _book(work: Work, path: Path | None, since: datetime) -> Book[int] | None:
    """The rosters there would be with those of a file, as if they had begun before `since`."""
    if path is None:
        return None
    given = roster_file(path)
    return try_rosters(work, given, since.astimezone(ZoneInfo(work.settings.timezone)).date())


def _given(work: Work, rows: Sequence[Row], options: Mapping[str, Any]) -> Iterator[Given]:
    """The rows as reports; raises Rejected with every datum or category that cannot be used."""
    tree = categories.tree(work.memo, work.settings.instance)
    pairs = dict(options["pairs"])
    faults: list[Invalid] = []
    for row in rows:
        code = pairs.get(row.category, row.category)
        known_one = tree.categories.get(code)
        fits = known_one is not None and known_one.record is Record.MATTER
        try:
            point = to_wgs84(row.lon, row.lat, options["datum"])
        except Invalid as fault:
            faults.append(fault)
            continue
        yield Given(row.at, code if fits else options["default_category"], point)
    if faults:
        raise Rejected(faults)


def _go(work: Work, asked: Asked, stopped: Any, locale: str) -> Outcome:
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as bars:
        bar = bars.add_task(sentence("forecast-matters", locale), total=None)

        def watch(done: int, total: int) -> bool:
            if done % REDRAW_EVERY == 0:
                bars.update(bar, completed=done, total=total)
            return not stopped()

        outcome = forecast(work, asked, watch)
        bars.update(bar, completed=outcome.matters)
    return outcome


def told(outcome: Outcome, locale: str, zone: ZoneInfo) -> Iterator[str]:
    """What was looked at and what it rests on, in lines for a person."""
    if not outcome.complete:
        yield sentence("forecast-stopped", locale)
    yield sentence(
        "forecast-period", locale, matters=outcome.matters, of=outcome.of,
        begin=_day(outcome.begin, zone), end=_day(outcome.end, zone),
        set_aside=outcome.set_aside,
    )  # fmt: skip
    yield sentence(
        "forecast-reactions", locale, notices=outcome.notices, own=outcome.own_curves,
        draws=len(outcome.present.draws), seed=outcome.present.seed,
    )  # fmt: skip
    off = error(outcome)
    if off is not None:
        yield sentence("forecast-error", locale, points=f"{100 * off:+.1f}")
    yield sentence("forecast-assumes", locale)


def _day(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d}"


def table(outcome: Outcome, locale: str) -> Table:
    """What happened beside the forecasts."""

    def word(code: str) -> str:
        return sentence(code, locale)

    shown = [
        ("happened", None if outcome.happened is None else [outcome.happened]),
        ("present", outcome.present.draws),
        ("asked", None if outcome.asked is None else outcome.asked.draws),
    ]
    sides = [(name, side(draws, outcome.bearable)) for name, draws in shown if draws]
    found = Table(box=None, pad_edge=False)
    found.add_column("")
    for name, _side in sides:
        found.add_column(word(f"forecast-{name}"), justify="right")
    for name in _WORDS:
        found.add_row(word(f"forecast-{name}"), *(_cell(getattr(one, name)) for _n, one in sides))
    shares = [_cell(_percent(one.share), "%") for _n, one in sides]
    found.add_row(word("forecast-in_time_share"), *shares)
    for counter in ("answered_by", "climbed", "skipped"):
        for code in _codes(sides, counter):
            named = sentence(f"forecast-{counter}", locale, rung=code)
            found.add_row(named, *(_cell(getattr(s, counter).get(code)) for _n, s in sides))
    found.add_section()
    found.add_row(word("forecast-person"))
    for person_id in _busiest(sides):
        name = outcome.names.get(person_id, str(person_id))
        cells = [_load(dict(one.people).get(person_id)) for _n, one in sides]
        found.add_row(name, *cells)
    return found


def _codes(sides: Sequence[tuple[str, Side]], counter: str) -> list[str]:
    return list(dict.fromkeys(code for _n, one in sides for code in getattr(one, counter)))


def _busiest(sides: Sequence[tuple[str, Side]]) -> list[int]:
    """Who carries most in the last column."""
    return [person_id for person_id, _one in sides[-1][1].people[:MOST_PEOPLE]]


def _percent(figure: Figure) -> Figure:
    return Figure(100 * figure.least, 100 * figure.middle, 100 * figure.most)


def _cell(figure: Figure | None, unit: str = "") -> str:
    if figure is None:
        return "—"
    if figure.least == figure.most:
        return f"{figure.middle:g}{unit}" if not unit else f"{figure.middle:.1f}{unit}"
    form = "{:.1f}" if unit else "{:g}"
    least, middle, most = (form.format(n) for n in (figure.least, figure.middle, figure.most))
    return f"{middle}{unit} ({least}-{most})"


def _load(one: Any) -> str:
    if one is None:
        return "—"
    return f"{one.told:g} / {one.peak_hour:g} / {one.peak_day:g} / {100 * one.over_share:.0f}%"
