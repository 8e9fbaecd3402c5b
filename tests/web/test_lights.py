"""The light of a clock on the inbox, the board, the page and over the API: one and the same."""

import re

from tests.builders import LAMP
from tests.web.visitor import a_visitor

_CLOCK = re.compile(
    r'<time class="clock"([^>]*)>.*?href="#i-(\w+)".*?data-text>([^<]*)<', re.DOTALL
)


def clock(page: str) -> tuple[str, str, str]:
    """Tone, sign and words of the first clock of a page."""
    inside, sign, words = _CLOCK.search(page).groups()
    return re.search(r'data-tone="(\w+)"', inside).group(1), sign, words


def test_a_clock_turns_with_a_word_and_a_sign_wherever_it_is_shown(lite):
    number = lite.report(LAMP).incident_id
    worker, secretary = a_visitor(lite, "worker-a11"), a_visitor(lite, "secretary-a")
    seen = [(worker, "/inbox"), (secretary, "/board"), (worker, f"/incidents/{number}")]
    for seconds, expected in (
        (239, ("ok", "clock", "1:01 left")),
        (1, ("soon", "bell", "due soon, 1:00 left")),
        (60, ("late", "alert", "urgent, 0:00 left")),
        (1, ("late", "alert", "−0:01 overdue")),
    ):
        lite.clock.advance(seconds=seconds)
        for visitor, address in seen:
            assert clock(visitor.page(address)) == expected, address


def test_a_page_that_stays_open_is_told_when_its_clocks_turn(lite):
    lite.report(LAMP)
    page = a_visitor(lite, "worker-a11").page("/inbox")
    assert 'data-yellow="2026-11-20T02:04:00.000Z"' in page
    assert 'data-red="2026-11-20T02:05:00.000Z"' in page
