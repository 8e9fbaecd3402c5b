"""When this deployment was last backed up: a file in the instance, for whoever watches."""

import json
from datetime import datetime
from pathlib import Path

from gridtrack.backups.files import write_whole

_FILE = "last_backup.json"


def note(instance: Path, at: datetime, where: Path) -> None:
    """Write down that there is a whole backup of this instant."""
    told = json.dumps({"at": at.isoformat(), "where": str(where)}, ensure_ascii=False)
    write_whole(instance / _FILE, told.encode(), mode=0o640)


def last(instance: Path) -> datetime | None:
    """The instant of the newest backup; None where there is none, or nobody can tell."""
    try:
        told = json.loads((instance / _FILE).read_text("utf-8"))
        return datetime.fromisoformat(told["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
