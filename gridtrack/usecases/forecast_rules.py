"""Policy, duty and grids as a forecast asks them: by the rules that reports and sweep follow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from gridtrack.analytics.forecast import Matter, Someone, Start
from gridtrack.analytics.reactions import DESK, PROPERTY
from gridtrack.categories import store as categories
from gridtrack.deadlines import calendar_store
from gridtrack.deadlines.counting import count
from gridtrack.deadlines.policy_parts import Policy
from gridtrack.deadlines.rules import Kind, Rung
from gridtrack.limits import Limit
from gridtrack.queries.duty_over import DutyOver
from gridtrack.queries.followed import triage_scope
from gridtrack.routing.rules import choose, holder_for
from gridtrack.usecases.tell import desk_among
from gridtrack.work import Work


class RulesOver:
    """The Rules of a forecast for one policy and one duty; `paths` moves matters by their id."""

    def __init__(
        self, work: Work, policy: Policy, duty: DutyOver, paths: Mapping[int, str] | None = None
    ) -> None:
        """Over the categories and calendars in force."""
        self._policy, self._duty, self._paths = policy, duty, paths
        self._tree = categories.tree(work.memo, work.settings.instance)
        found = calendar_store.calendars(work.session, work.memo, work.settings.timezone)
        self._working = found.working
        self._triage = triage_scope(work).now
        self._holders: dict[tuple[str, Rung, int], Someone | None] = {}
        self._desks: dict[tuple[str, bool, int], Sequence[Someone]] = {}

    @staticmethod
    def sensitivities(work: Work) -> Mapping[str, int]:
        """How secret matters of each category are."""
        tree = categories.tree(work.memo, work.settings.instance)
        return {code: int(one.sensitivity) for code, one in tree.categories.items()}

    def start(self, matter: Matter) -> Start:
        """Promise, ladder and first people of a matter."""
        matter = self._there(matter)
        category = self._tree.categories.get(matter.category)
        choice = choose(
            matter.path,
            self._duty.over(matter.path, matter.zone, matter.at) if matter.path else (),
            sealed=matter.sensitivity >= 3,
            zone=matter.zone,
            property_is_party=category is not None and category.property_is_party,
            not_alone=matter.reporter_id if category and category.second_person else None,
        )
        ladder = self._policy.ladder(
            Kind.ACKNOWLEDGE,
            sensitivity=matter.sensitivity,
            routed=choice.handler is not None,
            category=matter.category,
            path=matter.path,
        )
        assert ladder is not None  # a policy without one is refused
        own = self._policy.limit(Kind.ACKNOWLEDGE, matter.category, matter.path, matter.condition)
        filed = category.known_condition(matter.condition) if category is not None else None
        named = filed.acknowledge if filed is not None else None
        named = named or (category.acknowledge if category is not None else None)
        due_at = self._due(own or named or self._policy.acknowledge_default, matter.at)
        people = (
            None if one is None else Someone(one.person_id, one.role)
            for one in (choice.handler, choice.co_handler)
        )
        return Start(due_at, ladder, *people)

    def holder(self, matter: Matter, rung: Rung, at: datetime) -> Someone | None:
        """Who is present for a rung at an instant."""
        path = self._there(matter).path
        key = (path, rung, self._duty.slice(at))
        if key not in self._holders:
            candidates = self._duty.over(path, None, at)
            found = holder_for(path, candidates, role=rung.role, deputy=rung.deputy)
            self._holders[key] = None if found is None else Someone(found.person_id, found.role)
        return self._holders[key]

    def desk(self, matter: Matter, at: datetime) -> Sequence[Someone]:
        """The triage desk at an instant."""
        first = self._there(matter).path.split("/", maxsplit=1)[0]
        key = (first, matter.sensitivity >= 3, self._duty.slice(at))
        if key not in self._desks:
            grounds = [(scope, None) for scope in ("", self._triage, first)]
            ids = desk_among(self._duty.at(grounds, at), matter.sensitivity)
            self._desks[key] = tuple(Someone(one, DESK) for one in ids)
        return self._desks[key]

    def _there(self, matter: Matter) -> Matter:
        if self._paths is None:
            return matter
        return replace(matter, path=self._paths.get(matter.id, matter.path))

    def _due(self, limit: Limit, start: datetime) -> datetime:
        code = self._policy.calendar(Kind.ACKNOWLEDGE, limit.unit)
        return count(limit, start, code, self._working).due_at


def roles_of(policies: Iterable[Policy]) -> Mapping[str, str]:
    """The role that each rung of these policies asks for."""
    found = {
        rung.code: rung.role
        for policy in policies
        for ladder in policy.ladders.values()
        if ladder.clock is Kind.ACKNOWLEDGE
        for rung in ladder.rungs
    }
    return found | {PROPERTY: PROPERTY, DESK: DESK}
