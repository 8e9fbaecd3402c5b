"""What must hold of every matter at any time, whatever was done to it."""

from collections import Counter

from gridtrack.deadlines.tables import ClockRow
from gridtrack.incidents.rules import FINAL, OPEN, State, replay
from gridtrack.incidents.tables import Event, Incident
from gridtrack.notifications.tables import Message
from tests.builders import PEOPLE, Site

WAITING = {State.REPORTED.value, State.ASSIGNED.value}


def check_sum(row: Incident, events: list[Event]) -> None:
    """The row is the sum of its events."""
    summed = replay((event.seq, event.data) for event in events)
    assert {name: getattr(row, name) for name in summed} == summed


def check_state(row: Incident, site: Site) -> None:
    """The columns agree with the state."""
    state = State(row.state)
    assert row.is_open == (state in OPEN)
    assert (row.closed_at is not None) == (state in FINAL), row.state
    assert (row.duplicate_of is not None) == (state is State.DUPLICATE)
    if state is State.REPORTED:
        assert row.handler_id is None, "somebody answers for it, and nobody can acknowledge it"
    elif state not in FINAL:
        assert row.handler_id is not None
    if state.value in WAITING:
        assert row.acknowledged_at is None
    roles = {login: role.value for login, role, *_ in PEOPLE}
    handler = next((w for w, person in site.people.items() if person == row.handler_id), None)
    assert row.handler_role == (roles[handler] if handler else None)


def check_clocks(row: Incident, clocks: list[ClockRow]) -> None:
    """Armed exactly when a clock has a next instant or a hold an end; nothing waits unwatched."""
    live = [clock for clock in clocks if clock.state in ("running", "paused")]
    running = {clock.kind: clock for clock in live if clock.state == "running"}
    assert len(live) == len({clock.kind for clock in live})
    for kind in {clock.kind for clock in clocks}:
        cycles = [clock.cycle for clock in clocks if clock.kind == kind]
        assert cycles == list(range(1, len(cycles) + 1))
    fires = [clock.next_fire_at for clock in running.values() if clock.next_fire_at]
    assert (row.held_until is not None) == (row.state == "on_hold")
    fire = min([*fires, *([row.held_until] if row.held_until else [])], default=None)
    assert row.next_due_at == fire
    first = [running["acknowledge"]] if "acknowledge" in running else running.values()
    assert row.due_at == min((clock.due_at for clock in first), default=None)
    assert row.deadline_state == ("armed" if fire else "exhausted" if running else "none")
    assert ("acknowledge" in running) == (row.state in WAITING)
    if not row.is_open:
        assert not live
    elif row.state != "resolved":
        assert "resolve" in {clock.kind for clock in live}, "nobody would notice it lying"
    if row.state != "on_hold":
        assert len(running) == len(live), "it rests, and nobody holds it"
    assert all(c.next_fire_at is None for c in clocks if c.state != "running")
    assert all((c.met_at is not None) == (c.state == "met") for c in clocks)


def check_steps(events: list[Event], told: list[Message]) -> None:
    """No step early, none twice, none after somebody acknowledged; each was told once."""
    steps = [e for e in events if e.kind in ("escalated", "rung-skipped")]
    keys = Counter(e.key for e in steps)
    assert set(keys.values()) <= {1}
    for event in steps:
        assert event.data["late_ms"] >= 0
        assert event.at.isoformat() >= event.data["due_at"] >= event.data["promised"]
    kinds = [e.kind for e in events]
    for place, kind in enumerate(kinds):
        if kind == "acknowledged":
            later = kinds[place:]
            until = [n for n, k in enumerate(later) if begins_anew(k, events[place + n])]
            climbed = [
                event.data.get("clock")
                for event, k in zip(
                    events[place:], later[: until[0] if until else None], strict=False
                )
                if k == "escalated"
            ]
            assert "acknowledge" not in climbed
    causes = Counter(
        m.key.rsplit(":", 2)[0]
        for m in told
        if m.kind in ("escalated", "overdue") and ":99:" not in f"{m.key.rsplit(':', 2)[0]}:"
    )
    assert causes == Counter(e.key for e in steps if e.kind == "escalated")


def begins_anew(kind: str, event: Event) -> bool:
    """True where somebody has to acknowledge it again from here on."""
    handed_over = kind == "rerouted" and event.data["fate"] == "anew"
    return handed_over or kind in ("assigned", "reopened", "hand_back")
