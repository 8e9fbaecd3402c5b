"""What is sealed of a reporter, what it is bound to, and why it may be shown. Pure."""

from enum import StrEnum

NAME, CONTACT = "name", "contact"
WORDS_LIMIT = 500


class Purpose(StrEnum):
    """Why somebody has the reporter shown to them."""

    CALL_BACK = "call-back"  # what the product's own questions could not settle
    DANGER = "danger"  # to life or health: nobody can wait for an answer on a page
    HAND_OVER = "hand-over"  # to an authority that may ask for it
    RIGHTS = "rights"  # the reporter asks for what is kept of them, or for its end
    OTHER = "other"  # said in words


def bound(incident_id: int, field: str) -> str:
    """The place of a sealed value: moved to another matter or field, it opens no more."""
    return f"reporter/{incident_id}/{field}"
