"""Wrong codes are slowed down by number and by address, in every process, telling nothing."""

import pytest

from gridtrack.access import RESIDENT
from gridtrack.usecases.try_code import Tried, try_code
from tests.builders import Site

HERE, ELSEWHERE = "198.51.100.7", "203.0.113.9"


def tried(site: Site, number: str, code: str, address: str = HERE) -> Tried:
    with site.work(RESIDENT) as work:
        return try_code(work, number, code, address)


def test_right_is_right_and_wrong_is_wrong(site: Site) -> None:
    receipt = site.report()
    assert tried(site, receipt.number, receipt.code) == Tried(right=True)
    assert tried(site, receipt.number, "ABCDEF") == Tried(right=False)


def test_after_five_wrong_ones_a_number_waits_longer_each_time(site: Site) -> None:
    receipt = site.report()
    waits = []
    for n in range(8):
        waits.append(tried(site, receipt.number, "ABCDEF", f"192.0.2.{n}").wait_s)
        site.clock.advance(seconds=waits[-1])
    assert waits == [0, 0, 0, 0, 0, 5, 0, 10]


def test_while_it_waits_even_the_right_code_is_not_looked_at(lite: Site) -> None:
    receipt = lite.report()
    for n in range(5):
        tried(lite, receipt.number, "ABCDEF", f"192.0.2.{n}")
    assert tried(lite, receipt.number, receipt.code, ELSEWHERE) == Tried(right=False, wait_s=5)
    lite.clock.advance(seconds=5)
    assert tried(lite, receipt.number, receipt.code, ELSEWHERE).right


def test_a_number_that_does_not_exist_is_answered_the_very_same(lite: Site) -> None:
    receipt = lite.report()
    other = receipt.number[:-1] + "9"
    answers = [
        [tried(lite, number, "ABCDEF", f"{prefix}{n}") for n in range(7)]
        for number, prefix in ((receipt.number, "192.0.2."), (other, "203.0.113."))
    ]
    assert answers[0] == answers[1]


def test_an_address_that_tries_many_numbers_waits(lite: Site) -> None:
    waits = [tried(lite, f"261120-{n:05d}", "ABCDEF").wait_s for n in range(22)]
    assert waits[:20] == [0] * 20
    assert waits[20] > 0


def test_the_right_code_of_ones_own_does_not_wipe_the_address_clean(lite: Site) -> None:
    receipt = lite.report()
    for n in range(20):
        tried(lite, f"261120-{90000 + n}", "ABCDEF")
        if n % 5 == 0 and n < 19:
            tried(lite, receipt.number, receipt.code)
    assert tried(lite, receipt.number, receipt.code).wait_s > 0
    assert tried(lite, receipt.number, receipt.code, ELSEWHERE).right


def test_slips_are_forgotten_with_the_right_code_and_with_time(lite: Site) -> None:
    receipt = lite.report()
    for _ in range(4):
        tried(lite, receipt.number, "ABCDEF")
    tried(lite, receipt.number, receipt.code)
    assert tried(lite, receipt.number, "ABCDEF").wait_s == 0
    for n in range(4):
        tried(lite, receipt.number, "ABCDEF", f"192.0.2.{n}")
    lite.clock.advance(hours=1)
    assert tried(lite, receipt.number, receipt.code).right


def test_what_is_kept_names_no_address_and_no_number(lite: Site) -> None:
    receipt = lite.report()
    tried(lite, receipt.number, "ABCDEF")
    kept = lite.runtime.engine.raw_connection().execute("SELECT key FROM wrong_try").fetchall()
    assert len(kept) == 2
    assert not any(HERE in key or receipt.number in key for (key,) in kept)


@pytest.mark.parametrize(
    "number", ["", "x" * 5000, "２６１１２０－０００１", "261120-0000000000000000001"]
)
def test_what_is_no_number_is_wrong_and_nothing_more(lite: Site, number: str) -> None:
    assert tried(lite, number, "ABCDEF") == Tried(right=False)
