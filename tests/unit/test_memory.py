"""Memory settings of the C library: asked for where there are any, and nothing lost elsewhere."""

import ctypes

import pytest

from gridtrack.db.memo import Memo
from gridtrack.db.memory import give_memory_back, keep_memory_flat


class Library:
    def __init__(self):
        self.told = {}

    def mallopt(self, name, value):
        self.told[name] = value

    def malloc_trim(self, left):
        self.told["trimmed"] = left


def test_few_arenas_and_large_pieces_given_back(monkeypatch):
    library = Library()
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: library)
    keep_memory_flat()
    assert library.told == {-8: 2, -3: 256 * 1024, -1: 256 * 1024}


@pytest.mark.parametrize("found", [object(), OSError("no library")])
def test_another_c_library_is_left_alone(monkeypatch, found):
    def load(_name):
        if isinstance(found, OSError):
            raise found
        return found

    monkeypatch.setattr(ctypes, "CDLL", load)
    keep_memory_flat()
    give_memory_back()


@pytest.mark.parametrize(("seconds", "told"), [(0.1, {}), (0.5, {"trimmed": 0})])
def test_what_took_long_to_make_leaves_no_holes_behind(monkeypatch, seconds, told):
    library, now = Library(), [0.0]
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: library)

    def load():
        now[0] += seconds
        return "made"

    assert Memo(clock=lambda: now[0]).get("k", load) == "made"
    assert library.told == told
