"""Numbers people read aloud, codes residents keep, and the tiles the map asks by. Pure."""

import hashlib
import hmac
import math
import re
from datetime import date

_NUMBER = re.compile(r"^(\d{6})-?(\d{5,18})$")  # more digits than that no key has
# No 0/O, 1/I/L: read over the phone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 6

TILE_ZOOM = 15  # a tile is about 1.2 km wide at the equator, 1.1 km at the sources' towns


def number(incident_id: int, day: date) -> str:
    """The public number: local day of the report and the row's id, `261122-00042`."""
    return f"{day:%y%m%d}-{incident_id:05d}"


def parse_number(text: str) -> int | None:
    """The incident id in a number as people type it (spaces, full width, no dash), or None."""
    plain = text.strip().translate(_HALF_WIDTH).replace(" ", "")
    found = _NUMBER.match(plain)
    return int(found.group(2)) if found else None


_HALF_WIDTH = {ord("０") + i: str(i) for i in range(10)} | {ord("－"): "-", ord("—"): "-"}


def tracking_code(secret: str, client_id: str) -> str:
    """The code a resident keeps: six letters and digits, the same for the same report.

    Derived, not drawn, so that sending a report again can answer with the first code although only
    its hash is stored.
    """
    digest = hmac.new(secret.encode(), f"track:{client_id}".encode(), hashlib.sha256).digest()
    return code_of(int.from_bytes(digest[:8], "big"))


def code_of(value: int) -> str:
    """Six letters and digits that can be read over the phone, from any large number."""
    letters = []
    for _ in range(CODE_LENGTH):
        value, letter = divmod(value, len(_ALPHABET))
        letters.append(_ALPHABET[letter])
    return "".join(letters)


def hash_code(code: str) -> str:
    """What is stored of a tracking code; case and spaces do not matter."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


def tile(lon: float, lat: float, zoom: int = TILE_ZOOM) -> int:
    """The Web-Mercator tile a WGS-84 point lies in, as one number: row * 2**zoom + column."""
    column, row = _tile_xy(lon, lat, zoom)
    return (row << zoom) + column


def tile_rows(
    box: tuple[float, float, float, float], zoom: int = TILE_ZOOM
) -> list[tuple[int, int]]:
    """The inclusive tile ranges, one a row, that cover (west, south, east, north)."""
    west, south, east, north = box
    left, top = _tile_xy(west, north, zoom)
    right, bottom = _tile_xy(east, south, zoom)
    return [((row << zoom) + left, (row << zoom) + right) for row in range(top, bottom + 1)]


def _tile_xy(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    side = 1 << zoom
    bounded = max(-85.0511, min(85.0511, lat))
    x = int((lon + 180) / 360 * side)
    y = int((1 - math.asinh(math.tan(math.radians(bounded))) / math.pi) / 2 * side)
    return max(0, min(side - 1, x)), max(0, min(side - 1, y))
