"""Names in memory are found as a plain count of their pairs would find them."""

from hypothesis import given
from hypothesis import strategies as st

from gridtrack.addresses.matching import named_pairs, pairs
from gridtrack.addresses.names import MOST, Names

NAMES = st.sets(st.text("环城朝阳新村小区路", min_size=2, max_size=6), max_size=80)


@given(NAMES, st.text("环城朝阳新村小区路3号", max_size=12))
def test_the_names_that_share_most_pairs_come_first(names: set[str], text: str) -> None:
    wanted = set(named_pairs(text))
    counted = [(name, len(pairs(name) & wanted)) for name in names]
    plain = sorted((one for one in counted if one[1]), key=lambda one: (-one[1], one[0]))
    assert Names(names).like(text) == plain[:MOST]


def test_no_name_is_like_anything_where_there_are_none() -> None:
    assert Names([]).like("环城路3号") == []
