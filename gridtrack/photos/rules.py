"""What may come in as a photo, and the clean JPEG that is kept of it. Pure: bytes in, value out.

The name and the declared type of a file are not looked at. Sizes are checked before pixels are
decoded. What is kept is painted anew, so nothing hidden in the file survives.
"""

import hashlib
import io
import struct
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

import pillow_heif
from PIL import Image, ImageCms

from gridtrack.errors import Invalid
from gridtrack.photos.metadata import orientation, position, taken_at

FIELD = "photo"

# What decoders raise on a file that is cut off or made to hurt.
_BROKEN = (
    OSError, SyntaxError, ValueError, RuntimeError, EOFError, TypeError, KeyError, IndexError,
    ArithmeticError, struct.error,
)  # fmt: skip
_MAGIC = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
)
# Known, and not taken: each costs a decoder that somebody must keep safe.
_REFUSED = (
    (b"%PDF", "PDF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
    (b"8BPS", "PSD"),
    (b"\0\0\0\x0cjP", "JPEG 2000"),
    (b"\x1a\x45\xdf\xa3", "video"),
)
_HEIF = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF = frozenset({b"avif", b"avis"})
_TURN = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SCREEN = frozenset({"PNG", "WEBP", "GIF", "AVIF"})
_PLAIN = frozenset({"L", "LA", "RGB", "RGBA", "CMYK"})


@dataclass(frozen=True, slots=True)
class PhotoLimits:
    """How large a photo may come in and how large it is kept; sides in pixels."""

    max_bytes: int = 20_000_000
    max_pixels: int = 60_000_000
    # Formats of screens: no camera writes them, and they cost up to 16 bytes a pixel to decode.
    max_screen_pixels: int = 25_000_000
    min_side: int = 64
    longest_side: int = 1600
    thumb_side: int = 320
    quality: int = 82
    zone: tzinfo | None = None  # the zone of cameras that write none


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is kept; `lon`/`lat` in WGS-84 degrees, `taken_at` in UTC, as the file said."""

    jpeg: bytes = field(repr=False)
    thumb: bytes = field(repr=False)
    width: int
    height: int
    sha256: str
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


def process(data: bytes, limits: PhotoLimits) -> Photo:
    """The clean photo in `data`, the first frame where there are several.

    Raises Invalid: photo-empty, photo-too-many-bytes, photo-html, photo-svg, photo-format,
    photo-unknown, photo-broken, photo-too-many-pixels, photo-too-small.
    """
    if not data:
        raise Invalid("photo-empty", field=FIELD, value=0)
    if len(data) > limits.max_bytes:
        raise Invalid("photo-too-many-bytes", field=FIELD, value=len(data), limit=limits.max_bytes)
    kind = sniff(data)
    try:
        with _open(data, kind, limits) as image:
            where = position(image) or (None, None)
            when = taken_at(image, limits.zone)
            clean = _repaint(image, limits)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        limit = limits.max_pixels
        raise Invalid("photo-too-many-pixels", field=FIELD, value="?", limit=limit) from error
    except _BROKEN as error:
        raise Invalid("photo-broken", field=FIELD, value=kind) from error
    jpeg = _jpeg(clean, limits.quality)
    size = clean.size
    clean.thumbnail((limits.thumb_side, limits.thumb_side), Image.Resampling.LANCZOS)
    return Photo(
        jpeg=jpeg,
        thumb=_jpeg(clean, limits.quality),
        width=size[0],
        height=size[1],
        sha256=hashlib.sha256(jpeg).hexdigest(),
        taken_at=when,
        lon=where[0],
        lat=where[1],
    )


def sniff(data: bytes) -> str:
    """The format of a photo by its first bytes; raises Invalid for everything that is none."""
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return _sniff_box(data)
    raise _refusal(data)


def _refusal(data: bytes) -> Invalid:
    """Why these bytes are no photo, as exactly as can be told."""
    for magic, name in _REFUSED:
        if data.startswith(magic):
            return Invalid("photo-format", field=FIELD, value=name)
    text = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(b"<") and b"<svg" in text:
        return Invalid("photo-svg", field=FIELD, value="SVG")
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")):
        return Invalid("photo-html", field=FIELD, value="HTML")
    return Invalid("photo-unknown", field=FIELD, value=data[:8].hex(" "))


def _sniff_box(data: bytes) -> str:
    """HEIF and AVIF share a container with videos; the brands tell which it is."""
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[at : at + 4] for at in (8, *range(16, length, 4))}
    if brands & _AVIF:
        return "AVIF"
    if brands & _HEIF:
        return "HEIF"
    raise Invalid("photo-format", field=FIELD, value="video")


def _open(data: bytes, kind: str, limits: PhotoLimits) -> Image.Image:
    """The image, its size checked; Pillow decodes later, HEIF has to be decoded here."""
    pixels = limits.max_pixels
    if kind in _SCREEN:
        pixels = min(pixels, limits.max_screen_pixels)
    if kind == "HEIF":
        heif = pillow_heif.open_heif(io.BytesIO(data))
        _check_size(heif.size, pixels, limits.min_side)
        image: Image.Image = heif.to_pillow()
    else:
        image = Image.open(io.BytesIO(data), formats=(kind,))
    _check_size(image.size, pixels, limits.min_side)
    return image


def _check_size(size: tuple[int, int], pixels: int, side: int) -> None:
    shown = f"{size[0]}x{size[1]}"
    if size[0] * size[1] > pixels:
        raise Invalid("photo-too-many-pixels", field=FIELD, value=shown, limit=pixels)
    if min(size) < side:
        raise Invalid("photo-too-small", field=FIELD, value=shown, limit=side)


def _repaint(image: Image.Image, limits: PhotoLimits) -> Image.Image:
    """The first frame in upright sRGB, no longer than allowed, with nothing but pixels in it."""
    turn = _TURN.get(orientation(image))
    profile = image.info.get("icc_profile")
    side = limits.longest_side
    longest = max(image.size)
    width, height = (max(1, side * part // longest) for part in image.size)
    image.draft("RGB", (width, height))  # a JPEG is decoded small at once: a tenth of the memory
    image.load()
    if image.mode not in _PLAIN:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if turn is not None:
        image = image.transpose(turn)
    clean = _to_srgb(_on_white(image), profile)
    clean.info = {}  # comments and XMP would be written again from here
    return clean


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode not in ("LA", "RGBA"):
        return image
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as everybody sees them; phones shoot in wider spaces, and the profile goes away."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            found = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            found = None  # a profile of another colour model, or none at all
        if found is not None:
            return found
    return image.convert("RGB")


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
