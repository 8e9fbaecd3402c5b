"""Matters are found by any words that stand in them, in Chinese too, on both databases."""

import pytest

from gridtrack.db import pairs
from gridtrack.incidents.rules import Action
from gridtrack.jobs.indexer import index_news
from gridtrack.queries.matters import Wish, matters
from gridtrack.search.rules import asked, runs
from gridtrack.usecases.handle import handle
from tests.builders import FUNERAL, LAMP, PARKING, Site


def found(site: Site, words: str, who: str = "secretary-a") -> list[int]:
    with site.look(who) as work:
        return [one.id for one in matters(work, Wish(text=words, state="all"), "zh").lines]


def indexed(site: Site) -> Site:
    """Everything settled and in the index."""
    site.clock.advance(minutes=3)
    index_news(site.runtime)
    return site


@pytest.mark.parametrize("ready", [True, False], ids=["indexed", "fresh"])
def test_a_matter_is_found_by_a_word_in_the_middle_of_its_text(site: Site, ready: bool) -> None:
    one = site.report(LAMP, description="三号楼下的路灯坏了", address="朝阳新村33号").incident_id
    site.report(PARKING, description="井盖松动")
    if ready:
        indexed(site)
    assert found(site, "路灯") == [one]
    assert found(site, "朝阳 路灯坏") == [one]
    assert found(site, "路坏") == []


def test_numbers_categories_and_single_signs_are_found(site: Site) -> None:
    receipt = site.report(LAMP, description="坏了")
    indexed(site)
    for words in (receipt.number, "estate lamp", "坏", "A11"):
        assert found(site, words) == [receipt.incident_id], words


def test_a_note_is_found_and_old_words_of_a_matter_stay(site: Site) -> None:
    one = site.report(LAMP).incident_id
    indexed(site)
    site.acknowledge(one, "worker-a11")
    with site.work("worker-a11") as work:
        handle(work, one, Action.NOTE, {"text": "已联系供电所"}, None)
    indexed(site)
    assert found(site, "供电所") == [one]
    assert found(site, "路灯") == [one]


def test_a_sealed_matter_is_found_only_where_it_may_be_read(site: Site) -> None:
    one = site.report(FUNERAL, description="老人过世").incident_id
    indexed(site)
    assert found(site, "过世") == [one]
    assert found(site, "过世", "leader-a1") == []
    assert found(site, "过世", "secretary-b") == []


def test_the_mark_stays_before_what_may_still_be_committed(lite: Site) -> None:
    lite.report(LAMP)
    index_news(lite.runtime)
    with lite.look() as work:
        assert pairs.mark(work.session) == 0
    indexed(lite)
    with lite.look() as work:
        assert pairs.mark(work.session) == len(lite.events(1))


def test_an_index_that_was_lost_is_made_again(site: Site) -> None:
    one = site.report(LAMP).incident_id
    indexed(site)
    with site.work() as work:
        pairs.unmake(work.session.connection())
        pairs.make(work.session.connection())
    indexed(site)
    with site.look() as work:
        assert pairs.known_words(work.session, [one])
    assert found(site, "路灯") == [one]


def test_what_is_asked_for_is_the_same_however_it_is_typed() -> None:
    assert runs("Ａ１１ 网格，路灯!") == ["a11", "网格", "路灯"]
    assert asked("路灯 路灯  LAMP") == ("路灯", "lamp")
    assert asked("%_'\"") == ()
