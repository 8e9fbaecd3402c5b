"""A line for the audit: one step of several verbs.

What is noted in a writing stands or falls with it; in a reading it is kept before anybody is shown
what was read. A verb that notes nothing leaves the line of its door (`work.Runtime`).
"""

from gridtrack.audit.rules import DONE, Note
from gridtrack.work import Work


def note(work: Work, act: str, subject: str, outcome: str = DONE, **details: object) -> None:
    """Say that the actor did `act` on `subject` (`incident:17`); `outcome` is done or refused.

    Names, texts and contacts are never among the details.
    """
    work.notes.append(Note(act, subject, outcome, details))
