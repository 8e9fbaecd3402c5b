"""The codes of an edition: the scheme, what does not fit it, and what names old codes elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from gridtrack.access import Permission, permits, require
from gridtrack.accounts.tables import Person, Post
from gridtrack.deadlines import store as policies
from gridtrack.duty import following as duty
from gridtrack.grids import drafts
from gridtrack.grids import store as grids
from gridtrack.grids.code_schemes import Scheme
from gridtrack.grids.codes import CodeFault, check_codes
from gridtrack.grids.lifecycle import Act, State, allowed
from gridtrack.grids.scheme_file import scheme_in
from gridtrack.grids.store import entries
from gridtrack.incidents.tables import Incident
from gridtrack.notifications import following as channels
from gridtrack.queries.scope import visible
from gridtrack.queries.who_sees import SEALED
from gridtrack.work import Work

FAULTS_SHOWN = 200
POSTS_SHOWN = 200
_AT_ONCE = 400
MAPPING_HEAD = ("level", "name", "old_code", "new_code", "old_path", "new_path")


@dataclass(frozen=True, slots=True)
class CodesPage:
    """Everything the page of codes shows."""

    id: int
    name: str
    state: str
    revision: int
    scheme: Scheme
    grids: int
    faults: tuple[CodeFault, ...]
    fault_count: int
    tables: tuple[tuple[int, int], ...]  # renumberings that were done: edit, grids
    may_renumber: bool


@dataclass(frozen=True, slots=True)
class Named:
    """What names grids by the codes that would change; nobody changes it but people."""

    posts: tuple[tuple[str, str, str, str], ...]  # name, role, path now, path then
    post_count: int
    open_matters: int
    rosters: int
    channels: int  # of groups
    limits: int  # and ladders of the policy in force


def codes_page(work: Work, edition_id: int) -> CodesPage:
    """The codes of an edition against the deployment's scheme; raises NotFound, Invalid."""
    require(work.actor, Permission.GRIDS_DRAW)
    one = grids.edition(work.session, edition_id)
    scheme = scheme_in(work.settings.instance)
    found = grids.grids_of(work.session, edition_id)
    faults = check_codes(found, scheme)
    law = permits(work.actor, Permission.GRIDS_EDIT)
    done = [row.data for row in entries(work.session, edition_id) if row.kind == "renumbered"]
    return CodesPage(
        id=one.id,
        name=one.name,
        state=one.state,
        revision=one.revision,
        scheme=scheme,
        grids=len(found),
        faults=tuple(faults[:FAULTS_SHOWN]),
        fault_count=len(faults),
        tables=tuple((int(row["edit"]), int(row["count"])) for row in done),
        may_renumber=law and Act.EDIT in allowed(State(one.state)),
    )


def names_old_codes(work: Work, paths: Mapping[str, str]) -> Named:
    """Posts, and open matters, that stand under paths which would be others (`paths`)."""
    require(work.actor, Permission.GRIDS_DRAW)
    posts: list[tuple[str, str, str, str]] = []
    matters = 0
    for some in _chunks(sorted(paths)):
        wanted = (
            select(Person.name, Post.role, Post.scope)
            .join(Person, Person.id == Post.person_id)
            .where(Post.scope.in_(some), or_(Post.until_at.is_(None), Post.until_at > work.now))
            .order_by(Post.scope, Person.name)
        )
        posts += [(name, role, scope, paths[scope]) for name, role, scope in
                  work.session.execute(wanted)]  # fmt: skip
        # What is sealed is in no count of somebody who may not open it.
        mine = or_(Incident.sensitivity < SEALED, visible(work.actor))
        counted = select(func.count()).where(Incident.is_open, mine, Incident.grid_path.in_(some))
        matters += int(work.session.scalar(counted) or 0)
    policy = policies.policy_at(work.session, work.memo, work.now)
    scoped = [one.scope for one in policy.limits]
    scoped += [one.scope for one in policy.ladders.values()]
    return Named(
        tuple(posts[:POSTS_SHOWN]),
        len(posts),
        matters,
        rosters=duty.count(work.session, paths),
        channels=channels.count(work.session, paths),
        limits=sum(one in paths for one in scoped),
    )


def mapping_rows(work: Work, edition_id: int, edit_id: int) -> list[tuple[str, ...]]:
    """The table of a renumbering: level, name, old code, new code, old path, new path."""
    require(work.actor, Permission.GRIDS_DRAW)
    edit = drafts.edit(work.session, edition_id, edit_id)
    return [_mapped(row["before"], row["after"]) for row in edit.changes
            if row["before"] and row["after"]]  # fmt: skip


def _mapped(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    words = (before["level"], before["name"], before["code"], after["code"])
    return (*(str(word) for word in words), before["path"], after["path"])


def _chunks(paths: Sequence[str]) -> list[Sequence[str]]:
    return [paths[n : n + _AT_ONCE] for n in range(0, len(paths), _AT_ONCE)]
