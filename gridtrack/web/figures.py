"""The secretary's figures: a span, what came of it, told apart, and the list behind each number."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import render_template, request, url_for

from gridtrack.access import Permission, scopes
from gridtrack.categories import store as categories
from gridtrack.errors import Invalid
from gridtrack.figures.measures import FEW, MEASURES, Figure, Unit
from gridtrack.http.context import locale, look
from gridtrack.http.guard import may
from gridtrack.i18n.sentences import sentence
from gridtrack.queries.figure_groups import grids_of_mine
from gridtrack.queries.figures import Against, By, Told, Wanted, told
from gridtrack.queries.figures_behind import Behind, Part, listed_behind, measure_of
from gridtrack.queries.hotspots import hotspots, quiet_grids
from gridtrack.web import words
from gridtrack.web.asked import whole
from gridtrack.web.forms import messages
from gridtrack.work import Work

# What stands in the columns of the table; the others are in the tiles above it.
COLUMNS = ("reported", "ack-kept", "ack-time", "resolve-kept", "handle-time", "first-round",
           "content", "rework", "found-first", "climbed")  # fmt: skip
TILES = (
    ("time", ("ack-kept", "ack-time", "arrive-kept", "resolve-kept", "handle-time")),
    ("work", ("reported", "open", "overdue", "first-round", "in-community", "found-first")),
    ("trouble", ("climbed", "climb-late", "rework", "extended", "paused-time")),
    ("people", ("content", "rated")),
)
LEVELS = (1, 2, 3)
FIRST_DAYS = 30
SHOWN_QUIET = 60


@dataclass(frozen=True, slots=True)
class Form:
    """What was asked for, as it was typed."""

    wanted: Wanted
    by: By
    level: int
    against: Against
    faults: dict[str, str]

    @classmethod
    def typed(cls) -> "Form":
        """From the address; what is missing is the last thirty days by grid."""
        given, faults = request.args, {}
        today = words.local(words.now()).date()
        days: dict[str, date | None] = {}
        for name, otherwise in (
            ("begin", today - timedelta(days=FIRST_DAYS - 1)), ("end", today), ("grids_on", None),
        ):  # fmt: skip
            text = given.get(name, "").strip()
            try:
                days[name] = date.fromisoformat(text) if text else otherwise
            except ValueError:
                days[name] = otherwise
                error = Invalid("figures-date", field=name, value=text[:40])
                faults[name] = sentence(error.code, locale(), **error.params)
        begin, end = days["begin"], days["end"]
        assert begin is not None
        assert end is not None
        wanted = Wanted(
            begin, end, given.get("scope", "")[:200], given.get("category", "")[:8],
            given.get("source", "")[:20], days["grids_on"],
        )  # fmt: skip
        level = whole(given.get("level", "")) or LEVELS[-1]
        return cls(
            wanted, _one(By, given.get("by"), By.GRID), level if level in LEVELS else LEVELS[-1],
            _one(Against, given.get("against"), Against.BEFORE), faults,
        )  # fmt: skip

    def address(self, **changes: Any) -> dict[str, Any]:
        """The parts of an address that ask for the same again, with some changed."""
        wanted = self.wanted
        same = {
            "begin": wanted.begin.isoformat(), "end": wanted.end.isoformat(),
            "scope": wanted.scope, "category": wanted.category, "source": wanted.source,
            "grids_on": wanted.grids_on.isoformat() if wanted.grids_on else "",
            "by": self.by.value, "level": self.level, "against": self.against.value,
        }  # fmt: skip
        return {name: value for name, value in (same | changes).items() if value not in ("", None)}


def _one(kind: Any, given: str | None, otherwise: Any) -> Any:
    try:
        return kind(given)
    except ValueError:
        return otherwise


@may(Permission.FIGURES)
def figures() -> str | tuple[str, int]:
    """The figures of a span; with days that are no span, the form again."""
    form = Form.typed()
    faults = dict(form.faults)
    found: Told | None = None
    with look() as unit:
        choices = _choices(unit)
        try:
            found = None if faults else told(
                unit, form.wanted, form.by, locale(), level=form.level, against=form.against
            )  # fmt: skip
            spots = hotspots(unit, form.wanted, locale()) if found else []
            quiet = quiet_grids(unit, form.wanted, locale()) if found else []
        except Invalid as error:
            faults |= messages(error)
            spots, quiet = [], []
    page = render_template(
        "figures.html",
        form=form, told=found, spots=spots, quiet=quiet[:SHOWN_QUIET], quiet_count=len(quiet),
        errors=faults, choices=choices, tiles=TILES, columns=COLUMNS, measures=MEASURES,
        few=FEW, name_of=name_of, about=about, value_of=value_of, delta_of=delta_of,
        key_word=key_word,
    )  # fmt: skip
    return (page, 422) if faults else page


@may(Permission.FIGURES)
def figures_list() -> str:
    """The matters behind a number, page by page."""
    form, given = Form.typed(), request.args
    measure = measure_of(given.get("measure", ""))
    by = _one(By, given.get("of"), None)
    behind = Behind(
        measure.code, _one(Part, given.get("part"), Part.AMONG), by, given.get("key", "")[:200],
        form.level, whole(given.get("page", "")) or 1,
    )  # fmt: skip
    with look() as unit:
        found = listed_behind(unit, form.wanted, behind, locale())
    return render_template(
        "figures_list.html", form=form, behind=behind, found=found, measure=measure,
        name_of=name_of, about=about, shares=measure.unit is Unit.SHARE,
        key=key_word(by, behind.key, given.get("name", "")[:80]) if by else "",
        again=lambda **more: url_for("web.figures_list", **form.address(**{
            "measure": behind.measure, "part": behind.part.value, "of": by.value if by else "",
            "key": behind.key, "name": given.get("name", "")[:80], **more,
        })),
    )  # fmt: skip


def _choices(unit: Work) -> dict[str, list[tuple[str, str]]]:
    tree = categories.tree(unit.memo, unit.settings.instance)
    sources = ("patrol", "resident", "station", "hotline", "api", "import")
    return {
        "scope": grids_of_mine(unit, scopes(unit.actor, Permission.FIGURES), locale()),
        "category": [(code, word.name(locale())) for code, word in tree.groups.items()],
        "source": [(one, sentence(f"source-{one}", locale())) for one in sources],
        "by": [(one.value, sentence(f"figures-by-{one.value}", locale())) for one in By],
        "against": [(one.value, sentence(f"figures-{one.value}", locale())) for one in Against],
        "level": [(str(n), sentence("figures-level", locale(), level=n)) for n in LEVELS],
    }


def name_of(code: str) -> str:
    """A measure's name."""
    return sentence(f"measure-{code}", locale())


