"""What is found by which words: every two neighbouring signs of a text. Pure.

Chinese has no spaces, so a word is whatever a person types: 路灯 must find 楼下的路灯坏了. Pairs of
signs are the shortest pieces that an index can hold and still tell matters apart.
"""

import unicodedata
from collections.abc import Iterable
from itertools import pairwise

MOST_WORDS = 8
MOST_SIGNS = 100  # of what is asked for; more is a text, not a search


def runs(text: str) -> list[str]:
    """The stretches of letters, digits and signs of a text, alike however they were typed."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign if sign.isalnum() else " " for sign in plain).split()


def words_of(texts: Iterable[str]) -> str:
    """Everything that is searched, one stretch after the other, each once."""
    return " ".join(dict.fromkeys(run for text in texts for run in runs(text)))


def asked(text: str) -> tuple[str, ...]:
    """What a person looks for: every one of these must stand somewhere in the matter."""
    return tuple(dict.fromkeys(runs(text[:MOST_SIGNS])))[:MOST_WORDS]


def pairs(words: str | Iterable[str]) -> list[str]:
    """The neighbours of all stretches, as tokens of plain ASCII that every database keeps whole."""
    stretches = words.split() if isinstance(words, str) else words
    found = {a + b for run in stretches for a, b in pairwise(run)}
    return sorted("x".join(f"{ord(sign):x}" for sign in pair) for pair in found)
