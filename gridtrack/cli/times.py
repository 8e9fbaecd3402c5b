"""Times as people type them at a prompt: local, made into instants here."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from gridtrack.errors import Invalid


def local(zone: str, moment: object) -> datetime:
    """The instant that `moment`, a naive local time in `zone`, names."""
    assert isinstance(moment, datetime)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return moment.astimezone(UTC)


def instant(text: str, zone: ZoneInfo) -> datetime:
    """An instant as it is typed: ISO 8601, local to `zone` without an offset; raises Invalid."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid("not-a-time", field="start", value=text) from error
    return found if found.tzinfo else found.replace(tzinfo=zone)
