"""One act on several matters: shown first, done one by one, taken back where that is honest."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import render_template, request, url_for

from gridtrack.access import Permission
from gridtrack.errors import GridtrackError, Invalid
from gridtrack.http.context import locale, look, work
from gridtrack.http.guard import may
from gridtrack.i18n.sentences import sentence
from gridtrack.queries.bulk import MOST, Act, Would, would
from gridtrack.queries.names import Line
from gridtrack.usecases.assign import assign
from gridtrack.usecases.close import close
from gridtrack.usecases.urge import urge
from gridtrack.web.asked import whole
from gridtrack.web.board_filter import asked, shown
from gridtrack.web.forms import next_page
from gridtrack.web.gettext import gettext
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Shown:
    """A matter of the page: what stands against the act, or how it went, in words."""

    line: Line
    against: str
    done: bool = False
    back: str = ""  # what takes it back: id, version, the handler before


@dataclass(frozen=True, slots=True)
class Picked:
    """A chosen matter, the version that was looked at, and for taking back who had it."""

    id: int
    version: int | None
    before: int | None


def _picked(name: str) -> list[Picked]:
    """What the boxes chose, as `id.version` or `id.version.handler`, at most `MOST`."""
    found = []
    for text in request.form.getlist(name)[:MOST]:
        number, _, rest = text.partition(".")
        version, _, before = rest.partition(".")
        one = whole(number)
        if one is not None:
            found.append(Picked(one, whole(version), whole(before)))
    return found


def _act() -> Act:
    given = request.form.get("act", "")
    if given not in set(Act):
        raise Invalid("required", field="act")
    return Act(given)


def _page(
    act: Act, matters: Iterable[Shown], *, status: int = 200, **more: object
) -> tuple[str, int]:
    listed = tuple(matters)
    return (
        render_template(
            "bulk.html",
            act=act.value,
            matters=listed,
            able=[one for one in listed if not one.against],
            people=shown(asked({})).choices.people,
            back_to=next_page(url_for("web.board")),
            **more,
        ),
        status,
    )


def _foreseen(act: Act, ids: list[int]) -> list[Shown]:
    with look() as unit:
        found = would(unit, act, ids, locale())
    return [Shown(one.line, _against(one)) for one in found]


def _against(one: Would) -> str:
    return sentence(one.against, locale(), **one.params) if one.against else ""


@may(Permission.DIRECT)
def bulk() -> tuple[str, int]:
    """What would become of each of the chosen matters; nothing happens yet."""
    act = _act()
    return _page(act, _foreseen(act, [one.id for one in _picked("pick")]), stage="preview")


@may(Permission.DIRECT)
def bulk_do() -> tuple[str, int]:
    """Do it to each in a work of its own; what went another way meanwhile is told."""
    act, picked = _act(), _picked("pick")
    reason = request.form.get("reason", "")
    to = whole(request.form.get("to", ""))
    if act is Act.ASSIGN and to is None:
        errors = {"to": sentence("required", locale(), field=gettext("To whom"))}
        known = _foreseen(act, [one.id for one in picked])
        return _page(act, known, status=422, stage="preview", errors=errors)
    verbs: dict[Act, Callable[[Work, Picked], object]] = {
        Act.ASSIGN: lambda unit, one: assign(
            unit, one.id, to or 0, reason=reason, version=one.version
        ),
        Act.URGE: lambda unit, one: urge(unit, one.id, reason=reason, version=one.version),
        Act.CLOSE: lambda unit, one: close(unit, one.id, comment=reason, version=one.version),
    }
    return _page(act, _each(act, picked, verbs[act]), stage="done")


@may(Permission.DIRECT)
def bulk_back() -> tuple[str, int]:
    """Give what was just assigned back to whoever had it; not where it went on since."""
    reason = gettext("Taken back")

    def back(unit: Work, one: Picked) -> object:
        return assign(unit, one.id, one.before or 0, reason=reason, version=one.version)

    return _page(Act.ASSIGN, _each(Act.ASSIGN, _picked("back"), back, again=False), stage="back")


def _each(
    act: Act, picked: list[Picked], verb: Callable[[Work, Picked], object], *, again: bool = True
) -> list[Shown]:
    with look() as unit:
        before = {
            one.line.id: one.line for one in would(unit, act, [p.id for p in picked], locale())
        }
    results: dict[int, tuple[str, object]] = {}
    for one in picked:
        if one.id in before:
            results[one.id] = _once(one, verb)
    with look() as unit:
        after = {one.line.id: one.line for one in would(unit, act, list(results), locale())}
    shown_ = []
    for number, (against, done) in results.items():
        had = before[number].handler_id
        undo = again and act is Act.ASSIGN and not against and had is not None
        back = f"{number}.{done}.{had}" if undo else ""
        line = after.get(number, before[number])
        shown_.append(Shown(line, against, done=not against, back=back))
    return shown_


def _once(one: Picked, verb: Callable[[Work, Picked], object]) -> tuple[str, object]:
    """What stands against it, in words, and what the verb answered."""
    try:
        with work() as unit:
            return "", verb(unit, one)
    except GridtrackError as error:
        return sentence(error.code, locale(), **error.params), None
