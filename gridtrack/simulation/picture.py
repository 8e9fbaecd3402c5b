"""Photos that made-up people take: plain drawings, so that nobody mistakes them for real ones."""

import io
import zlib

from PIL import Image, ImageDraw

from gridtrack.photos.rules import Photo
from gridtrack.usecases.add_photo import clean_photo
from gridtrack.work import Work

KINDS = 3  # so many different drawings of one category and stage
SIZE = (480, 360)
_SKIES = {"before": (92, 96, 110), "report": (92, 96, 110), "after": (176, 204, 224)}
_GROUNDS = {"before": (70, 66, 62), "report": (70, 66, 62), "after": (120, 138, 110)}
_WALLS = ((196, 164, 132), (160, 150, 170), (150, 170, 160), (186, 186, 170))


def photo(work: Work, category: str, stage: str, number: int = 0) -> Photo:
    """A drawn photo as the product keeps it; cleaned once, then remembered."""
    kind = number % KINDS
    key = ("drawn-photo", category, stage, kind)
    return work.memo.get(key, lambda: clean_photo(work.settings, picture(category, stage, kind)))


def picture(category: str, stage: str, number: int = 0) -> bytes:
    """A drawn JPEG of a house front with a lamp: dark and crossed out before, lit after.

    The same category, stage and number give the same bytes.
    """
    turn = zlib.crc32(f"{category}/{number}".encode())
    image = Image.new("RGB", SIZE, _SKIES[stage])
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 290, *SIZE), fill=_GROUNDS[stage])
    left = 40 + turn % 60
    draw.rectangle((left, 90, left + 230, 290), fill=_WALLS[turn % len(_WALLS)])
    for column in range(4):
        for row in range(3):
            x, y = left + 20 + column * 52, 110 + row * 58
            lit = stage == "after" and (turn >> (column * 3 + row)) & 1
            draw.rectangle((x, y, x + 30, y + 36), fill=(250, 226, 140) if lit else (52, 60, 74))
    _lamp(draw, lit=stage == "after")
    if stage != "after":
        draw.ellipse((300, 200, 380, 280), outline=(208, 48, 48), width=6)
    found = io.BytesIO()
    image.save(found, "JPEG", quality=80)
    return found.getvalue()


def _lamp(draw: ImageDraw.ImageDraw, *, lit: bool) -> None:
    draw.rectangle((396, 110, 404, 290), fill=(60, 60, 60))
    draw.ellipse((376, 80, 424, 122), fill=(255, 240, 170) if lit else (40, 44, 50))
