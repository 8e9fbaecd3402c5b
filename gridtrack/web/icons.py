"""The sign of the product as PNG, for the home screens of phones that read no SVG."""

import io
from functools import lru_cache

from PIL import Image, ImageDraw

# As in static/favicon.svg, on a square of 32: the folded map, its two folds, its two borders.
_GROUND, _LINE = (11, 92, 173), (255, 255, 255)
_LINES = (
    ((6, 10), (13, 7), (20, 10), (26, 7), (26, 22), (20, 25), (13, 22), (6, 25), (6, 10)),
    ((13, 7), (13, 22)),
    ((20, 10), (20, 25)),
    ((6, 17), (13, 15), (20, 17), (26, 15)),
)
_FINE = 4  # drawn so much larger, then made small: Pillow draws no smooth lines
SIZES = (180, 192, 512)


@lru_cache(maxsize=8)
def icon(size: int, *, maskable: bool) -> bytes:
    """The sign as a square PNG; a maskable one keeps clear of the edge that a phone cuts off."""
    side = size * _FINE
    image = Image.new("RGB", (side, side), _GROUND)
    draw = ImageDraw.Draw(image)
    part = 0.72 if maskable else 1.0
    scale, shift = side / 32 * part, side * (1 - part) / 2
    for line in _LINES:
        points = [(x * scale + shift, y * scale + shift) for x, y in line]
        draw.line(points, fill=_LINE, width=round(2 * scale), joint="curve")
    out = io.BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()
