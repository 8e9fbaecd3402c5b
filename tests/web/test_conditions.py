"""The filing condition on the pages: a finding names it, the matter's page corrects it."""

import uuid

from tests.builders import Site, middle
from tests.web.visitor import a_visitor

FINDING, REFUSE = "/report", "0401"


def test_a_finding_names_it_and_the_matters_page_corrects_it(lite: Site) -> None:
    worker = a_visitor(lite, "worker-a11")
    page = worker.page(FINDING)
    assert 'data-shown-for="0401" hidden' in page
    lon, lat = middle("A11")
    form = {
        "client_id": str(uuid.uuid4()), "description": "a heap", "category": REFUSE,
        "lon": str(lon), "lat": str(lat), "datum": "wgs84",
        "condition-0401": "dump", "condition-0402": "heap",
    }  # fmt: skip
    answer = worker.post(FINDING, {**form, "condition-0401": "heap"}, seen=FINDING)
    assert answer.status_code == 422
    assert "Filing condition" in answer.text.split("error-summary")[1].split("</div>")[0]
    assert worker.post(FINDING, form, seen=FINDING).status_code == 303
    assert lite.incident(1).condition == "dump"
    seen = a_visitor(lite, "leader-a1")
    assert "A dump that needs a machine" in seen.page("/incidents/1")
    answer = seen.post("/incidents/1/condition", {"condition": "loose"}, seen="/incidents/1")
    assert answer.status_code == 303
    assert "Filing condition: Loose refuse" in seen.page("/incidents/1")


def test_residents_are_not_asked_for_a_word_of_the_trade(lite: Site) -> None:
    assert "condition-0401" not in a_visitor(lite).page("/")
