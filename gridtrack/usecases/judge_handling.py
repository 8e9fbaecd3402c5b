"""The reporter says how it was handled: done or not, stars, reasons, words; not done opens it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gridtrack.access import Actor, require_anyone
from gridtrack.accounts import store as accounts
from gridtrack.errors import Conflict, Invalid, NotFound
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import TEXT_LIMIT, tidy_text
from gridtrack.incidents.rules import Action, Happening
from gridtrack.incidents.tables import Incident
from gridtrack.queries.around import NOBODY, around, parties_of
from gridtrack.queries.holding import holding
from gridtrack.queries.judging import Judging, judging
from gridtrack.queries.on_duty import on_duty
from gridtrack.queries.scope import SEALED
from gridtrack.queries.wording import local_text
from gridtrack.residents import store as residents
from gridtrack.residents.rules import STARS, Solved
from gridtrack.routing import rules as routing
from gridtrack.usecases.giving import Gift, give
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the reporter says; `again` asks for it to be taken up again."""

    solved: str
    stars: int | None = None
    reasons: Sequence[str] = ()
    words: str = ""
    again: bool = False


def judge_handling(work: Work, number: str, code: str, said: Judgement) -> bool:
    """Keep what the reporter says, once for each round; True where the matter is open again.

    "Not at all" opens it by itself, with new promises as at the start. Raises NotFound for a wrong
    number or code, Invalid for what is missing, Conflict where it is too late, done already, or
    opened too often: nothing is kept then.
    """
    require_anyone(work.actor)
    held = holding(work, number, code)
    if held is None or held.follower:
        raise NotFound("track-not-found")
    incident = incidents.lock(work.session, held.incident.id)
    now = judging(work, incident, incidents.events(work.session, incident.id))
    solved = _checked(work, said)
    again = said.again or solved is Solved.NO
    _may(work, now, again=again)
    data = {
        "solved": solved.value,
        "stars": said.stars,
        "reasons": list(said.reasons),
        "text": tidy_text("words", said.words, TEXT_LIMIT),
        "round": now.round,
    }
    key = f"rated:{incident.id}:{now.round}"
    happening = Happening("rated", work.now, {}, data, key)
    incidents.change(work.session, incident, [happening], work.actor, work.now)
    if again:
        give(work, incident, _gift(work, incident, str(data["text"])))
    return again


def _checked(work: Work, said: Judgement) -> Solved:
    if said.solved not in set(Solved):
        raise Invalid("required", field="solved")
    if said.stars is not None and said.stars not in STARS:
        raise Invalid("rating-bad", field="stars", value=said.stars)
    known = residents.terms(work.memo, work.settings.instance).reasons
    for one in said.reasons:
        if one not in known:
            raise Invalid("rating-bad", field="reasons", value=one)
    solved = Solved(said.solved)
    if (said.again or solved is Solved.NO) and not said.words.strip():
        raise Invalid("reopen-words", field="words")
    return solved


def _may(work: Work, now: Judging, *, again: bool) -> None:
    if now.rated is not None:
        raise Conflict("rated-already")
    if now.done_at is None:
        raise Conflict("rate-early")
    if not now.may_rate:
        raise Conflict("rate-late", until=_text(work, now.rate_until))
    if again and now.too_often:
        raise Conflict("reopen-often")
    if again and not now.may_reopen:
        raise Conflict("reopen-late", until=_text(work, now.reopen_until))


def _text(work: Work, at: datetime | None) -> str:
    return local_text(work, at.isoformat() if at else None)


def _gift(work: Work, incident: Incident, words: str) -> Gift:
    return Gift(_handler(work, incident), Action.REOPEN, words, {"code": "reopened-by-reporter"})


def _handler(work: Work, incident: Incident) -> Actor:
    """Who had it, where they still have a post; else who is responsible for the place today."""
    people = [incident.handler_id]
    if incident.grid_path:
        scopes = routing.ancestors(incident.grid_path)
        sealed = incident.sensitivity >= SEALED
        about = parties_of(work, [incident.id]).get(incident.id, NOBODY)
        near = around(on_duty(work, scopes, ()), about)
        choice = routing.choose(incident.grid_path, near, sealed=sealed)
        people.append(choice.handler.person_id if choice.handler else None)
    for one in people:
        found = accounts.actor(work.session, one, work.now) if one else None
        if found is not None and found.holdings:
            return found
    raise Conflict("reopen-nobody")
