"""A typed address becomes a place: the plates it may mean are offered, and a person chooses."""

from collections.abc import Sequence

from flask import jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.errors import Invalid
from gridtrack.geo.datum import Datum
from gridtrack.http.context import locale, look
from gridtrack.http.guard import public
from gridtrack.http.limits import DOORS, limiter
from gridtrack.i18n.sentences import sentence
from gridtrack.incidents.intake import Place
from gridtrack.queries.doors import Candidate, exactly_one, find_doors
from gridtrack.web.forms import ReportForm

SHORTEST = 2  # signs: one alone begins half the book


@public
@limiter.limit(DOORS)
def doors_suggest() -> AnyResponse:
    """The plates that `q` may mean: text, point, grid; nothing of who lives there."""
    text = request.args.get("q", "")[:200]
    found = _found(text) if len(text.strip()) >= SHORTEST else ()
    return jsonify(
        {
            "doors": [
                {
                    "id": one.id,
                    "text": one.text,
                    "lon": one.lon,
                    "lat": one.lat,
                    "grid": one.grid_name,
                    "why": sentence(f"door-why-{one.why}", locale()),
                }
                for one in found
            ]
        }
    )


def offered(form: ReportForm) -> Sequence[Candidate]:
    """What to ask back: plates like the address of a form that says the place in no other way."""
    if form.lon or form.lat or form.address_id or not form.address.strip():
        return ()
    return _found(form.address)


def place_of_door(address: str) -> Place | None:
    """The point of the one plate that an address spells exactly; None where it is not one."""
    with look() as unit:
        found = exactly_one(unit, address)
    if found is None or found.lon is None or found.lat is None:
        return None
    return Place(found.lon, found.lat, Datum.WGS84)


def check_chosen(found: Sequence[Candidate]) -> None:
    """Raise Invalid("door-choose") where plates are offered: only a person says which is meant."""
    if found:
        raise Invalid("door-choose", field="address", count=len(found))


def _found(text: str) -> Sequence[Candidate]:
    with look() as unit:
        found = find_doors(unit, text, locale=locale())
    return [one for one in found if one.lon is not None]