def about(code: str) -> str:
    """What a measure counts, of what, and where that comes from."""
    return sentence(f"measure-{code}-about", locale())


def value_of(code: str, one: Figure | None, part: str = "") -> str:
    """A figure as it is read: a share, a time (`part`: p90, most), or how many."""
    unit = MEASURES[code].unit
    if one is None or (unit is not Unit.COUNT and not one.n):
        return "–"
    if unit is Unit.COUNT:
        return f"{one.hits:,}"
    if unit is Unit.SHARE:
        return f"{100 * (one.share or 0):.1f} %"
    seconds = {"p90": one.p90, "most": one.most}.get(part, one.median) or 0
    # The lateness of a step is a matter of tenths; everything else is read as a clock.
    return f"{seconds:.1f} s" if code == "climb-late" else words.seconds(round(seconds))


def delta_of(code: str, now: Figure, before: Figure | None) -> tuple[str, str] | None:
    """By how much a figure changed, and the tone of that; None where it cannot be said."""
    measure = MEASURES[code]
    if before is None or (measure.unit is not Unit.COUNT and not (now.n and before.n)):
        return None
    change: float
    if measure.unit is Unit.COUNT:
        change, text = now.hits - before.hits, f"{now.hits - before.hits:+,}"
    elif measure.unit is Unit.SHARE:
        change = round(100 * ((now.share or 0) - (before.share or 0)), 1)
        text = sentence("figures-points", locale(), points=f"{change:+.1f}")
    else:
        change = round((now.median or 0) - (before.median or 0))
        text = ("−" if change < 0 else "+") + words.seconds(abs(int(change)))
    if not change or not measure.good:
        return text, "idle"
    return text, ("ok" if (change > 0) == (measure.good > 0) else "late")


def key_word(by: By, key: Any, name: str = "") -> str:
    """What a line of the table is about, in the reader's language."""
    if by is By.HOUR:
        return f"{int(key):02d}:00"
    if by is By.WEEKDAY:
        return sentence(f"weekday-{int(key) + 1}", locale())
    if by is By.DAY:
        return date.fromordinal(int(key)).isoformat()
    if by is By.SOURCE:
        return sentence(f"source-{key}", locale())
    if key in ("", 0, "0"):
        return sentence(f"figures-no-{by.value}", locale())
    return name or str(key)
