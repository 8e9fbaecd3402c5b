"""The names of roads, estates and buildings, found by the pairs of signs that they share. Pure.

A city of a million doors has some ten thousand of them: in memory they are told apart in a tenth of
the time that the database takes to count their pairs.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from gridtrack.addresses.matching import named_pairs, pairs

MOST = 40
Numbers = npt.NDArray[np.int64]


class Names:
    """Names by pair: one array of their numbers, and where in it each pair begins and ends."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take `names`, each once."""
        self._names = sorted(names)
        by_pair: dict[str, list[int]] = {}
        for n, name in enumerate(self._names):
            for pair in pairs(name):
                by_pair.setdefault(pair, []).append(n)
        self._numbers = np.array(
            [n for numbers in by_pair.values() for n in numbers], dtype=np.int32
        )
        ends = np.cumsum([len(numbers) for numbers in by_pair.values()]).tolist()
        self._at: Mapping[str, slice] = {
            pair: slice(begin, end)
            for pair, begin, end in zip(by_pair, [0, *ends], ends, strict=False)
        }

    def __len__(self) -> int:
        """How many there are."""
        return len(self._names)

    def like(self, text: str) -> list[tuple[str, int]]:
        """Names that share pairs with `text`, and how many: at most `MOST`, the most alike first.

        Those that share as many come in the order of their signs.
        """
        found = [self._numbers[self._at[p]] for p in named_pairs(text) if p in self._at]
        if not found:
            return []
        shared = np.bincount(np.concatenate(found))
        numbers = _best(shared.nonzero()[0], shared)
        return [
            (self._names[n], count)
            for n, count in zip(numbers.tolist(), shared[numbers].tolist(), strict=True)
        ]


def _best(numbers: Numbers, shared: Numbers) -> Numbers:
    rank = numbers - (shared[numbers] << 32)  # most shared first, then by number
    if len(rank) > MOST:
        kept = rank.argpartition(MOST)[:MOST]
        numbers, rank = numbers[kept], rank[kept]
    return numbers[rank.argsort()]
