"""Who would be responsible for open matters in given ground: asked at once for many. A step."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from gridtrack.accounts.rules import Holder
from gridtrack.categories import store as categories
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.rules import Kind, Rung
from gridtrack.queries.around import NOBODY, around, parties_of
from gridtrack.queries.on_duty import on_duty
from gridtrack.routing import rules as routing
from gridtrack.routing.rules import Choice, Reason
from gridtrack.work import Work

_MANY = 500


class Matter(Protocol):
    """What is asked of an open matter."""

    @property
    def id(self) -> int: ...
    @property
    def category(self) -> str: ...
    @property
    def sensitivity(self) -> int: ...
    @property
    def reported_by(self) -> int | None: ...
    @property
    def rung(self) -> str | None: ...


class Responsible:
    """Who is on duty over some paths and estates now, and on which rung some matters stand."""

    def __init__(
        self,
        work: Work,
        paths: Iterable[str],
        zones: Iterable[str | None],
        climbed: Sequence[int],
        moves: Mapping[str, str] | None = None,
        *,
        matters: Sequence[int] = (),
    ) -> None:
        """Ask for `paths` and all above them; `climbed` are matters that have gone up a ladder.

        `matters` are all of them: whom they are about is gone round.

        `moves` are old paths by which the posts of new ones are still known.
        """
        now = moves or {}
        before = {new: old for old, new in now.items()}
        self._work = work
        self._tree = categories.tree(work.memo, work.settings.instance)
        above = {scope for path in paths for scope in routing.ancestors(path)}
        scopes = sorted(above | {before[scope] for scope in above if scope in before})
        estates = sorted({zone for zone in zones if zone})
        self._at: dict[str, list[Holder]] = {}
        self._in: dict[str, list[Holder]] = {}
        for start in range(0, max(len(scopes), 1), _MANY):
            asked = scopes[start : start + _MANY]
            for holder in on_duty(work, asked, ()):
                scope = now.get(holder.scope, holder.scope)
                self._at.setdefault(scope, []).append(replace(holder, scope=scope))
        for holder in on_duty(work, (), estates) if estates else ():
            self._in.setdefault(holder.zone or "", []).append(holder)
        self._about = parties_of(work, matters or climbed)
        self._rungs = {one: rung for one, rung in _rungs(work, climbed) if rung is not None}

    def choose(self, matter: Matter, path: str, zone: str | None) -> Choice:
        """Whose it would be at leaf `path`: on the ladder, whoever holds that rung there."""
        about = self._about.get(matter.id, NOBODY)
        near = [h for scope in routing.ancestors(path) for h in self._at.get(scope, ())]
        near, beside = around(near, about), around(self._in.get(zone or "", ()), about)
        category = self._tree.get(matter.category)
        choice = routing.choose(
            path,
            [*near, *beside],
            sealed=matter.sensitivity >= 3,
            zone=zone,
            property_is_party=category.property_is_party,
            not_alone=matter.reported_by if category.second_person else None,
        )
        rung = self._rungs.get((matter.id, matter.rung or ""))
        if rung is None or not path:
            return choice
        holder = routing.holder_for(path, near, role=rung.role, deputy=rung.deputy)
        if holder is None:
            return choice
        on_rung = Reason("on-rung", {"name": holder.name, "rung": rung.code})
        return Choice(holder, choice.co_handler, (on_rung,))


def _rungs(work: Work, climbed: Sequence[int]) -> Iterable[tuple[tuple[int, str], Rung | None]]:
    """The rungs of each matter's ladder that take it over, by matter and code."""
    for start in range(0, len(climbed), _MANY):
        for clock in deadlines.live(work.session, climbed[start : start + _MANY]):
            if clock.kind != Kind.ACKNOWLEDGE.value:
                continue  # those who are told of the others do not get the matter
            policy = deadlines.policy_version(work.session, work.memo, clock.policy_version)
            for rung in policy.ladders[clock.ladder].rungs:
                yield (clock.incident_id, rung.code), rung if rung.takes_over else None
