"""What a phone's queue says beside a form, and what it asks before it sends."""

from datetime import datetime

from flask import Response, jsonify, request
from flask_wtf.csrf import generate_csrf

from gridtrack.deadlines.offline import Phone
from gridtrack.errors import Invalid
from gridtrack.http.context import actor
from gridtrack.http.guard import may
from gridtrack.usecases.send_act import Acted, Sent, sent_act


def sent() -> Sent:
    """The act's own id and times as the form has them; raises Invalid or Rejected."""
    act_id = request.form.get("act_id", "").strip()
    return sent_act(act_id or None, _instant("acted_at"), _instant("sent_at"))


def phone() -> Phone | None:
    """Both times of what a phone sends, by its own clock; nothing for what was made on a page.

    Raises Invalid.
    """
    acted_at, sent_at = _instant("acted_at"), _instant("sent_at")
    return Phone(acted_at, sent_at) if acted_at and sent_at else None


def _instant(name: str) -> datetime | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("not-a-time", field=name, value=text) from error
    if found.tzinfo is None:
        raise Invalid("not-a-time", field=name, value=text)
    return found


def answered(acted: Acted) -> Response:
    """What became of an act, for a script."""
    return jsonify(outcome=acted.outcome, doubt=acted.doubt, version=acted.version)


@may()
def acts_session() -> Response:
    """For whom the queue would send now, and the word that its requests need."""
    answer = jsonify(person=actor().person_id, csrf=generate_csrf())
    answer.headers["Cache-Control"] = "no-store"
    return answer
