"""Where the keys lie: a file of the instance for its owner only, or a setting.

A process looks at the file's stamp before it uses a key, so a rotation by another process reaches
it with the next value, without a restart.
"""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from gridtrack.errors import Conflict
from gridtrack.sealing import ring as rings
from gridtrack.sealing.ring import Ring
from gridtrack.settings import Settings, make_once

NAME = "sealing_keys"
SETTING = "GRIDTRACK_SEALING_KEYS"
_MODE = 0o600


class Keys:
    """The ring in force, read again where its file changed."""

    def __init__(self, path: Path | None, fixed: Ring | None) -> None:
        self.path = path  # None where a setting gives the keys
        self._ring = fixed
        self._stamp: tuple[int, int, int] | None = None

    @classmethod
    def fixed(cls, ring: Ring) -> "Keys":
        """Keys that lie in no file."""
        return cls(None, ring)

    @property
    def ring(self) -> Ring:
        """The ring in force now."""
        if self.path is None:
            assert self._ring is not None
            return self._ring
        seen = self.path.stat()
        stamp = (seen.st_mtime_ns, seen.st_ino, seen.st_size)
        if self._ring is None or stamp != self._stamp:
            self._ring = rings.parse(self.path.read_text("utf-8"), NAME)
            self._stamp = stamp
        return self._ring

    def seal(self, text: str, bound: str) -> str:
        """`text` sealed under the current key for the place `bound`."""
        return self.ring.seal(text, bound)

    def open(self, value: str, bound: str) -> str:
        """The text in a sealed value; raises what `Ring.open` does."""
        return self.ring.open(value, bound)

    def change(self, step: Callable[[Ring], Ring]) -> Ring:
        """Put another ring in the file's place, whole or not at all, one change at a time.

        Raises Conflict("seal-keys-setting") where a setting gives the keys: who set them changes
        them.
        """
        if self.path is None:
            raise Conflict("seal-keys-setting", value=SETTING)
        with self.path.with_name(f".{NAME}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            ring = step(rings.parse(self.path.read_text("utf-8"), NAME))
            beside = self.path.with_name(f".{NAME}.part")
            beside.unlink(missing_ok=True)
            beside.touch(mode=_MODE)
            with beside.open("w", encoding="utf-8") as file:
                file.write(rings.text_of(ring))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        return ring


def given_ring(settings: Settings) -> Ring | None:
    """The ring where there is one already; None where one would have to be made."""
    if settings.sealing_keys:
        return rings.from_setting(settings.sealing_keys, SETTING)
    path = settings.instance / NAME
    return rings.parse(path.read_text("utf-8"), NAME) if path.is_file() else None


def keys_of(settings: Settings) -> Keys:
    """The keys of a deployment: those given, else one made once in the instance."""
    if settings.sealing_keys:
        return Keys.fixed(rings.from_setting(settings.sealing_keys, SETTING))
    path = settings.instance / NAME
    if not path.exists():
        settings.instance.mkdir(parents=True, exist_ok=True)
        make_once(path, rings.text_of(new_ring(settings)))
    return Keys(path, None)


def new_ring(settings: Settings) -> Ring:
    """A ring of one new key."""
    return Ring((rings.new_key(settings.sealing_algorithm),))
