"""One process at a time; who is refused for long goes on without the turn."""

from pathlib import Path

import pytest

from gridtrack.db.turn import PATIENCE_S, Turn


def test_one_has_the_turn_and_the_other_is_refused(tmp_path: Path) -> None:
    first, second = (Turn(tmp_path / "turn") for _ in range(2))
    with first.taken() as one, second.taken() as other:
        assert (one, other) == (True, False)


def test_the_turn_is_free_again_whatever_ended_it(tmp_path: Path) -> None:
    turn = Turn(tmp_path / "turn")
    with pytest.raises(OSError, match="planted"), turn.taken():
        raise OSError("planted")
    with turn.taken() as mine:
        assert mine


def test_who_is_refused_for_long_goes_on_all_the_same(tmp_path: Path) -> None:
    at = [0.0]
    first, second = (Turn(tmp_path / "turn", lambda: at[0]) for _ in range(2))
    with first.taken():
        for at[0], wanted in ((0.0, False), (PATIENCE_S - 1, False), (PATIENCE_S, True)):
            with second.taken() as found:
                assert found is wanted


def test_patience_begins_anew_after_a_turn(tmp_path: Path) -> None:
    at = [0.0]
    first, second = (Turn(tmp_path / "turn", lambda: at[0]) for _ in range(2))
    with first.taken(), second.taken():
        pass
    with second.taken() as mine:
        assert mine
    at[0] = PATIENCE_S
    with first.taken(), second.taken() as found:
        assert not found


def test_where_no_lock_file_can_be_kept_nobody_is_held_up(tmp_path: Path) -> None:
    at = [0.0]
    turn = Turn(tmp_path / "none" / "turn", lambda: at[0])
    with turn.taken():
        at[0] = PATIENCE_S
    with turn.taken() as found:
        assert found
