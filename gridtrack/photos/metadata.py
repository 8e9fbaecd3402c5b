"""When and where a photo says it was taken: read before everything of the kind is thrown away."""

import math
import re
import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from PIL import ExifTags, Image

# Whatever a camera, an app or a forger may have written where EXIF should be.
_UNREADABLE = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, ArithmeticError,
    AttributeError, struct.error,
)  # fmt: skip
_WGS84 = frozenset({"", "WGS84", "WGS1984"})
_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})")


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where there is none that can be read."""
    try:
        found = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _UNREADABLE:
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def taken_at(image: Image.Image, zone: tzinfo | None) -> datetime | None:
    """When the shutter opened, in UTC; `zone` stands in where the camera did not write its own."""
    try:
        exif = image.getexif()
        ifd = exif.get_ifd(ExifTags.IFD.Exif)
        shot = ifd.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
        offset = ifd.get(ExifTags.Base.OffsetTimeOriginal) or ifd.get(ExifTags.Base.OffsetTime)
        if shot is None:
            return _gps_time(exif.get_ifd(ExifTags.IFD.GPSInfo))
        # No zone in the text: it is put on in the next line.
        local = datetime.strptime(_text(shot), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
        where = _zone(_text(offset)) or zone
        return None if where is None else local.replace(tzinfo=where).astimezone(UTC)
    except _UNREADABLE:
        return None


def position(image: Image.Image) -> tuple[float, float] | None:
    """Where the camera stood, (lon, lat) in WGS-84 degrees; None where it is unknown or unusable.

    GNSS chips speak WGS-84; a camera that names another datum is not believed.
    """
    try:
        gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        datum = _text(gps.get(ExifTags.GPS.GPSMapDatum, "")).upper()
        if datum.replace("-", "").replace(" ", "") not in _WGS84:
            return None
        lon = _degrees(gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef], "EW")
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef], "NS")
    except _UNREADABLE:
        return None
    if not (abs(lon) <= 180 and abs(lat) <= 90) or (lon == 0 and lat == 0):
        return None
    return lon, lat


def _text(value: Any) -> str:
    text = value.decode("ascii") if isinstance(value, bytes) else str(value or "")
    return text.strip("\0 ")


def _zone(text: str) -> tzinfo | None:
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    offset = timedelta(hours=int(found.group(2)), minutes=int(found.group(3)))
    return timezone(-offset if found.group(1) == "-" else offset)


def _gps_time(gps: Mapping[int, Any]) -> datetime | None:
    date = _text(gps.get(ExifTags.GPS.GPSDateStamp))
    if not date:
        return None
    hours, minutes, seconds = (float(part) for part in gps[ExifTags.GPS.GPSTimeStamp])
    day = datetime.strptime(date, "%Y:%m:%d").replace(tzinfo=UTC)
    return day + timedelta(hours=hours, minutes=minutes, seconds=int(seconds))


def _degrees(parts: Sequence[Any], ref: Any, letters: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    letter = _text(ref).upper()
    if letter not in tuple(letters) or not math.isfinite(value):
        raise ValueError(letter)
    return value if letter == letters[0] else -value
