"""Saving and finding acts by their own id, and telling "sent again" from "another act"."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gridtrack.db.sql import insert_new, table_of
from gridtrack.errors import Conflict
from gridtrack.incidents.act_tables import Act

ACT = table_of(Act)


def digest(person_id: int | None, incident_id: int, action: str, said: Mapping[str, Any]) -> str:
    """A fingerprint of what an act said; fields left empty are as fields left out."""
    kept = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in said.items()
        if value not in (None, "", [])
    }
    content = [person_id, incident_id, action, sorted(kept.items())]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def known(session: Session, act_id: str, content: str) -> Act | None:
    """The act of this id where it is known; raises Conflict where it said something else."""
    found = session.get(Act, act_id)
    if found is not None and found.digest != content:
        raise Conflict("act-id-reused", act_id=act_id)
    return found


def keep(session: Session, row: Mapping[str, Any]) -> None:
    """Keep an act with its answer; raises Conflict where the id was taken at this very moment."""
    if insert_new(session, ACT, row, key="id") is None:
        raise Conflict("act-id-reused", act_id=row["id"])
