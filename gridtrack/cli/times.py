"""Times as people type them at a prompt: local, made into instants here."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def local(zone: str, moment: object) -> datetime:
    """The instant that `moment`, a naive local time in `zone`, names."""
    assert isinstance(moment, datetime)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return moment.astimezone(UTC)
