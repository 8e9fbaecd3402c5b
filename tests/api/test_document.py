"""The OpenAPI document says what the API does, and the API does what it says."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.core.transport import Response
from schemathesis.schemas import BaseSchema

from gridtrack.api.routes import ROUTES
from gridtrack.app import create_app
from gridtrack.usecases.calendar import keep_calendars
from gridtrack.usecases.supervise import NewOrder, supervise
from tests.api.conftest import AsWhom, a_token
from tests.builders import Site

DOCUMENT = "/api/v1/openapi.json"
EXAMPLES = 8  # of each kind for each of 20 operations
# Rules that a schema cannot say: a well-formed request may still break one of these.
BEYOND_SCHEMAS = {
    "accuracy-bad", "acted-after-sent", "cannot-merge", "cannot-parent", "control-characters",
    "coordinate-zero",
    "in-the-future", "no-such-person", "not-a-time", "not-an-outcome", "required", "too-long",
    "too-long-ago",
    "photo-broken", "photo-empty", "photo-format", "photo-html", "photo-svg", "photo-too-small",
    "photo-unknown", "answer-by-far", "answer-by-past", "not-an-addressee",
}  # fmt: skip


@pytest.fixture
def app(lite: Site) -> Flask:
    """An API with three incidents, the first under an order."""
    ids = [lite.report().incident_id for _ in range(3)]
    with lite.work() as work:
        keep_calendars(work)
    with lite.work("street") as work:
        supervise(work, ids[0], NewOrder("Mend it", "handler"))
    return create_app(lite.runtime.settings, lite.clock, lite.runtime, limited=False)


@pytest.fixture
def schema(app: Flask) -> BaseSchema:
    return schemathesis.openapi.from_wsgi(DOCUMENT, app)


def operations(schema: BaseSchema) -> Iterator[Any]:
    for found in schema.get_all_operations():
        yield found.ok()


def beyond(answer: Response) -> bool:
    """True for a refusal by a rule that no schema can say."""
    if answer.status_code != 422:
        return False
    return {one["code"] for one in answer.json()["errors"]} <= BEYOND_SCHEMAS


def put_to(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> list[int]:
    """Call an operation with made-up requests, check every answer; gives the statuses."""
    seen = []

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def go(case: Case) -> None:
        asked = (case.path_parameters or {}).get("incident_id")
        if isinstance(asked, int) and 0 < asked < 2**63:
            case.path_parameters["incident_id"] = 1 + asked % 3  # one that there is
            if "order_id" in case.path_parameters:
                case.path_parameters["order_id"] = 1
        answer = case.call(headers=headers)
        seen.append(answer.status_code)
        excluded = CHECKS.get_by_names(["positive_data_acceptance"]) if beyond(answer) else []
        case.validate_response(answer, headers=headers, excluded_checks=excluded)

    go()
    return seen


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_made_up_request_gets_an_answer_that_is_not_in_the_document(
    mode: GenerationMode, schema: BaseSchema, lite: Site
) -> None:
    headers = {"Authorization": f"Bearer {a_token(lite, 'street')}", "Accept-Encoding": "identity"}
    seen = [status for one in operations(schema) for status in put_to(one, mode, headers)]
    assert len(seen) >= 100
    assert max(seen) < 500
    if mode is GenerationMode.POSITIVE:
        # Some may not succeed: a reporter is not shown to the street, nobody made up is a party.
        assert sum(status < 300 for status in seen) >= len(seen) / 5


def test_every_operation_is_refused_without_a_token(schema: BaseSchema, as_whom: AsWhom) -> None:
    nobody = as_whom(None)
    for one in operations(schema):
        path = re.sub(r"{\w+}", "1", one.full_path)
        answer = nobody.open(path, method=one.method.upper())
        assert answer.status_code == 401, path
        assert answer.mimetype == "application/problem+json"


def test_the_document_is_open_to_everybody_and_is_3_1(as_whom: AsWhom) -> None:
    found = as_whom(None).get(DOCUMENT).json
    assert found["openapi"] == "3.1.0"
    assert found["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_every_route_of_the_api_is_in_the_document(app: Flask, api: FlaskClient) -> None:
    found = api.get(DOCUMENT).json["paths"]
    told = {(path, method.upper()) for path, methods in found.items() for method in methods}
    served = {
        (re.sub(r"<int:(\w+)>", r"{\1}", rule.rule), m)
        for rule in app.url_map.iter_rules()
        for m in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/") and rule.rule != DOCUMENT
    }
    assert told == served
    assert len(told) == len(ROUTES)


def test_every_reference_in_the_document_leads_somewhere(api: FlaskClient) -> None:
    answer = api.get(DOCUMENT)
    document = answer.json
    references = set(re.findall(r'"\$ref": ?"([^"]+)"', answer.text))
    assert len(references) > 20
    for reference in references:
        found = document
        for part in reference.removeprefix("#/").split("/"):
            assert part in found, reference
            found = found[part]


def test_every_refusal_is_documented_as_problem_details(api: FlaskClient) -> None:
    responses = api.get(DOCUMENT).json["components"]["responses"]
    assert all(list(one["content"]) == ["application/problem+json"] for one in responses.values())
    assert len(json.dumps(responses)) > 0
    assert {"BAD_REQUEST", "UNAUTHORIZED", "FORBIDDEN", "NOT_FOUND", "CONFLICT"} <= set(responses)


def test_the_categories_that_may_be_reported_are_listed(api: FlaskClient) -> None:
    found = api.get(DOCUMENT).json["components"]["schemas"]["ReportIn"]["properties"]["category"]
    assert "0601" in found["enum"]
    assert "11" not in found["enum"]  # a log, not a matter
