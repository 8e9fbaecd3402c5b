"""Which kind of matter do these words speak of? By a list of words that anybody can read. Pure.

Nothing is learnt and nothing leaves the machine: a suggestion names the words that made it.
"""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from gridtrack.errors import Invalid

HEAVIEST = 5
_CATEGORY = re.compile(r"\d{2}(\d{2})?")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words and weights by category, and what is enough to suggest one."""

    weights: Mapping[str, Mapping[str, int]]
    enough: int
    most: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category that the words speak of, and which of them."""

    category: str
    because: tuple[str, ...]
    score: int


def parse(text: str) -> Lexicon:
    """The words of a TOML text; raises Invalid naming the first entry that is none."""
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("bad-toml", field="words", value=str(error)) from error
    terms = body.pop("terms", {})
    weights = {}
    for category, words in body.items():
        if not _CATEGORY.fullmatch(category) or not isinstance(words, dict):
            raise Invalid("words-bad", field=category, value=words)
        weights[category] = {_plain(word): _weight(category, word, words[word]) for word in words}
    enough, most = (_weight("terms", name, terms.get(name)) for name in ("enough", "most"))
    return Lexicon(weights, enough, most)


def _weight(category: str, word: str, given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 < given <= HEAVIEST:
        raise Invalid("words-bad", field=f"{category}.{word}", value=given)
    return given


def suggest(lexicon: Lexicon, text: str, grave: Collection[str] = frozenset()) -> list[Suggestion]:
    """The categories that the words speak of, the likeliest first; none where nothing is clear.

    Where lives or secrets are at stake (`grave`) a category comes first, however much else is said.
    """
    plain = _plain(text)
    found = []
    for category, weights in lexicon.weights.items():
        heard = _heard(weights, plain)
        score = sum(weights[word] for word in heard)
        if score >= lexicon.enough:
            found.append(Suggestion(category, tuple(heard), score))
    found.sort(key=lambda one: -one.score)  # a tie keeps the order of the file
    first = [one for one in found if one.category in grave]
    others = [one for one in found if one.category not in grave]
    likely = [one for one in others if 2 * one.score >= others[0].score]
    return (first + likely)[: lexicon.most]


def _heard(weights: Mapping[str, int], plain: str) -> list[str]:
    """The words of one category that occur; of those that lie in one another only the longest."""
    there = [word for word in weights if _occurs(word, plain)]
    longest = [one for one in there if not any(one != other and one in other for other in there)]
    return sorted(longest, key=lambda word: -weights[word])


def _occurs(word: str, plain: str) -> bool:
    if not word.isascii():
        return word in plain
    return re.search(rf"(?<![a-z]){re.escape(word)}", plain) is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
