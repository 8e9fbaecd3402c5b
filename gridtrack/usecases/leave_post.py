"""Somebody leaves a post: access ends at this instant, open matters go to the successor or up."""

from dataclasses import dataclass, replace

from sqlalchemy import select

from gridtrack.access import ENGINE, Permission, covers, require
from gridtrack.accounts import store as accounts
from gridtrack.accounts.tables import Post
from gridtrack.categories import store as categories
from gridtrack.errors import NotFound
from gridtrack.i18n.sentences import sentence
from gridtrack.incidents import store as incidents
from gridtrack.incidents.rules import NEXT, Action, State
from gridtrack.incidents.tables import Incident
from gridtrack.queries.on_duty import on_duty
from gridtrack.routing import rules as routing
from gridtrack.usecases.assign import assign
from gridtrack.usecases.handle import handle
from gridtrack.usecases.note import note
from gridtrack.usecases.people import end_post
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Left:
    """What became of the open matters of a post: given to somebody, or to the desk."""

    given: int
    to_desk: int


def leave_post(work: Work, post_id: int) -> Left:
    """End a post now and hand on what its holder had open under it.

    Each matter goes to who would get it if it came in now, with the full time to acknowledge, an
    event and a message; where nobody is there up to the street, to the desk.
    """
    require(work.actor, Permission.PEOPLE_EDIT)
    post = work.session.get(Post, post_id)
    if post is None:
        raise NotFound("post-not-found", id=post_id)
    end_post(work, post_id)
    as_product = replace(work, actor=ENGINE)  # who gives posts directs no matters
    ids = _open_matters(work, post)
    done = [_hand_on(as_product, one, post.person_id) for one in ids]
    left = Left(sum(done), len(done) - sum(done))
    note(work, "post-left", f"person:{post.person_id}", role=post.role, scope=post.scope,
         given=left.given, to_desk=left.to_desk)  # fmt: skip
    return left


def leave_all(work: Work, person_id: int) -> Left:
    """The same with every post that somebody holds or would hold."""
    require(work.actor, Permission.PEOPLE_EDIT)
    ids = accounts.post_ids(work.session, person_id, work.now)
    left = [leave_post(work, one) for one in ids]
    return Left(sum(one.given for one in left), sum(one.to_desk for one in left))


def _open_matters(work: Work, post: Post) -> list[int]:
    """What the person handles by this post, in the order in which matters are locked."""
    still = accounts.actor(work.session, post.person_id, work.now)
    others = () if still is None else still.holdings
    rows = work.session.execute(
        select(Incident.id, Incident.grid_path, Incident.zone, Incident.state)
        .where(
            Incident.handler_id == post.person_id,
            Incident.handler_role == post.role,
            Incident.is_open.is_(True),
        )
        .order_by(Incident.id)
    )
    return [
        row.id
        for row in rows
        if (State(row.state), Action.ASSIGN) in NEXT
        and _under(post.scope, post.zone, row.grid_path, row.zone)
        and not any(
            one.role.value == post.role and _under(one.scope, one.zone, row.grid_path, row.zone)
            for one in others
        )
    ]


def _under(scope: str, zone: str | None, path: str, of_zone: str | None) -> bool:
    return of_zone == zone if zone is not None else covers(scope, path)


def _hand_on(work: Work, incident_id: int, gone: int) -> bool:
    """Give one matter on; False where it went to the desk."""
    incident = incidents.lock(work.session, incident_id)
    reason = sentence("post-left", work.settings.locale)
    found = _next(work, incident)
    if found is None or found == gone:
        handle(work, incident_id, Action.HAND_BACK, {"reason": reason})
        return False
    assign(work, incident_id, found, reason=reason)
    return True


def _next(work: Work, incident: Incident) -> int | None:
    category = categories.tree(work.memo, work.settings.instance).get(incident.category)
    path, zone = incident.grid_path, incident.zone
    there = on_duty(work, routing.ancestors(path), [zone] if zone else []) if path else []
    choice = routing.choose(
        path,
        there,
        sealed=incident.sensitivity >= 3,
        zone=zone,
        property_is_party=category.property_is_party,
        not_alone=incident.reported_by if category.second_person else None,
    )
    return None if choice.handler is None else choice.handler.person_id
