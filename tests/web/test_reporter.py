"""On the pages: a name only after a purpose, and questions that go both ways."""

import re

from gridtrack.incidents.numbers import number
from gridtrack.usecases.ask_reporter import ask_reporter
from tests.builders import NOW, Site
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
