"""Quiet hours: until when what can wait is not sent. Pure."""

from datetime import datetime, timedelta, tzinfo

from gridtrack.deadlines.policy_parts import Quiet


def quiet_until(quiet: Quiet | None, at: datetime, zone: tzinfo) -> datetime | None:
    """When the quiet hours end that `at` lies in; None where it lies in none.

    They may go over midnight; the minute at which they end is quiet no more.
    """
    if quiet is None:
        return None
    local = at.astimezone(zone)
    minute = local.hour * 60 + local.minute
    inside = (
        quiet.begin <= minute < quiet.end
        if quiet.begin < quiet.end
        else minute >= quiet.begin or minute < quiet.end
    )
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if minute >= quiet.end else 0)
    hour, rest = divmod(quiet.end, 60)
    end = datetime(day.year, day.month, day.day, hour, rest, tzinfo=zone)
    return end.astimezone(at.tzinfo)
