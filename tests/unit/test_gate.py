"""One writer at a time, in the order they came."""

import contextlib
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridtrack.db.engine import Gate


class Crowd:
    """Threads that queue at a gate one after the other, so that their order is known."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.order: list[int] = []
        self.inside = self.most = 0
        self.threads: list[threading.Thread] = []

    def join_queue(self, number: int, *, fails: bool = False) -> None:
        """Start a thread and come back when it stands in the queue."""
        before = len(self.gate._waiting)
        thread = threading.Thread(target=self._pass, args=(number, fails))
        thread.start()
        self.threads.append(thread)
        while len(self.gate._waiting) == before:
            thread.join(0.0005)

    def _pass(self, number: int, fails: bool) -> None:
        with contextlib.suppress(ZeroDivisionError), self.gate.turn():
            self.inside += 1
            self.most = max(self.most, self.inside)
            self.order.append(number)
            self.inside -= 1
            1 / (0 if fails else 1)

    def all_through(self) -> bool:
        for thread in self.threads:
            thread.join(60)
        return not any(thread.is_alive() for thread in self.threads)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_writers_pass_in_the_order_they_came_whoever_fails(fails):
    gate = Gate()
    crowd = Crowd(gate)
    with gate.turn():
        for number, failing in enumerate(fails):
            crowd.join_queue(number, fails=failing)
        assert crowd.order == []
    assert crowd.all_through()
    assert crowd.order == list(range(len(fails)))
    assert crowd.most == 1


def test_a_failed_turn_leaves_the_gate_open():
    gate = Gate()
    with pytest.raises(LookupError), gate.turn():
        raise LookupError
    with gate.turn():
        pass


def test_a_late_comer_does_not_overtake_who_was_let_in():
    gate = Gate()
    crowd = Crowd(gate)
    with gate.turn():
        crowd.join_queue(1)
    crowd.threads.append(late := threading.Thread(target=crowd._pass, args=(2, False)))
    late.start()
    assert crowd.all_through()
    assert crowd.order == [1, 2]


def test_two_gates_do_not_wait_for_each_other():
    with Gate().turn(), Gate().turn():
        pass
