"""Somebody tries a number and a code: right, wrong, or too soon after wrong ones.

Wrong tries are counted in the database, so every process knows of them, by the number and by the
address they came from. Whether the number exists makes no difference to what is counted or said.
"""

import hashlib
import hmac
import math
from dataclasses import dataclass
from datetime import timedelta

from gridtrack.access import require_anyone
from gridtrack.incidents.numbers import parse_number
from gridtrack.queries.holding import holding
from gridtrack.residents import store as residents
from gridtrack.residents.rules import Tries, wait_s
from gridtrack.residents.tables import WrongTry
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it; `wait_s` is above 0 where the code was not even looked at."""

    right: bool
    wait_s: int = 0


def try_code(work: Work, number: str, code: str, address: str) -> Tried:
    """Look whether number and code fit; never raises for wrong ones, so that they stay counted."""
    require_anyone(work.actor)
    terms = residents.terms(work.memo, work.settings.instance).tries
    # Typed otherwise it is the same number; what is none is its own text.
    of_number = _print(work, f"number:{parse_number(number) or number.strip()}")
    of_address = _print(work, f"address:{address}")
    found = residents.wrong_tries(work.session, (of_number, of_address))
    waits = (
        _left(work, found.get(of_number), terms, terms.number_free, terms.number_longest_s),
        _left(work, found.get(of_address), terms, terms.address_free, terms.address_longest_s),
    )
    if max(waits) > 0:
        return Tried(right=False, wait_s=max(waits))
    if holding(work, number, code) is not None:
        # The address goes on being counted: with a code of one's own it could be wiped clean.
        residents.forget_tries(work.session, of_number)
        return Tried(right=True)
    residents.forget_tries_before(work.session, work.now - terms.forget)
    for key in (of_number, of_address):
        residents.count_wrong(work.session, key, work.now)
    return Tried(right=False)


def _print(work: Work, text: str) -> str:
    """A fingerprint: what is kept names no address and no number."""
    return hmac.new(work.secret.encode(), f"try:{text}".encode(), hashlib.sha256).hexdigest()


def _left(work: Work, one: WrongTry | None, terms: Tries, free: int, longest: int) -> int:
    """Seconds until the next try is looked at."""
    if one is None or work.now - one.last_at >= terms.forget:
        return 0
    wait = timedelta(seconds=wait_s(one.count, free, terms.first_wait_s, longest))
    return max(0, math.ceil((one.last_at + wait - work.now).total_seconds()))
