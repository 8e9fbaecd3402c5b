"""On the pages: a name only after a purpose, and questions that go both ways."""

import re
import uuid

from gridtrack.incidents.numbers import number
from gridtrack.incidents.tables import Incident
from gridtrack.usecases.ask_reporter import ask_reporter
from tests.builders import LAMP, NOW, Site, middle
from tests.web.visitor import a_visitor


def test_a_name_is_on_no_page_before_somebody_says_what_for(lite: Site) -> None:
    one = lite.report().incident_id
    secretary, here = a_visitor(lite, "secretary-a"), f"/incidents/{one}"
    assert "林某" not in secretary.page(here)
    nothing = secretary.post(f"{here}/reporter", {"purpose": ""}, seen=here)
    assert (nothing.status_code, "林某" in nothing.text) == (422, False)
    assert 'href="#f-reporter-purpose"' in nothing.text
    shown = secretary.post(f"{here}/reporter", {"purpose": "danger"}, seen=here)
    assert (shown.status_code, "13800000000" in shown.text) == (200, True)
    assert shown.headers["Cache-Control"] == "no-store"
    assert "Who looked" in secretary.page(here)


def test_a_handler_without_the_right_is_told_to_ask_instead(lite: Site) -> None:
    one = lite.report().incident_id
    worker, here = a_visitor(lite, "worker-a11"), f"/incidents/{one}"
    assert "Show who reported" not in worker.page(here)
    refused = worker.post(f"{here}/reporter", {"purpose": "danger"}, seen=here)
    assert (refused.status_code, "林某" in refused.text) == (403, False)
    assert "ask them" in refused.text


def test_a_question_reaches_the_reporters_page_and_the_answer_the_handlers(lite: Site) -> None:
    sent = lite.report()
    worker, resident = a_visitor(lite, "worker-a11"), a_visitor(lite)
    here = f"/incidents/{sent.incident_id}"
    assert worker.post(f"{here}/questions", {"text": ""}, seen=here).status_code == 422
    asked = worker.post(f"{here}/questions", {"text": "Which <lamp>?"}, seen=here)
    assert asked.status_code == 303

    known = {"number": number(sent.incident_id, NOW.date()), "code": sent.code}
    resident.post("/track", known)
    page = resident.page("/track/progress")
    assert "Which &lt;lamp&gt;?" in page
    assert "worker-a11" not in page
    (address,) = re.findall(r'action="(/track/answers/\d+)"', page)
    done = resident.post(address, {"text": "The second one"}, seen="/track/progress")
    assert done.status_code == 303
    assert "The second one" in resident.page("/track/progress")
    assert address not in resident.page("/track/progress")
    assert "The second one" in worker.page(here)


def test_nobody_answers_without_number_and_code(lite: Site) -> None:
    sent = lite.report()
    with lite.work("worker-a11") as work:
        asked = ask_reporter(work, sent.incident_id, "Which lamp?")
    answer = a_visitor(lite).post(f"/track/answers/{asked}", {"text": "x"})
    assert answer.headers["Location"].endswith("/track")


def test_a_report_about_the_gridworker_goes_to_the_post_above_and_says_so_to_nobody(
    lite: Site,
) -> None:
    form = {**a_form(), "against": ["gridworker"]}
    assert a_visitor(lite).post("/", form, seen="/").status_code == 303
    with lite.look() as work:
        (one,) = work.session.query(Incident)
    assert one.handler_id == lite.people["leader-a1"]
    assert lite.told("worker-a11") == []
    here = f"/incidents/{one.id}"
    assert a_visitor(lite, "worker-a11").get(here).status_code == 404
    leader = a_visitor(lite, "leader-a1")
    assert "worker-a11" in leader.page(here)  # under what only who directs it sees
    unmarked = leader.post(f"{here}/parties", {"who": ""}, seen=here)
    assert (unmarked.status_code, 'href="#f-party-who"' in unmarked.text) == (422, True)


def a_form() -> dict[str, object]:
    lon, lat = middle("A11")
    return {
        "client_id": str(uuid.uuid4()), "description": "He was rude", "category": LAMP,
        "lon": f"{lon:.6f}", "lat": f"{lat:.6f}", "accuracy_m": "12", "datum": "wgs84",
        "choice": "hidden",
    }  # fmt: skip
