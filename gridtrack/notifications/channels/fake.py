"""A sender that keeps what it is given: for tests, replays and made-up days."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from gridtrack.notifications.channels.port import Outcome, Outgoing, Sent


@dataclass
class FakeSender:
    """Records every message; answers with `outcomes` in turn, then with Sent.

    With `expected` keys it is strict: an unexpected message, or one taken twice, is an
    AssertionError at once, and `check` is one for what never came.
    """

    outcomes: Iterable[Outcome] = ()
    expected: frozenset[str] | None = None
    messages: list[Outgoing] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._script = iter(self.outcomes)

    def send(self, message: Outgoing) -> Outcome:
        """Keep the message and give the next scripted outcome."""
        self.messages.append(message)
        if self.expected is not None:
            assert message.key in self.expected, f"unexpected message {message.key}"
        outcome = next(self._script, Sent(f"fake-{len(self.messages)}"))
        if isinstance(outcome, Sent):
            self.taken[message.key] += 1
            if self.expected is not None:
                assert self.taken[message.key] == 1, f"message {message.key} was taken twice"
        return outcome

    def check(self) -> None:
        """Raise AssertionError naming the expected messages that were never taken."""
        missing = (self.expected or frozenset()) - self.taken.keys()
        assert not missing, f"missing messages {sorted(missing)}"
