"""Whether every address lies in exactly one base grid (住户全覆盖), and the grids' sizes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Count:
    """What lies in a grid of any level: addresses, and the households behind them."""

    path: str
    addresses: int
    households: int


def counted(paths: Sequence[str], leaf: Whole, households: Whole) -> list[Count]:
    """Addresses and households of every leaf and of every grid above, in the order of paths.

    `leaf` is the position in `paths` of each address's leaf, NOWHERE for none; each address is
    counted once, so that the grids of a level and what lies nowhere add up to the whole book.
    """
    there = leaf != NOWHERE
    addresses = np.bincount(leaf[there], minlength=len(paths))
    homes = np.bincount(leaf[there], weights=households[there], minlength=len(paths))
    sums: dict[str, list[int]] = {}
    for path, n, h in zip(paths, addresses.tolist(), homes.tolist(), strict=True):
        codes = path.split("/")
        for depth in range(1, len(codes) + 1):
            total = sums.setdefault("/".join(codes[:depth]), [0, 0])
            total[0] += n
            total[1] += int(h)
    return [Count(path, *sums[path]) for path in sorted(sums)]


def size_of(households: int, least: int, most: int) -> str:
    """`small`, `large`, or "" for a base grid of the recommended size."""
    if households < least:
        return "small"
    return "large" if households > most else ""
