"""What may come in as a voice note. Pure: bytes in, value out.

The name and the declared type of a file are not looked at. A note is short by the seconds that the
phone says and by its bytes, which no phone can say wrongly.
"""

import hashlib
from dataclasses import dataclass, field

from gridtrack.errors import Invalid

FIELD = "voice"
MOST_SECONDS = 60
MOST_BYTES = 1_000_000  # a minute at more than 128 kbit/s; phones record at 24
# What MediaRecorder writes: WebM on Android, MP4 on iPhones, Ogg in Firefox.
_MP4 = frozenset({b"M4A ", b"mp41", b"mp42", b"isom", b"iso5", b"iso6", b"dash", b"avc1"})


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice note as it is kept; `seconds` as the phone measured it."""

    data: bytes = field(repr=False)
    mime: str
    seconds: int
    sha256: str


def take(data: bytes, seconds: float) -> Voice:
    """The voice note in `data`.

    Raises Invalid: voice-empty, voice-too-long, voice-too-many-bytes, voice-format.
    """
    if not data:
        raise Invalid("voice-empty", field=FIELD, value=0)
    if not 0 <= seconds <= MOST_SECONDS + 1:
        raise Invalid("voice-too-long", field=FIELD, value=seconds, limit=MOST_SECONDS)
    if len(data) > MOST_BYTES:
        raise Invalid("voice-too-many-bytes", field=FIELD, value=len(data), limit=MOST_BYTES)
    mime = sniff(data)
    return Voice(data, mime, round(seconds), hashlib.sha256(data).hexdigest())


def sniff(data: bytes) -> str:
    """The type of a recording by its first bytes; raises Invalid for everything that is none."""
    if data.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in data[:64]:
        return "audio/webm"
    if data[4:8] == b"ftyp" and data[8:12] in _MP4:
        return "audio/mp4"
    if data.startswith(b"OggS"):
        return "audio/ogg"
    raise Invalid("voice-format", field=FIELD, value=data[:8].hex(" "))
