"""What is sealed of a reporter, and what each sealed value is bound to. Pure."""

NAME, CONTACT = "name", "contact"


def bound(incident_id: int, field: str) -> str:
    """The place of a sealed value: moved to another matter or field, it opens no more."""
    return f"reporter/{incident_id}/{field}"
