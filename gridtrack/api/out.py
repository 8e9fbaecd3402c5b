"""Making answers: a model as JSON with its status."""

from http import HTTPStatus

from flask import Response

from gridtrack.api.answers import Answer

PREFIX = "/api/v1"


def answered(
    answer: Answer, status: HTTPStatus = HTTPStatus.OK, *, location: str | None = None
) -> Response:
    """`answer` as JSON; `location` says where the thing that was made can be read."""
    response = Response(answer.model_dump_json(), status, mimetype="application/json")
    if location is not None:
        response.headers["Location"] = location
    return response


def where(incident_id: int) -> str:
    """The address of an incident."""
    return f"{PREFIX}/incidents/{incident_id}"
