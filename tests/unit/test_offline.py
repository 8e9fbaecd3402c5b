"""When an act made without a signal counts: by its own time, or by that of its receipt."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.deadlines.offline import OLDEST, Doubt, Phone, judge, made_at
from gridtrack.deadlines.policy_parts import Offline
from gridtrack.errors import Invalid

TOLD = datetime(2026, 11, 20, 20, 45, tzinfo=UTC)  # 4:45 in Shanghai
NINE = TOLD + timedelta(hours=4, minutes=15)
TRUST = Offline()


def sent(ago: timedelta, behind: timedelta = timedelta(0), received: datetime = NINE) -> Phone:
    """An act made `ago` before it was sent, by a phone whose clock is `behind`."""
    return Phone(received - behind - ago, received - behind)


def judged(ago: timedelta, behind: timedelta = timedelta(0), **more: datetime):
    given_ = {"told_at": TOLD, "step_at": TOLD, **more}
    return judge(sent(ago, behind), NINE, TRUST, **given_)


def test_made_at_ten_to_five_and_received_at_nine_counts_as_made():
    found = judged(timedelta(hours=4, minutes=10), timedelta(seconds=12))
    assert (found.at, found.doubt) == (TOLD + timedelta(minutes=5), None)
    assert found.said()["offset_s"] == 12.0


@pytest.mark.parametrize(
    ("ago", "behind", "told_later", "step_later", "doubt"),
    [
        (600, 120, 0, 0, None),
        (600, -120, 0, 0, None),
        (600, 120.001, 0, 0, Doubt.CLOCK_OFF),
        (600, -121, 0, 0, Doubt.CLOCK_OFF),
        (15_300, 0, 0, 0, None),  # the very instant of being told
        (15_301, 0, 0, 0, Doubt.BEFORE_TOLD),
        (600, 0, 14_701, 0, Doubt.BEFORE_TOLD),
        (600, 0, 0, 14_701, Doubt.BEFORE_STEP),
    ],
)
def test_what_makes_the_time_of_receipt_count(ago, behind, told_later, step_later, doubt):
    found = judged(
        timedelta(seconds=ago),
        timedelta(seconds=behind),
        told_at=TOLD + timedelta(seconds=told_later),
        step_at=TOLD + timedelta(seconds=step_later),
    )
    assert found.doubt == doubt
    assert found.at == (NINE if doubt else NINE - timedelta(seconds=ago))


@pytest.mark.parametrize(("hours", "doubt"), [(24, None), (24.001, Doubt.TOO_OLD)])
def test_an_act_is_believed_for_a_day(hours, doubt):
    long_ago = NINE - timedelta(days=3)
    found = judged(timedelta(hours=hours), told_at=long_ago, step_at=long_ago)
    assert found.doubt == doubt


def test_a_phone_that_thinks_it_is_1970_is_not_believed_and_still_tells_how_long_ago():
    found = judged(timedelta(minutes=10), timedelta(days=20_000))
    assert (found.doubt, found.made_at) == (Doubt.CLOCK_OFF, NINE - timedelta(minutes=10))


@pytest.mark.parametrize(
    ("ago", "code"), [(timedelta(seconds=-1), "acted-after-sent"), (OLDEST * 2, "too-long-ago")]
)
def test_what_cannot_have_been_is_refused_by_name(ago, code):
    with pytest.raises(Invalid) as caught:
        judged(ago)
    assert (caught.value.code, caught.value.field) == (code, "acted_at")


@given(
    ago=st.timedeltas(timedelta(0), OLDEST),
    behind=st.timedeltas(timedelta(days=-9000), timedelta(days=9000)),
    told=st.timedeltas(timedelta(0), timedelta(days=2)),
)
def test_what_counts_lies_between_being_told_and_the_receipt(ago, behind, told):
    found = judge(sent(ago, behind), NINE, TRUST, told_at=NINE - told, step_at=NINE - told)
    assert NINE - told <= found.at <= NINE
    assert found.made_at == made_at(sent(ago), NINE)  # however wrong the phone's clock is
