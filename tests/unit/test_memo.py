"""What a process remembers: once loaded, aged by a clock of its own, safe between threads."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.db.memo import Memo


class Counted:
    """A loader that counts its calls and answers with the count."""

    def __init__(self):
        self.calls = 0

    def __call__(self):
        self.calls += 1
        return self.calls


def test_a_value_is_loaded_once():
    memo, load = Memo(), Counted()
    assert [memo.get("k", load) for _ in range(3)] == [1, 1, 1]


def test_keys_do_not_share_values():
    memo = Memo()
    memo.get("a", lambda: "a")
    assert memo.get("b", lambda: "b") == "b"


def test_nothing_is_a_value_too():
    memo, load = Memo(), Counted()
    memo.get("k", lambda: None)
    assert memo.get("k", load) is None


def test_a_value_is_loaded_again_when_it_is_too_old():
    seconds = [0.0]
    memo, load = Memo(clock=lambda: seconds[0]), Counted()
    memo.get("k", load, 2.0)
    seconds[0] = 1.9
    assert memo.get("k", load, 2.0) == 1
    seconds[0] = 2.0
    assert memo.get("k", load, 2.0) == 2


def test_what_is_forgotten_is_loaded_again_and_the_rest_is_kept():
    memo, one, other = Memo(), Counted(), Counted()
    memo.get("one", one)
    memo.get("other", other)
    memo.forget("one", "never known")
    assert (memo.get("one", one), memo.get("other", other)) == (2, 1)


def test_everything_can_be_forgotten():
    memo, load = Memo(), Counted()
    memo.get("k", load)
    memo.forget()
    assert memo.get("k", load) == 2


def test_a_loader_may_ask_the_memo_itself():
    memo = Memo()
    assert memo.get("outer", lambda: memo.get("inner", lambda: 1) + 1) == 2


def test_a_failed_load_is_not_remembered():
    memo = Memo()

    def fails():
        raise LookupError

    with pytest.raises(LookupError):
        memo.get("k", fails)
    assert memo.get("k", lambda: "now it works") == "now it works"


def test_many_threads_load_once():
    memo, load, start = Memo(), Counted(), threading.Barrier(8)
    found = []

    def ask():
        start.wait()
        found.append(memo.get("k", load))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 8


@given(
    st.lists(st.tuples(st.sampled_from(["get", "wait", "forget"]), st.floats(0.1, 3)), max_size=30)
)
def test_a_value_is_never_older_than_asked_for(steps):
    now = [0.0]
    memo = Memo(clock=lambda: now[0])
    for step, seconds in steps:
        if step == "wait":
            now[0] += seconds
        elif step == "forget":
            memo.forget("k")
        else:
            assert now[0] - memo.get("k", lambda: now[0], 1.0) < 1.0


def test_who_wants_something_else_does_not_wait_for_what_is_being_loaded():
    memo, begun, over = Memo(), threading.Event(), threading.Event()

    def slowly():
        begun.set()
        assert over.wait(60)
        return "large"

    thread = threading.Thread(target=memo.get, args=("large", slowly))
    thread.start()
    assert begun.wait(60)
    assert memo.get("small", lambda: 1) == 1
    assert not memo.has("large")
    over.set()
    thread.join()
    assert memo.get("large", lambda: "anew") == "large"
