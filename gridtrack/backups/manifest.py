"""What a backup says of itself, so that it can be checked before anything is touched."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gridtrack.backups.keys import Lock, lock_of, mark_of
from gridtrack.errors import Conflict, Invalid
from gridtrack.sealing.ring import Ring

NAME = "manifest.json"
DATA = "data.sqlite"
PHOTO_LIST = "photos.sha256"
OWN = "own"  # the deployment's own rules, by the names they have in the instance
# What a deployment keeps beside its database. Nothing else is taken: there may be keys about.
OWN_FILES = (
    "calendars.toml",
    "categories.toml",
    "codes.toml",
    "entrances.toml",
    "orders.toml",
    "policy.toml",
    "resident-words.toml",
    "residents.toml",
    "roads.geojson",
)
_FORMAT = 2  # 1: from before reporters were sealed
_HEX = "^[0-9a-f]+$"
_PARTS = frozenset({DATA, PHOTO_LIST, *(f"{OWN}/{name}" for name in OWN_FILES)})


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(_Model):
    """One file of the backup."""

    name: str
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern=_HEX, min_length=64, max_length=64)


class Photos(_Model):
    """The pictures of the matters: how many there are, and which could not be taken."""

    count: int = Field(ge=0)
    bytes: int = Field(ge=0)
    missing: tuple[str, ...]


class Manifest(_Model):
    """Everything that a restore holds a backup against."""

    format: Literal[1, 2] = 2
    product: str
    schema_: str = Field(alias="schema")
    dialect: str
    taken_at: datetime
    last_event: int | None
    rows: dict[str, int]
    parts: tuple[Part, ...]
    photos: Photos | None
    salt: str = Field(pattern=_HEX, min_length=32, max_length=32)
    fingerprint: str = Field(pattern=_HEX, min_length=32, max_length=32)
    sealing: dict[str, str] = {}  # the keys that sealed something in here: id, mark of the key
    seal: str = ""

    def sealed(self, lock: Lock) -> "Manifest":
        """The same under the seal of a lock."""
        return self.model_copy(update={"seal": lock.seal(self._told())})

    def made_with(self, secret: str) -> bool:
        """True where the backup was made with this secret key.

        Raises Conflict where it was and the manifest was changed since.
        """
        lock = lock_of(secret, self.salt)
        if lock.fingerprint != self.fingerprint:
            return False
        if lock.seal(self._told()) != self.seal:
            raise Conflict("backup-seal-broken", value=NAME)
        return True

    def lacks(self, ring: Ring | None) -> list[str]:
        """Ids of the keys that are needed to read what is sealed in here and are not on `ring`."""
        return [name for name, mark in self.sealing.items() if not self._has(ring, name, mark)]

    def _has(self, ring: Ring | None, name: str, mark: str) -> bool:
        key = ring.get(name) if ring is not None else None
        return key is not None and mark_of(key, self.salt) == mark

    def _told(self) -> bytes:
        left_out = {"seal"} if self.format > 1 else {"seal", "sealing"}
        body = self.model_dump(mode="json", by_alias=True, exclude=left_out)
        return json.dumps(body, sort_keys=True, ensure_ascii=False).encode()

    def text(self) -> str:
        """As it is written."""
        body = self.model_dump(mode="json", by_alias=True)
        return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """What the backup in `folder` says of itself; raises Invalid for what is none of ours."""
    try:
        told: Any = json.loads((folder / NAME).read_text("utf-8"))
    except OSError as error:
        raise Invalid("backup-none-here", field="backup", path=str(folder)) from error
    except (ValueError, RecursionError) as error:
        raise Invalid("backup-manifest-bad", field="backup", value=NAME) from error
    if isinstance(told, dict) and isinstance(told.get("format"), int) and told["format"] > _FORMAT:
        raise Conflict("backup-format-newer", value=told["format"])
    try:
        found = Manifest.model_validate_json(json.dumps(told))
    except ValidationError as error:
        raise Invalid("backup-manifest-bad", field="backup", value=NAME) from error
    names = [one.name for one in found.parts]
    if DATA not in names or len(set(names)) < len(names) or not set(names) <= _PARTS:
        raise Invalid("backup-manifest-bad", field="backup", value=NAME)
    return found
