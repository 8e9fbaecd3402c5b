"""Who reported is shown for a purpose and written down; what handlers need to know they ask."""

from typing import Any

import pytest

from gridtrack.access import ENGINE
from gridtrack.audit.tables import AuditLine
from gridtrack.errors import Conflict, Forbidden, GridtrackError, Invalid, NotFound
from gridtrack.incidents.intake import Choice, ReporterGiven
from gridtrack.incidents.numbers import number
from gridtrack.queries.incident import IncidentPage, incident_page
from gridtrack.queries.track import TrackPage, track
from gridtrack.usecases.ask_reporter import answer_question, ask_reporter
from gridtrack.usecases.show_reporter import ReporterShown, show_reporter
from tests.builders import DISPUTE, FUNERAL, LAMP, NOW, Site

NAMED = ReporterGiven("林某", "13800000000", Choice.NAMED)
HIDDEN = ReporterGiven("林某", "13800000000", Choice.HIDDEN)
NAMELESS = ReporterGiven(choice=Choice.ANONYMOUS)


def shown(site: Site, who: Any, incident_id: int, *said: str) -> ReporterShown:
    with site.work(who) as work:
        return show_reporter(work, incident_id, *(said or ("call-back",)))


def page(site: Site, who: str, incident_id: int) -> IncidentPage:
    with site.look(who) as work:
        return incident_page(work, incident_id, "zh")


def progress(site: Site, incident_id: int, code: str) -> TrackPage:
    with site.look() as work:
        return track(work, number(incident_id, NOW.date()), code, "zh")


def answer(site: Site, incident_id: int, code: str, question: int, text: str) -> None:
    with site.work() as work:
        answer_question(work, number(incident_id, NOW.date()), code, question, text)


def audited(site: Site) -> list[AuditLine]:
    with site.look() as work:
        return work.session.query(AuditLine).order_by(AuditLine.id).all()


def test_the_secretary_has_it_shown_and_everybody_like_her_sees_that_she_did(site: Site) -> None:
    one = site.report(reporter=HIDDEN).incident_id
    assert shown(site, "secretary-a", one, "other", "要当面道歉") == ReporterShown(
        "林某", "13800000000", "hidden"
    )
    known = page(site, "secretary-a2", one).contact.known
    assert known is not None
    (reading,) = known.readings
    assert (reading.name, reading.purpose, reading.words) == ("secretary-a", "other", "要当面道歉")
    assert reading.at == NOW
    lines = [line for line in audited(site) if line.act == "show-reporter"]
    assert [(line.subject, line.outcome) for line in lines] == [(f"incident:{one}", "done")]
    assert '"purpose": "other"' in lines[0].details
    assert "道歉" not in lines[0].details


@pytest.mark.parametrize(
    ("category", "given", "who", "error"),
    [
        (LAMP, HIDDEN, "worker-a11", Forbidden),  # handles it, and the reporter did not want it
        (DISPUTE, NAMED, "worker-a11", Forbidden),  # named, but of sensitivity 2
        (LAMP, NAMELESS, "secretary-a", Forbidden),
        (LAMP, None, "secretary-a", Forbidden),
        (LAMP, NAMED, "street", Forbidden),  # sees the matter and not the reporter
        (LAMP, NAMED, "worker-a12", NotFound),
        (LAMP, NAMED, "secretary-b", NotFound),
        (FUNERAL, NAMED, "worker-a11", NotFound),
    ],
)
def test_who_may_not_have_it_shown(
    lite: Site, category: str, given: Any, who: str, error: Any
) -> None:
    one = lite.report(category, reporter=given).incident_id
    with pytest.raises(error):
        shown(lite, who, one)
    assert audited(lite)[-1].outcome == "refused"


def test_a_handler_has_it_shown_where_the_reporter_chose_so(lite: Site) -> None:
    one = lite.report(reporter=NAMED).incident_id
    assert shown(lite, "worker-a11", one).name == "林某"


@pytest.mark.parametrize("said", [("",), ("curious",), ("other",), ("other", "  ")])
def test_without_a_purpose_nothing_is_shown(lite: Site, said: tuple[str, ...]) -> None:
    one = lite.report().incident_id
    with pytest.raises(Invalid):
        shown(lite, "secretary-a", one, *said)


def test_reading_a_sealed_matter_is_written_down_and_reading_another_is_not(lite: Site) -> None:
    sealed, plain = (lite.report(one).incident_id for one in (FUNERAL, LAMP))
    page(lite, "secretary-a", plain)
    assert "read-sealed" not in {line.act for line in audited(lite)}
    page(lite, "secretary-a", sealed)
    last = audited(lite)[-1]
    assert (last.act, last.subject) == ("read-sealed", f"incident:{sealed}")
    assert len([line for line in audited(lite) if line.act == "read-sealed"]) == 1


def test_the_product_itself_reads_nobody(lite: Site) -> None:
    one = lite.report().incident_id
    with pytest.raises(Forbidden):
        shown(lite, ENGINE, one)


def test_a_handler_asks_and_is_answered_and_neither_learns_who_the_other_is(site: Site) -> None:
    sent = site.report(reporter=HIDDEN)
    one = sent.incident_id
    with site.work("worker-a11") as work:
        asked = ask_reporter(work, one, "是哪一盏灯？")
    (put,) = progress(site, one, sent.code).questions
    assert (put.text, put.answered_at) == ("是哪一盏灯？", None)
    assert "worker-a11" not in repr(put)
    answer(site, one, sent.code, asked, "门口第二盏")
    told = page(site, "worker-a11", one).contact
    assert (told.known, told.asked[0].answer, told.may_ask) == (None, "门口第二盏", True)
    assert site.told("worker-a11")[-1] == "reporter-answered"
    assert site.kinds(one)[-2:] == ["asked", "answered"]
    assert site.sums_up(one)
    record = repr([event.data for event in site.events(one)])
    assert "第二盏" not in record
    assert "哪一盏" not in record


def test_an_answer_is_given_once_and_only_to_a_question_of_ones_own(lite: Site) -> None:
    mine, theirs = lite.report(), lite.report()
    with lite.work("worker-a11") as work:
        asked = ask_reporter(work, theirs.incident_id, "在哪里？")
    with pytest.raises(NotFound, match="question-not-found"):
        answer(lite, mine.incident_id, mine.code, asked, "不是我")
    with pytest.raises(NotFound, match="track-not-found"):
        answer(lite, theirs.incident_id, mine.code, asked, "不是我")
    answer(lite, theirs.incident_id, theirs.code, asked, "门口")
    with pytest.raises(Conflict, match="question-answered"):
        answer(lite, theirs.incident_id, theirs.code, asked, "又改了")


def refused(site: Site, who: str, incident_id: int, text: str = "在哪里？") -> str:
    with pytest.raises(GridtrackError) as told, site.work(who) as work:
        ask_reporter(work, incident_id, text)
    return told.value.code


def test_who_cannot_ask_and_what_cannot_be_asked(lite: Site) -> None:
    one, nobody = lite.report(), lite.report(reporter=None).incident_id
    assert refused(lite, "worker-a11", one.incident_id, "  ") == "required"
    assert refused(lite, "secretary-b", one.incident_id) == "incident-not-found"
    assert refused(lite, "worker-a11", nobody) == "ask-nobody"
    for _ in range(5):
        with lite.work("worker-a11") as work:
            ask_reporter(work, one.incident_id, "在哪里？")
    assert refused(lite, "worker-a11", one.incident_id) == "ask-waiting"
