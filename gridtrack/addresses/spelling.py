"""The one spelling that all spellings of an address share: what is compared, never shown. Pure.

`key_of` folds width and case, reads Chinese numerals, unifies the words for buildings (栋, 幢, 座,
号楼), lanes (弄, 巷) and stairways (梯, 单元), and leaves out everything that is no letter and no
figure. Numerals in names are read as well (八一路 becomes 81路): both sides of every comparison
went through it, so that does no harm.
"""

import re
import unicodedata
from collections.abc import Iterable

KEY_LIMIT = 190  # a mark has a town before it, and 200 in all
_ROUNDS = 4  # one is the rule; a second only where leaving something out made a new word

_FIGURES = dict(zip("〇零一二三四五六七八九", "00123456789", strict=True)) | dict(
    zip("壹贰叁肆伍陆柒捌玖两", "1234567892", strict=True)
)
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_NUMERAL = re.compile(f"[{''.join(_FIGURES)}{''.join(_TENS)}]+")
_BETWEEN = re.compile(r"(?<=[0-9])(?:[^\w]|_|之)+(?=[0-9])")
_NOTHING = re.compile(r"[^\w-]|_|(?<![0-9])-|-(?![0-9])")
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_WORDS = (
    (re.compile(r"(?<=[0-9])#"), "号"),
    (re.compile(r"第(?=[0-9])"), ""),
    (re.compile(r"(?<=[0-9a-z])(?:号楼|栋楼|幢楼|栋|座)"), "幢"),
    (re.compile(r"(?<=[0-9])(?:号单元|梯)"), "单元"),
    (re.compile(r"(?<=[0-9])楼"), "层"),
    (re.compile(r"(?<=[0-9])(?:房间|房)"), "室"),
    (re.compile(r"弄"), "巷"),
)


def key_of(text: str) -> str:
    """The key of an address as somebody wrote it, at most `KEY_LIMIT` characters; "" for none."""
    key = text[: 2 * KEY_LIMIT]
    for _ in range(_ROUNDS):
        again = _once(key)[:KEY_LIMIT]
        if again == key:
            break
        key = again
    return key


class Prefixes:
    """Keys of counties, towns and communities: what addresses begin with and many leave out."""

    def __init__(self, keys: Iterable[str]) -> None:
        """Prefixes to know, the empty one left out."""
        self._keys = frozenset(keys) - {""}
        self._lengths = sorted({len(one) for one in self._keys}, reverse=True)

    def without(self, key: str) -> tuple[str, tuple[str, ...]]:
        """`key` without those that it begins with, and these; never nothing at all."""
        found: list[str] = []
        cut = True
        while cut:
            cut = False
            for length in self._lengths:
                if length < len(key) and key[:length] in self._keys:
                    found.append(key[:length])
                    key, cut = key[length:], True
                    break
        return key, tuple(found)


def _once(text: str) -> str:
    key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    key = "".join(str(unicodedata.decimal(c, c)) if c.isdecimal() else c for c in key)
    key = _NUMERAL.sub(lambda found: _figures(found.group()), key)
    key = _WORDS[0][0].sub(_WORDS[0][1], key)  # before # is left out as a mere sign
    key = _BETWEEN.sub("-", key)
    key = _NOTHING.sub("", key)
    key = _ZEROS.sub("", key)
    for word, ours in _WORDS[1:]:
        key = word.sub(ours, key)
    return key


def _figures(numeral: str) -> str:
    """A run of Chinese numerals in figures: 一二三 is 123, 三十三 is 33, what is neither, both."""
    if not any(c in _TENS for c in numeral):
        return "".join(_FIGURES[c] for c in numeral)
    value = _value(numeral)
    if value is not None:
        return str(value)
    return "".join(_FIGURES.get(c) or str(_TENS[c]) for c in numeral)


def _value(numeral: str) -> int | None:
    """The number of a well-formed numeral under ten thousand; None for any other."""
    total, figure, unit = 0, "", 10_000
    for c in numeral:
        if c in _TENS:
            if _TENS[c] >= unit or (figure == "0"):
                return None
            unit = _TENS[c]
            total += int(figure or 1) * unit
            figure = ""
        elif figure in ("", "0"):
            figure = _FIGURES[c]
        else:
            return None
    return total + int(figure or 0)
