"""What a message says, what it never says, and when it is tried again."""

from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.i18n.sentences import TEXTS, sentence
from gridtrack.notifications.rules import (
    FIRST_WAIT,
    JITTER,
    LONGEST_WAIT,
    MAX_ATTEMPTS,
    Kind,
    backoff,
    compose,
    content_allowed,
)

SECRETS = (
    "东升大厦抢建",
    "第六网格",
    "王网格员值守",
    "社区书记",
    "08:35",
    "Zhang San",
    "朝阳新村33号",
)


def say_in(locale):
    return lambda code, /, **params: sentence(code, locale, **params)


def facts(sensitivity=0, **more):
    return {
        "number": "2026-000123",
        "group": "两违两乱",
        "sensitivity": sensitivity,
        "category": SECRETS[0],
        "grid": SECRETS[1],
        "minutes": 4,
        "rung": "secretary",
        "since": SECRETS[4],
        "why": SECRETS[2],
        "description": SECRETS[6],
        "reporter": SECRETS[5],
        **more,
    }


def said(kind, locale="zh", **changes):
    return compose(kind, facts(**changes), say_in(locale))


ALL = [kind.value for kind in Kind]


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("sensitivity", [2, 3])
def test_a_sealed_message_says_number_and_group_and_nothing_else(kind, locale, sensitivity):
    text = "\n".join(said(kind, locale, sensitivity=sensitivity))
    assert "2026-000123" in text
    assert "两违两乱" in text
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize("kind", ALL)
def test_a_sealed_message_hands_nothing_else_to_its_words(kind):
    handed = []

    def listening(code, /, **params):
        handed.append(params)
        return code

    compose(kind, facts(sensitivity=3), listening)
    assert {name for params in handed for name in params} == {"number", "group"}


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_an_open_message_never_has_the_description_or_the_reporter(kind, locale):
    text = "\n".join(said(kind, locale, sensitivity=0))
    assert SECRETS[5] not in text
    assert SECRETS[6] not in text


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("sealed", ["-title", "-sealed-title", "-sealed"])
def test_every_kind_has_its_words(kind, sealed):
    assert f"message-{kind}{sealed}" in TEXTS


@given(st.sampled_from(ALL), st.sampled_from(["zh", "en"]), st.integers(2, 9) | st.integers(-9, -1))
def test_an_unknown_sensitivity_is_sealed(kind, locale, sensitivity):
    text = "\n".join(compose(kind, facts(sensitivity=sensitivity), say_in(locale)))
    assert not any(secret in text for secret in SECRETS)


@pytest.mark.parametrize(("level", "allowed"), [(0, True), (1, True), (2, False), (3, False)])
def test_content_is_allowed_up_to_level_1(level, allowed):
    assert content_allowed(level) is allowed


def test_an_assigned_message_says_what_where_how_long_and_why():
    title, text = said("assigned")
    assert title == "请签收：东升大厦抢建（2026-000123）"
    assert text == "两违两乱 · 第六网格\n请在 4 分钟内签收。\n原因：王网格员值守"


def test_an_assigned_message_in_english():
    title, text = said("assigned", "en", category="Street trading", group="Disorder", grid="A-1")
    assert title == "Please acknowledge: Street trading (2026-000123)"
    assert text.startswith("Disorder · A-1\nAcknowledge it within 4 min.")


def test_a_message_without_time_left_says_now():
    assert "请立即签收" in said("assigned", minutes=0)[1]


def test_a_message_without_a_clock_says_nothing_about_time():
    assert said("assigned", minutes=None, why="")[1] == "两违两乱 · 第六网格"


def test_an_escalation_says_rung_and_since_when():
    text = said("escalated")[1]
    assert "社区书记" in text
    assert "自 08:35 起超时未签收" in text


def test_a_matter_that_no_grid_owns_is_told_without_a_grid():
    assert said("triage", grid=None)[1].startswith("两违两乱\n")


def test_what_a_handler_wrote_when_handing_back_is_not_passed_on():
    assert said("returned", why="举报人张三不配合")[1] == "两违两乱 · 第六网格"


def test_the_one_above_is_told_that_somebody_acknowledged():
    assert said("acknowledged")[0] == "已签收：东升大厦抢建（2026-000123）"


def test_the_end_of_the_ladder_is_told_as_such():
    assert said("exhausted")[0].startswith("各级均未签收")


def test_names_cannot_break_lines_or_headers():
    title, _ = said("assigned", category="a\r\nBcc: b@example.com")
    assert title == "请签收：a Bcc: b@example.com（2026-000123）"


@given(st.integers(1, 40), st.text(max_size=60))
def test_a_wait_is_near_its_doubling(attempt, key):
    plain = min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT)
    assert plain * (1 - JITTER) <= backoff(attempt, key) <= plain * (1 + JITTER)


@given(st.integers(-5, 10**9), st.text(max_size=60))
def test_a_wait_is_the_same_for_the_same_message(attempt, key):
    assert backoff(attempt, key) == backoff(attempt, key) > timedelta(0)


def test_messages_that_failed_together_do_not_come_back_together():
    waits = {backoff(3, f"esc:{n}:acknowledge:1:0:p1:webhook") for n in range(1000)}
    assert len(waits) > 990


def test_all_tries_together_outlast_a_bot_that_is_muted_for_ten_minutes():
    waits = map(partial(backoff, key="k"), range(1, MAX_ATTEMPTS))
    assert timedelta(minutes=30) < sum(waits, timedelta()) < timedelta(hours=2)
