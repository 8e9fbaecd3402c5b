"""Every kind of long work has somebody who does it, and words for it and its phases."""

from gridtrack.i18n.sentences import TEXTS
from gridtrack.jobs.kinds import HANDLERS
from gridtrack.tasks.rules import KINDS
from gridtrack.web.tasks import LEADS


def test_every_kind_is_done_by_somebody_and_nobody_does_what_is_no_kind() -> None:
    assert set(HANDLERS) == set(KINDS)


def test_every_kind_and_every_phase_has_its_words() -> None:
    phases = {phase for kind in KINDS.values() for phase in kind.phases}
    wanted = [f"task-{kind}" for kind in KINDS] + [f"phase-{phase}" for phase in phases]
    assert [code for code in wanted if code not in TEXTS] == []


def test_names_fit_their_columns() -> None:
    names = [name for kind, row in KINDS.items() for name in (kind, *row.phases)]
    assert [name for name in names if len(name) > 40] == []


def test_what_leads_on_is_a_kind() -> None:
    assert set(LEADS) <= set(KINDS)
