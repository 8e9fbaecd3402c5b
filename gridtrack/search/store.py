"""Which matters hold what somebody looks for: the index, and what is too new to be in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from gridtrack.db import pairs
from gridtrack.db.pairs import WORDS, Entry
from gridtrack.search import rules

FRESH = 2000  # matters behind the index that a search reads one by one


def newest_known(session: Session) -> int:
    """The newest matter that is in the index; 0 where it is empty."""
    return session.scalar(select(func.max(WORDS.c.incident_id))) or 0


def matching(session: Session, words: Sequence[str], matter_id: Any) -> ColumnElement[bool]:
    """The condition that the matter `matter_id` is in the index with every one of `words`."""
    found = select(WORDS.c.incident_id).where(*(pairs.stands_in(session, one) for one in words))
    tokens = rules.pairs(words)
    if tokens:  # a single sign has no neighbour: its matters are read one after the other
        found = found.where(WORDS.c.incident_id.in_(pairs.holding(session, tokens)))
    fits: ColumnElement[bool] = matter_id.in_(found)
    return fits


def fresh_of(texts: Mapping[int, str], words: Sequence[str]) -> list[int]:
    """Those of some matters, by id with their text, that hold every one of `words`."""
    said = {one: rules.words_of([text]) for one, text in texts.items()}
    return [one for one, text in said.items() if all(word in text for word in words)]


def keep(session: Session, now: Mapping[int, tuple[int, str]]) -> None:
    """Keep the words of matters: version and text by id."""
    ids = sorted(now)
    before = pairs.known_words(session, ids)
    pairs.keep(
        session,
        [Entry(one, *now[one], rules.pairs(now[one][1]), _pairs_of(before, one)) for one in ids],
    )


def forget(session: Session, ids: Sequence[int]) -> None:
    """Let no search find these matters any more."""
    known = pairs.known_words(session, ids)
    pairs.forget(session, {one: rules.pairs(text) for one, (_, text) in known.items()})


def _pairs_of(known: Mapping[int, tuple[int, str]], one: int) -> list[str] | None:
    return rules.pairs(known[one][1]) if one in known else None
