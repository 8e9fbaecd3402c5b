"""The keys and a backup: kept apart, recognised, and what seals the manifest."""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from gridtrack.backups.files import write_whole
from gridtrack.errors import Conflict, Invalid
from gridtrack.sealing import ring as rings
from gridtrack.sealing.ring import Key, Ring

_FIRST, _FORMAT = "gridtrack-keys-1", "gridtrack-keys-2"
_SALT_BYTES = 16
_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Lock:
    """What one backup makes of the secret key: slow to try out, worthless for another backup."""

    salt: str
    fingerprint: str
    seal_key: bytes

    def seal(self, told: bytes) -> str:
        """What nobody without the secret key can put under `told`."""
        return hmac.new(self.seal_key, told, hashlib.sha256).hexdigest()


def new_lock(secret: str) -> Lock:
    """A lock for a new backup."""
    return lock_of(secret, secrets.token_hex(_SALT_BYTES))


def lock_of(secret: str, salt: str) -> Lock:
    """The lock that `secret` makes with the salt of a backup."""
    made = hashlib.scrypt(secret.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=64)
    return Lock(salt, made[:16].hex(), made[32:])


@dataclass(frozen=True, slots=True)
class Kept:
    """What a file of keys holds: the secret key, and the ring that seals reporters."""

    secret: str
    ring: Ring | None  # None in a file from before reporters were sealed


def write_keys(path: Path, secret: str, ring: Ring) -> None:
    """Keep the secret key and the ring in a file for its owner only.

    The same again changes nothing, and newer keys join the older ones there, which older backups
    need. Raises Conflict where the file holds anything else: a key is never written over.
    """
    if path.exists():
        there = read_keys(path)
        if there.secret != secret:
            raise Conflict("keys-file-taken", value=str(path))
        if there.ring is not None:
            ring = ring.joined(there.ring)
            if {key.id for key in there.ring.keys} == {key.id for key in ring.keys}:
                return
    told = json.dumps({"format": _FORMAT, "secret_key": secret, "sealing": rings.told(ring)})
    write_whole(path, f"{told}\n".encode(), mode=_MODE)


def read_keys(path: Path) -> Kept:
    """The keys in a file that `write_keys` made; raises Invalid for any other."""
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Invalid("keys-file-bad", field="keys", path=str(path)) from error
    secret = told.get("secret_key") if isinstance(told, dict) else None
    if not isinstance(secret, str) or not secret or told.get("format") not in (_FIRST, _FORMAT):
        raise Invalid("keys-file-bad", field="keys", path=str(path))
    ring = rings.read(told["sealing"], "keys") if "sealing" in told else None
    return Kept(secret, ring)


def mark_of(key: Key, salt: str) -> str:
    """By what a manifest knows a key of the ring: nothing can be tried out, it is all random."""
    told = f"{key.id}:{key.algorithm}:{key.secret.hex()}".encode()
    return hmac.new(bytes.fromhex(salt), told, hashlib.sha256).hexdigest()[:32]


def open_to_others(path: Path) -> bool:
    """True where more than its owner may read the file."""
    return bool(path.stat().st_mode & 0o077)
