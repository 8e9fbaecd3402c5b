"""A voice note: what is one, by its first bytes alone."""

import pytest

from gridtrack.errors import Invalid
from gridtrack.voices.rules import MOST_BYTES, take

SOUNDS = {
    "audio/webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm",
    "audio/mp4": b"\0\0\0\x1cftypM4A \0\0\0\0",
    "audio/ogg": b"OggS\0\x02",
}


@pytest.mark.parametrize("mime", sorted(SOUNDS))
def test_a_recording_is_known_by_its_first_bytes(mime: str) -> None:
    assert take(SOUNDS[mime], 12.4).mime == mime


@pytest.mark.parametrize(
    ("data", "seconds", "code"),
    [
        (b"", 1, "voice-empty"),
        (b"\xff\xd8\xff\xe0", 1, "voice-format"),
        (b"\x1a\x45\xdf\xa3matroska", 1, "voice-format"),
        (b"OggS", 62, "voice-too-long"),
        (b"OggS", float("nan"), "voice-too-long"),
        (b"OggS" + b"\0" * MOST_BYTES, 1, "voice-too-many-bytes"),
    ],
)
def test_what_is_no_short_recording_is_refused(data: bytes, seconds: float, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        take(data, seconds)
    assert caught.value.code == code
