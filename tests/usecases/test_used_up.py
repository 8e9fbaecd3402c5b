"""The top never ends silently: the board, a word each day, and somebody even where nobody is."""

from collections import Counter
from datetime import timedelta

import pytest

from gridtrack.notifications.tables import Message
from gridtrack.queries.board import board
from gridtrack.queries.incident import incident_page
from gridtrack.queries.notices import notices
from gridtrack.usecases.people import set_absence
from gridtrack.usecases.remind_used_up import remind_of_used_up
from tests.builders import FUNERAL, LAMP, NOW, PEOPLE, SOUTH, WEST, Site

STAFF = [login for login, *_ in PEOPLE if login not in ("admin", "security")]


def used_up(site: Site, category: str = LAMP) -> int:
    """A matter that everybody was told of and nobody answered."""
    one = site.report(category).incident_id
    for _ in range(12):
        site.sweep(minutes=20)
    assert site.incident(one).deadline_state == "exhausted"
    return one


def nobody_there(site: Site) -> None:
    """Everybody who could answer is on leave; the administrators are not."""
    with site.work() as work:
        for who in STAFF:
            set_absence(work, site.people[who], NOW, NOW + timedelta(days=30))


def remind(site: Site) -> int:
    with site.work() as work:
        return remind_of_used_up(work)


def on_board(site: Site, who: str) -> list[int]:
    with site.look(who) as work:
        return [line.id for line in board(work, "zh").used_up]


def test_it_stays_on_the_board_until_a_human_acts(site: Site) -> None:
    one = used_up(site)
    site.clock.advance(days=9)
    assert on_board(site, "secretary-a") == [one]
    assert on_board(site, "street") == [one]
    assert on_board(site, "secretary-b") == []
    site.acknowledge(one, "street")
    assert on_board(site, "secretary-a") == []


def test_the_secretary_is_told_once_a_day_and_no_more(site: Site) -> None:
    used_up(site)
    assert remind(site) == 0  # the ladder itself had the word of this day
    for day in range(1, 4):
        site.clock.set(NOW + timedelta(days=day))
        for _ in range(3):
            assert remind(site) == 1
        assert Counter(site.told("secretary-a"))["used-up"] == day
    assert "used-up" not in site.told("street")


def test_nobody_is_reminded_before_nine(lite: Site) -> None:
    used_up(lite)
    lite.clock.set(NOW + timedelta(days=1, hours=-1, seconds=-1))
    assert remind(lite) == 0
    lite.clock.advance(seconds=1)
    assert remind(lite) == 1


def test_the_reminders_end_when_somebody_acts(lite: Site) -> None:
    one = used_up(lite)
    lite.clock.set(NOW + timedelta(days=1))
    assert remind(lite) == 1
    lite.acknowledge(one, "secretary-a")
    lite.clock.advance(days=1)
    assert remind(lite) == 0


def test_where_there_is_no_secretary_the_street_is_reminded(lite: Site) -> None:
    used_up(lite)
    lite.clock.set(NOW + timedelta(days=1))
    with lite.work() as work:
        for who in ("secretary-a", "secretary-a2"):
            set_absence(work, lite.people[who], NOW, NOW + timedelta(days=9))
    remind(lite)
    assert lite.told("street")[-1] == "used-up"


def test_a_sealed_one_is_reminded_of_without_a_word_of_it(lite: Site) -> None:
    used_up(lite, FUNERAL)
    lite.clock.set(NOW + timedelta(days=1))
    remind(lite)
    assert lite.told("desk") == []
    with lite.look("secretary-a") as work:
        notice = notices(work, "zh")[0]
    assert notice.title.startswith("仍无人响应，请处理 261120-")
    assert "丧事" not in notice.title + notice.text.replace("红白喜事", "")


def test_vacancy_all_the_way_up_reaches_the_administrators_and_says_so(site: Site) -> None:
    nobody_there(site)
    one = site.report(LAMP).incident_id
    for _ in range(12):
        site.sweep(minutes=20)
    assert site.incident(one).deadline_state == "exhausted"
    assert site.told("admin") == ["nobody-there"]
    assert site.told("security") == ["nobody-there"]
    with site.look("security") as work:
        notice = notices(work, "zh")[0]
    assert "各级岗位均无人在岗" in notice.text
    assert "路灯" not in notice.title + notice.text  # they may not open it
    with site.look() as work:
        (story,) = incident_page(work, one, "zh").stories
    assert story.used_up
    assert story.vacant
    assert [told.name for told in story.steps[-1].told] == ["admin", "security"]
    assert site.sums_up(one)


def test_vacancy_is_said_each_day_too(lite: Site) -> None:
    nobody_there(lite)
    lite.report(LAMP)
    for _ in range(12):
        lite.sweep(minutes=20)
    lite.clock.set(NOW + timedelta(days=1))
    assert remind(lite) == 1
    assert remind(lite) == 1
    assert lite.told("security") == ["nobody-there", "nobody-there"]


@pytest.mark.parametrize("at", [(WEST - 1, SOUTH)])
def test_what_no_grid_owns_and_no_desk_takes_reaches_somebody(
    lite: Site, at: tuple[float, float]
) -> None:
    nobody_there(lite)
    lite.report(LAMP, at=at)
    for _ in range(12):
        lite.sweep(minutes=20)
    assert lite.told("admin") == ["nobody-there"]


def test_every_day_of_the_reminders_is_part_of_what_was_tried(lite: Site) -> None:
    one = used_up(lite)
    for day in (1, 2):
        lite.clock.set(NOW + timedelta(days=day))
        remind(lite)
    with lite.look("street") as work:
        (story,) = incident_page(work, one, "zh").stories
    assert [told.name for told in story.steps[-1].told] == [
        "desk", "secretary-a", "secretary-a2",
        "secretary-a", "secretary-a2",
    ]  # fmt: skip


def test_an_answer_drops_a_reminder_that_was_not_sent(lite: Site) -> None:
    one = used_up(lite)
    lite.clock.set(NOW + timedelta(days=1))
    remind(lite)
    with lite.work() as work:
        message = work.session.query(Message).filter_by(kind="used-up").first()
        assert message is not None
        message.state = "pending"
    lite.acknowledge(one, "street")
    with lite.look() as work:
        states = {m.state for m in work.session.query(Message).filter_by(id=message.id)}
    assert states == {"superseded"}
