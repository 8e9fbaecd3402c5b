"""A ring of keys, and the values that they seal. Pure.

    s1.<key id>.<algorithm>.<nonce and ciphertext, base64>

What a value is bound to (which matter, which field) is not in it: opened in another place it is
as good as tampered with. Plain text is padded, so that a value does not tell how long a name is.
"""

import base64
import binascii
import json
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gridtrack.errors import Conflict, Invalid, Unavailable
from gridtrack.sealing.ciphers import ALGORITHMS, NONCE_BYTES, Tampered

FORMAT = "gridtrack-sealing-1"
ID_START, ID_LENGTH = 3, 8  # where the key's id stands in a value: `s1.` comes before it
_MARK = "s1"
_BLOCK = 32
_ID = re.compile(r"[a-z0-9]{8}")


@dataclass(frozen=True, slots=True)
class Key:
    """One key, made for one algorithm."""

    id: str
    algorithm: str
    secret: bytes = field(repr=False)  # a key must not come out in a traceback or a log line
    made: str = field(default="", compare=False)  # ISO instant; "" where a setting gives it


@dataclass(frozen=True, slots=True)
class Ring:
    """Several keys: the first seals, every one of them opens what it sealed."""

    keys: tuple[Key, ...]

    @property
    def current(self) -> Key:
        """The key that seals."""
        return self.keys[0]

    def get(self, key_id: str) -> Key | None:
        """The key of an id."""
        return next((key for key in self.keys if key.id == key_id), None)

    def seal(self, text: str, bound: str) -> str:
        """`text` under the current key, bound to its place; "" stays "": nothing is hidden."""
        if not text:
            return ""
        key, nonce = self.current, os.urandom(NONCE_BYTES)
        cipher = ALGORITHMS[key.algorithm]
        made = cipher.encrypt(key.secret, nonce, _padded(text.encode()), bound.encode())
        return f"{_MARK}.{key.id}.{key.algorithm}.{base64.b64encode(nonce + made).decode()}"

    def open(self, value: str, bound: str) -> str:
        """The text in a value.

        Raises Unavailable("seal-key-missing") where its key is not on the ring, and
        Conflict("seal-broken") where it was changed or moved.
        """
        if not value:
            return ""
        key_id, algorithm, data = _parts(value)
        key = self.get(key_id)
        if key is None:
            raise Unavailable("seal-key-missing", key=key_id)
        if key.algorithm != algorithm:
            raise Conflict("seal-broken", key=key_id)
        nonce, body = data[:NONCE_BYTES], data[NONCE_BYTES:]
        try:
            plain = ALGORITHMS[algorithm].decrypt(key.secret, nonce, body, bound.encode())
            return _unpadded(plain).decode()
        except (Tampered, ValueError) as error:
            raise Conflict("seal-broken", key=key_id) from error

    def led_by(self, key: Key) -> "Ring":
        """The ring with another key that seals from now on; the others stay."""
        return Ring((key, *(one for one in self.keys if one.id != key.id)))

    def joined(self, other: "Ring") -> "Ring":
        """This ring with those keys of another that it lacks.

        Raises Conflict where both have different keys under one id.
        """
        more = []
        for key in other.keys:
            own = self.get(key.id)
            if own is None:
                more.append(key)
            elif own != key:
                raise Conflict("seal-key-differs", key=key.id)
        return Ring((*self.keys, *more))

    def without(self, ids: Iterable[str]) -> "Ring":
        """The ring without some of its older keys."""
        gone = set(ids) - {self.current.id}
        return Ring(tuple(key for key in self.keys if key.id not in gone))


def key_of(value: str) -> str:
    """The id of the key that sealed a value, "" for an empty one."""
    return value[ID_START : ID_START + ID_LENGTH]


def new_key(algorithm: str, made: str = "") -> Key:
    """A key nobody has yet."""
    alphabet = "0123456789abcdefghijkmnpqrstuvwxyz"
    name = "".join(secrets.choice(alphabet) for _ in range(ID_LENGTH))
    return Key(name, algorithm, secrets.token_bytes(ALGORITHMS[algorithm].key_bytes), made)


def told(ring: Ring) -> dict[str, object]:
    """The ring as it is kept in a file."""
    keys = [
        {"id": key.id, "algorithm": key.algorithm, "key": key.secret.hex(), "made": key.made}
        for key in ring.keys
    ]
    return {"format": FORMAT, "keys": keys}


def text_of(ring: Ring) -> str:
    """The ring as a file holds it."""
    return json.dumps(told(ring), indent=1) + "\n"


def parse(text: str, where: str) -> Ring:
    """The ring that `text_of` wrote; raises Invalid("seal-keys-bad") for anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid("seal-keys-bad", field=where) from error
    return read(found, where)


def read(found: object, where: str) -> Ring:
    """The ring that `told` told; raises Invalid("seal-keys-bad") for anything else."""
    rows = found.get("keys") if isinstance(found, Mapping) else None
    if not isinstance(rows, list) or not rows or found.get("format") != FORMAT:  # type: ignore[attr-defined]
        raise Invalid("seal-keys-bad", field=where)
    return _ring([_key(row, where) for row in rows], where)


def from_setting(text: str, where: str) -> Ring:
    """The ring of `id:algorithm:hex,…`, the one that seals first; raises Invalid."""
    names = ("id", "algorithm", "key")
    rows = [dict(zip(names, one.strip().split(":"), strict=False)) for one in text.split(",")]
    return _ring([_key(row, where) for row in rows], where)


def _ring(keys: list[Key], where: str) -> Ring:
    if len({key.id for key in keys}) < len(keys):
        raise Invalid("seal-keys-bad", field=where)
    return Ring(tuple(keys))


def _key(row: object, where: str) -> Key:
    """One key of a file or setting; what is wrong with it is not repeated: it may be a key."""
    if isinstance(row, Mapping) and all(isinstance(value, str) for value in row.values()):
        name, algorithm = row.get("id", ""), ALGORITHMS.get(row.get("algorithm", ""))
        if algorithm is not None and _ID.fullmatch(name):
            try:
                secret = bytes.fromhex(row.get("key", ""))
            except ValueError:
                secret = b""
            if len(secret) == algorithm.key_bytes:
                return Key(name, algorithm.name, secret, row.get("made", ""))
    raise Invalid("seal-keys-bad", field=where)


def _parts(value: str) -> tuple[str, str, bytes]:
    mark, key_id, algorithm, body = (*value.split("."), "", "", "")[:4]
    try:
        data = base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise Conflict("seal-broken", key=key_id) from error
    if mark != _MARK or algorithm not in ALGORITHMS or len(data) <= NONCE_BYTES:
        raise Conflict("seal-broken", key=key_id)
    return key_id, algorithm, data


def _padded(data: bytes) -> bytes:
    """Up to a whole number of blocks: 0x80, then zeros."""
    return data + b"\x80" + b"\0" * (-(len(data) + 1) % _BLOCK)


def _unpadded(data: bytes) -> bytes:
    text, mark, rest = data.rpartition(b"\x80")
    if not mark or rest.strip(b"\0"):
        raise Tampered
    return text
