"""Memory settings of the C library: asked for where there are any, and nothing lost elsewhere."""

import ctypes

import pytest

from gridtrack.cli.memory import keep_memory_flat


class Library:
    def __init__(self):
        self.told = {}

    def mallopt(self, name, value):
        self.told[name] = value


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
