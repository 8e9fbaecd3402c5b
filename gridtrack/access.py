"""Who may do what where. Deny by default: what is not in ROLES is forbidden.

Code asks for permissions, never for roles; a role is a set of permissions, a post binds it to a
scope.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gridtrack.errors import Forbidden, Unauthenticated


class Permission(StrEnum):
    """What a person may do; the scope of the post says where."""

    REPORT = "report"  # file a matter
    WORK = "work"  # acknowledge and handle what is theirs
    SEE = "see"  # read matters of the scope below the sealed level
    SEE_SEALED = "see-sealed"  # read sensitivity 3 in the scope
    SEE_REPORTER = "see-reporter"  # read who reported
    DIRECT = "direct"  # assign, take over, hold for others, urge in the scope
    SUPERVISE = "supervise"  # give a written order that must be answered
    CLOSE = "close"  # check what was resolved and close it
    TRIAGE = "triage"  # the desk: what no grid owns
    GRIDS_DRAW = "grids-draw"  # read editions, draw in drafts inside the scope
    GRIDS_EDIT = "grids-edit"  # import, check in, put in force
    DOORS_EDIT = "doors-edit"  # the door-plate book inside the scope
    PEOPLE_EDIT = "people-edit"
    TOKENS_EDIT = "tokens-edit"
    DUTY_SEE = "duty-see"  # read rosters; ask swaps and leave where one is on them
    DUTY_EDIT = "duty-edit"  # write rosters, approve swaps, enter leave of others in the scope
    RULES_EDIT = "rules-edit"
    FORECAST = "forecast"  # counts of the scope under other rules, sealed ones where they may
    FIGURES = "figures"  # measures over the scope, each number with its list
    HEALTH = "health"  # see how the machine is doing
    AUDIT = "audit"
    ENGINE = "engine"  # the product's own workers: sweep and deliver


class Role(StrEnum):
    """The roles of design.md §2."""

    GRIDWORKER = "gridworker"
    LEADER = "leader"
    SECRETARY = "secretary"
    STREET = "street"
    DEPARTMENT = "department"
    PROPERTY = "property"
    MEDIATOR = "mediator"
    VOLUNTEER = "volunteer"
    DESK = "desk"
    CHECKER = "checker"
    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


_P = Permission
_FIELD = frozenset({_P.REPORT, _P.WORK, _P.SEE, _P.DUTY_SEE})

ROLES: Mapping[Role, frozenset[Permission]] = {
    Role.GRIDWORKER: _FIELD,
    Role.LEADER: _FIELD | {_P.DIRECT, _P.DUTY_EDIT, _P.SUPERVISE, _P.FIGURES},
    Role.SECRETARY: _FIELD
    | {_P.DIRECT, _P.CLOSE, _P.TRIAGE, _P.SEE_SEALED, _P.SEE_REPORTER, _P.HEALTH}
    | {_P.GRIDS_DRAW, _P.DOORS_EDIT, _P.DUTY_EDIT, _P.SUPERVISE, _P.FORECAST, _P.FIGURES},
    Role.STREET: _FIELD
    | {_P.DIRECT, _P.CLOSE, _P.TRIAGE, _P.SEE_SEALED, _P.HEALTH, _P.GRIDS_DRAW, _P.DOORS_EDIT}
    | {_P.DUTY_EDIT, _P.SUPERVISE, _P.FORECAST, _P.FIGURES},
    # These four see what they handle and nothing else, so they have no SEE.
    Role.DEPARTMENT: frozenset({_P.WORK}),
    Role.PROPERTY: frozenset({_P.WORK, _P.REPORT, _P.DUTY_SEE}),
    Role.MEDIATOR: frozenset({_P.WORK}),
    Role.VOLUNTEER: frozenset({_P.WORK, _P.REPORT}),
    Role.DESK: frozenset({_P.REPORT, _P.SEE, _P.DIRECT, _P.TRIAGE, _P.DUTY_SEE}),
    Role.CHECKER: frozenset({_P.SEE, _P.CLOSE, _P.FIGURES}),
    Role.SYSTEM: frozenset({_P.GRIDS_EDIT, _P.GRIDS_DRAW, _P.DOORS_EDIT, _P.RULES_EDIT, _P.HEALTH})
    | {_P.FORECAST},
    Role.SECURITY: frozenset({_P.PEOPLE_EDIT, _P.TOKENS_EDIT}),
    Role.AUDIT: frozenset({_P.AUDIT, _P.HEALTH}),
}


@dataclass(frozen=True, slots=True)
class Holding:
    """A post as the access rules see it: a role over a scope (a grid path prefix, "" is all)."""

    role: Role
    scope: str
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with posts, a resident without an account, or the system itself."""

    person_id: int | None
    name: str
    holdings: tuple[Holding, ...] = ()
    limited_to: frozenset[Permission] | None = None  # an API token's own, narrower, list
    engine: bool = False
    locale: str = "zh"

    @property
    def known(self) -> bool:
        """True for anybody who logged in or the system."""
        return self.engine or self.person_id is not None


RESIDENT = Actor(None, "resident")
ENGINE = Actor(None, "gridtrack", engine=True)


def covers(scope: str, path: str) -> bool:
    """True when `path` is `scope` or lies below it in the grid tree; "" covers everything."""
    return scope in ("", path) or path.startswith(scope + "/")


def permits(actor: Actor, permission: Permission, path: str | None = None) -> bool:
    """True when some post of the actor grants `permission` over `path` (None: anywhere)."""
    if actor.engine:
        return True
    if actor.limited_to is not None and permission not in actor.limited_to:
        return False
    return any(
        permission in ROLES[holding.role] and (path is None or _reaches(holding, path))
        for holding in actor.holdings
    )


def may_handle(actor: Actor) -> bool:
    """True when the actor can be the handler of something: a token only where it may work.

    Handling is a relation, not a permission: without this a token for reporting would read and
    move whatever its person handles.
    """
    limits = actor.limited_to
    return actor.person_id is not None and (limits is None or Permission.WORK in limits)


def _reaches(holding: Holding, path: str) -> bool:
    """A post over an estate covers no grid: a property manager sees what they handle, no more."""
    return holding.zone is None and covers(holding.scope, path)


def require(actor: Actor, permission: Permission, path: str | None = None) -> None:
    """Let through or raise: Unauthenticated without a login, Forbidden without the right."""
    if permits(actor, permission, path):
        return
    if not actor.known:
        raise Unauthenticated("login-required")
    raise Forbidden("forbidden", permission=permission.value, scope=path)


def require_known(actor: Actor) -> None:
    """Let through whoever is logged in; what they may do with a matter its query decides."""
    if not actor.known:
        raise Unauthenticated("login-required")


def require_anyone(actor: Actor) -> None:
    """Say aloud that everybody may, residents without an account included."""
    assert actor is not None


def scopes(actor: Actor, permission: Permission) -> tuple[str, ...]:
    """The path prefixes over which the actor has `permission`; ("",) means everywhere."""
    if actor.engine:
        return ("",)
    if actor.limited_to is not None and permission not in actor.limited_to:
        return ()
    found = {h.scope for h in actor.holdings if permission in ROLES[h.role] and h.zone is None}
    return ("",) if "" in found else tuple(sorted(found))
