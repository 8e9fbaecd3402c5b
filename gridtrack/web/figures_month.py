"""The report of a month, ready to print: figures, what changed, grids, kinds, places, rules."""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from flask import render_template, request

from gridtrack.access import Permission, scopes
from gridtrack.errors import Invalid
from gridtrack.figures.measures import FEW, MEASURES, Figure
from gridtrack.http.context import locale, look
from gridtrack.http.guard import may
from gridtrack.queries.figure_groups import grids_of_mine
from gridtrack.queries.figures import By, Wanted, told
from gridtrack.queries.hotspots import hotspots, quiet_grids
from gridtrack.web import words
from gridtrack.web.figures import about, delta_of, key_word, name_of, value_of

SHOWN = ("reported", "ack-kept", "ack-time", "arrive-kept", "resolve-kept", "handle-time",
         "first-round", "in-community", "content", "rated", "rework", "extended", "found-first",
         "climbed")  # fmt: skip
IN_TABLES = ("reported", "ack-kept", "resolve-kept", "first-round", "found-first", "climbed")
PLACES = 8
_MONTH = re.compile(r"(\d{4})-(\d{2})")


@may(Permission.FIGURES)
def month_report() -> str:
    """A month of a scope beside the month before; raises Invalid for what is no month."""
    today = words.local(words.now()).date()
    last = today.replace(day=1) - timedelta(days=1)
    begin = _first(request.args.get("month", "") or f"{last:%Y-%m}")
    end = begin.replace(day=monthrange(begin.year, begin.month)[1])
    wanted = Wanted(begin, end, request.args.get("scope", "")[:200])
    before = begin - timedelta(days=1)
    with look() as unit:
        by_grid = told(unit, wanted, By.GRID, locale())
        by_kind = told(unit, wanted, By.CATEGORY, locale())
        earlier = told(
            unit, Wanted(before.replace(day=1), before, wanted.scope), By.GRID, locale()
        )  # fmt: skip
        names = dict(grids_of_mine(unit, scopes(unit.actor, Permission.FIGURES), locale()))
        spots, quiet = hotspots(unit, wanted, locale()), quiet_grids(unit, wanted, locale())
    return render_template(
        "figures_month.html",
        wanted=wanted, month=f"{begin:%Y-%m}", ended=end < today, name=names.get(wanted.scope, ""),
        figures=by_grid.figures, earlier=earlier.figures, before=f"{before:%Y-%m}",
        following=f"{end + timedelta(days=1):%Y-%m}",
        grids=by_grid.groups, kinds=sorted(by_kind.groups, key=lambda one: -_count(one.figures)),
        spots=spots[:PLACES], quiet=quiet, shown=SHOWN, columns=IN_TABLES, measures=MEASURES,
        few=FEW, counted_at=by_grid.counted_at, by_grid=By.GRID, by_kind=By.CATEGORY,
        name_of=name_of, about=about, value_of=value_of, delta_of=delta_of, key_word=key_word,
    )  # fmt: skip


def _count(figures: Mapping[str, Figure]) -> int:
    return figures["reported"].hits


def _first(text: str) -> date:
    found = _MONTH.fullmatch(text)
    try:
        assert found is not None
        return date(int(found[1]), int(found[2]), 1)
    except (AssertionError, ValueError) as error:
        raise Invalid("figures-month", field="month", value=text[:40]) from error
