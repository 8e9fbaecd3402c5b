"""Photos come out clean and small, or the error says what was wrong with them."""

import io
import stat
import struct
import zlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms, ImageDraw, PngImagePlugin

from gridtrack.errors import Invalid, NotFound
from gridtrack.photos.files import open_photo, path_of, put
from gridtrack.photos.rules import PhotoLimits, process

# Pillow says aloud what it found; the photo is judged by what comes out.
PILLOW_TALKS = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

LIMITS = PhotoLimits()
SHOUNING = (119.506, 27.459)


def a_picture(width=640, height=480, mode="RGB"):
    """Left half red, right half blue, a green mark at the top left: which way up it is shows."""
    image = Image.new("RGB", (width, height), "red")
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 2, 0, width, height), fill="blue")
    draw.rectangle((0, 0, width // 8, height // 8), fill="lime")
    return image.convert(mode)


def a_file(image=None, kind="JPEG", **options):
    out = io.BytesIO()
    (image or a_picture()).save(out, kind, **options)
    return out.getvalue()


def an_exif(*, orientation=1, lon=SHOUNING[0], lat=SHOUNING[1], datum=None, **texts):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "SecretPhoneCo"
    exif[ExifTags.Base.Artist] = "Zhang San"
    gps = {
        ExifTags.GPS.GPSLatitudeRef: "N" if lat >= 0 else "S",
        ExifTags.GPS.GPSLatitude: as_dms(lat),
        ExifTags.GPS.GPSLongitudeRef: "E" if lon >= 0 else "W",
        ExifTags.GPS.GPSLongitude: as_dms(lon),
    }
    if datum is not None:
        gps[ExifTags.GPS.GPSMapDatum] = datum
    shot = {getattr(ExifTags.Base, name): value for name, value in texts.items()}
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(gps)
    exif.get_ifd(ExifTags.IFD.Exif).update(shot)
    return exif


def as_dms(degrees):
    degrees = abs(degrees)
    minutes = degrees % 1 * 60
    return (float(int(degrees)), float(int(minutes)), minutes % 1 * 60)


def a_heic(image=None, **options):
    out = io.BytesIO()
    pillow_heif.from_pillow(image or a_picture()).save(out, format="HEIF", quality=60, **options)
    return out.getvalue()


def opened(photo):
    return Image.open(io.BytesIO(photo.jpeg))


def colour_at(image, x, y):
    red, green, blue = image.convert("RGB").getpixel((x, y))
    return max((red, "red"), (green, "lime"), (blue, "blue"))[1]


def code_of(data, limits=LIMITS):
    with pytest.raises(Invalid) as caught:
        process(data, limits)
    assert caught.value.field == "photo"
    return caught.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_photo_of_each_format_comes_out_as_jpeg(kind):
    assert opened(process(a_file(kind=kind), LIMITS)).format == "JPEG"


def test_a_heic_comes_out_as_jpeg():
    assert opened(process(a_heic(), LIMITS)).format == "JPEG"


def test_width_and_height_are_those_of_the_kept_picture():
    photo = process(a_file(a_picture(4000, 3000)), LIMITS)
    assert (photo.width, photo.height) == opened(photo).size == (1600, 1200)


def test_a_small_picture_is_not_blown_up():
    assert process(a_file(a_picture(200, 100)), LIMITS).width == 200


def test_the_thumbnail_is_small():
    thumb = Image.open(io.BytesIO(process(a_file(a_picture(2000, 1000)), LIMITS).thumb))
    assert thumb.size == (320, 160)


def test_the_same_file_makes_the_same_photo():
    assert process(a_file(), LIMITS) == process(a_file(), LIMITS)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(orientation):
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    held = a_picture()
    if orientation in undo:
        held = held.transpose(undo[orientation])
    data = a_file(held, exif=an_exif(orientation=orientation))
    image = opened(process(data, LIMITS))
    assert image.size == (640, 480)
    assert [colour_at(image, *at) for at in ((20, 20), (20, 400), (600, 240))] == [
        "lime", "red", "blue",
    ]  # fmt: skip


def test_a_turned_heic_is_turned_once():
    held = a_picture().transpose(Image.Transpose.ROTATE_90)
    data = a_heic(held, exif=an_exif(orientation=6).tobytes())
    image = opened(process(data, LIMITS))
    assert (image.size, colour_at(image, 20, 20)) == ((640, 480), "lime")


@pytest.mark.parametrize("make", [a_file, a_heic], ids=["jpeg", "heic"])
def test_the_place_is_read_before_it_is_thrown_away(make):
    photo = process(make(exif=an_exif().tobytes()), LIMITS)
    assert (photo.lon, photo.lat) == pytest.approx(SHOUNING, abs=1e-6)


def test_west_and_south_are_negative():
    photo = process(a_file(exif=an_exif(lon=-58.4, lat=-34.6)), LIMITS)
    assert (photo.lon, photo.lat) == pytest.approx((-58.4, -34.6), abs=1e-6)


@pytest.mark.parametrize("datum", ["WGS-84", "WGS84", "wgs 84"])
def test_a_camera_that_names_wgs84_is_believed(datum):
    assert process(a_file(exif=an_exif(datum=datum)), LIMITS).lon is not None


def test_a_camera_that_names_another_datum_is_not_believed():
    assert process(a_file(exif=an_exif(datum="TOKYO")), LIMITS).lon is None


@pytest.mark.parametrize(("lon", "lat"), [(0, 0), (190, 10), (10, 91)])
def test_a_place_that_cannot_be_is_no_place(lon, lat):
    assert process(a_file(exif=an_exif(lon=lon, lat=lat)), LIMITS).lon is None


def test_a_photo_without_exif_has_no_place_and_no_time():
    photo = process(a_file(), LIMITS)
    assert (photo.lon, photo.lat, photo.taken_at) == (None, None, None)


def test_the_time_is_utc_by_the_offset_of_the_camera():
    exif = an_exif(DateTimeOriginal="2026:05:04 08:30:00", OffsetTimeOriginal="+08:00")
    taken = process(a_file(exif=exif), LIMITS).taken_at
    assert taken == datetime(2026, 5, 4, 0, 30, tzinfo=UTC)


def test_a_camera_without_an_offset_is_in_the_given_zone():
    exif = an_exif(DateTimeOriginal="2026:05:04 08:30:00")
    limits = PhotoLimits(zone=ZoneInfo("Asia/Shanghai"))
    assert process(a_file(exif=exif), limits).taken_at == datetime(2026, 5, 4, 0, 30, tzinfo=UTC)


def test_without_offset_and_zone_the_time_is_unknown():
    exif = an_exif(DateTimeOriginal="2026:05:04 08:30:00")
    assert process(a_file(exif=exif), LIMITS).taken_at is None


def test_a_time_that_is_none_is_unknown():
    exif = an_exif(DateTimeOriginal="yesterday", OffsetTimeOriginal="+08:00")
    assert process(a_file(exif=exif), LIMITS).taken_at is None


@PILLOW_TALKS
def test_exif_that_cannot_be_read_does_not_lose_the_photo():
    assert process(a_file(exif=b"Exif\0\0II*\0\xff\xff\xff\xff garbage"), LIMITS).lon is None


@pytest.mark.parametrize("make", [a_file, a_heic], ids=["jpeg", "heic"])
def test_no_exif_is_left_in_the_bytes(make):
    exif = an_exif(DateTimeOriginal="2026:05:04 08:30:00").tobytes()
    photo = process(make(exif=exif), LIMITS)
    for data in (photo.jpeg, photo.thumb):
        assert dict(Image.open(io.BytesIO(data)).getexif()) == {}
        for secret in (b"Exif", b"SecretPhoneCo", b"Zhang San", b"2026:05:04"):
            assert secret not in data


def test_no_xmp_is_left_in_the_bytes():
    xmp = b"<x:xmpmeta><dc:creator>Zhang San</dc:creator></x:xmpmeta>"
    data = a_file(xmp=xmp)
    assert b"Zhang San" in data
    assert b"Zhang San" not in process(data, LIMITS).jpeg


def test_no_comment_is_left_in_the_bytes():
    data = a_file(comment=b"Room 301")
    assert b"Room 301" in data
    assert b"Room 301" not in process(data, LIMITS).jpeg


def test_no_png_text_is_left_in_the_bytes():
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Zhang San")
    assert b"Zhang San" not in process(a_file(kind="PNG", pnginfo=info), LIMITS).jpeg


def test_bytes_after_the_end_of_the_picture_are_not_kept():
    assert b"PK hidden zip" not in process(a_file() + b"PK hidden zip", LIMITS).jpeg


def test_no_colour_profile_is_left_in_the_bytes():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = process(a_file(icc_profile=profile), LIMITS)
    assert "icc_profile" not in opened(photo).info


def test_a_broken_colour_profile_does_not_lose_the_photo():
    assert process(a_file(icc_profile=b"no profile at all" * 20), LIMITS).width == 640


def test_a_profile_of_another_colour_model_does_not_lose_the_photo():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert process(a_file(icc_profile=profile), LIMITS).width == 640


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("L", "JPEG"), ("CMYK", "JPEG"), ("P", "PNG"), ("1", "PNG"), ("RGBA", "PNG"), ("I;16", "PNG"),
     ("LA", "PNG"), ("RGBA", "WEBP")],
)  # fmt: skip
def test_every_colour_mode_comes_out_as_a_picture(mode, kind):
    image = a_picture(mode="L").convert(mode) if mode == "I;16" else a_picture(mode=mode)
    assert opened(process(a_file(image, kind), LIMITS)).size == (640, 480)


def test_see_through_parts_come_out_white():
    clear = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    assert min(opened(process(a_file(clear, "PNG"), LIMITS)).getpixel((50, 50))) > 250


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_kept(kind):
    frames = [Image.new("RGB", (100, 100), colour) for colour in ("red", "blue", "blue")]
    data = a_file(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    assert colour_at(opened(process(data, LIMITS)), 50, 50) == "red"


def test_of_a_phones_double_picture_the_first_is_kept():
    frames = [Image.new("RGB", (100, 100), colour) for colour in ("red", "blue")]
    data = a_file(frames[0], "MPO", save_all=True, append_images=frames[1:])
    assert colour_at(opened(process(data, LIMITS)), 50, 50) == "red"


def test_a_large_jpeg_is_decoded_small():
    assert process(a_file(a_picture(8000, 7000)), LIMITS).width == 1600


def test_a_wide_thin_picture_keeps_at_least_a_pixel():
    assert process(a_file(a_picture(20_000, 64)), LIMITS).height >= 1


# --- what is refused -----------------------------------------------------------------------------


def test_an_empty_file_is_refused():
    assert code_of(b"") == "photo-empty"


@pytest.mark.parametrize(
    "text",
    ["<!DOCTYPE html><p>hi", "  \n<html><body>", "\ufeff<HTML>", "<script>alert(1)</script>"],
)
def test_html_by_any_name_is_refused(text):
    assert code_of(text.encode()) == "photo-html"


@pytest.mark.parametrize(
    "text",
    ["<svg xmlns='http://www.w3.org/2000/svg'/>", "<?xml version='1.0'?>\n<!-- a --><svg/>"],
)
def test_svg_is_refused(text):
    assert code_of(text.encode()) == "photo-svg"


@pytest.mark.parametrize(
    "data",
    [a_file(kind="TIFF"), a_file(kind="BMP"), b"%PDF-1.7 ...",
     b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", a_file(kind="JPEG2000")],
    ids=["tiff", "bmp", "pdf", "video", "jpeg2000"],
)  # fmt: skip
def test_a_format_that_is_known_and_not_taken_is_named(data):
    assert code_of(data) == "photo-format"


@pytest.mark.parametrize("data", [b"hello", b"PK\x03\x04", b"\0" * 100, b"MZ", b"ftyp"])
def test_bytes_that_are_no_picture_are_refused(data):
    assert code_of(data) == "photo-unknown"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_a_truncated_file_is_refused(kind, share):
    data = a_file(Image.effect_noise((640, 480), 80).convert("RGB"), kind)
    assert code_of(data[: int(len(data) * share)]) == "photo-broken"


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_heic_is_refused(share):
    data = a_heic(Image.effect_noise((640, 480), 80).convert("RGB"))
    assert code_of(data[: int(len(data) * share)]) == "photo-broken"


@pytest.mark.parametrize("size", [(1, 1), (63, 63), (64, 63), (5000, 10)])
def test_a_picture_too_small_to_show_anything_is_refused(size):
    assert code_of(a_file(Image.new("RGB", size))) == "photo-too-small"


def test_a_small_heic_is_refused():
    assert code_of(a_heic(Image.new("RGB", (32, 32)))) == "photo-too-small"


def test_a_picture_of_the_smallest_size_is_taken():
    assert process(a_file(Image.new("RGB", (64, 64))), LIMITS).width == 64


def test_too_many_bytes_are_refused_before_anything_else():
    assert code_of(b"\0" * 200, PhotoLimits(max_bytes=100)) == "photo-too-many-bytes"


def test_too_many_pixels_are_refused():
    assert code_of(a_file(), PhotoLimits(max_pixels=1000)) == "photo-too-many-pixels"


def test_too_many_pixels_of_a_heic_are_refused():
    assert code_of(a_heic(), PhotoLimits(max_pixels=1000)) == "photo-too-many-pixels"


def test_a_screen_format_may_have_fewer_pixels():
    limits = PhotoLimits(max_screen_pixels=1000)
    assert code_of(a_file(kind="WEBP"), limits) == "photo-too-many-pixels"


def test_a_camera_format_is_not_held_to_the_limit_of_screens():
    assert process(a_file(), PhotoLimits(max_screen_pixels=1000)).width == 640


def test_the_error_shows_the_size_and_the_limit():
    with pytest.raises(Invalid) as caught:
        process(a_file(), PhotoLimits(max_pixels=1000))
    assert caught.value.params == {"field": "photo", "value": "640x480", "limit": 1000}


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_a_decompression_bomb_is_refused_unopened(side):
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)

    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    assert code_of(data) == "photo-too-many-pixels"


@PILLOW_TALKS
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_a_photo_or_an_error_of_ours(data):
    kind = data.draw(st.sampled_from(sorted(DAMAGEABLE)))
    file = bytearray(DAMAGEABLE[kind])
    spots = st.tuples(st.integers(0, len(file) - 1), st.integers(0, 255))
    for at, byte in data.draw(st.lists(spots, min_size=1, max_size=12)):
        file[at] = byte
    try:
        width = process(bytes(file), LIMITS).width
    except Invalid as fault:
        width = len(fault.code)
    assert width > 0


DAMAGEABLE = {
    "jpeg": a_file(a_picture(96, 80), exif=an_exif(DateTimeOriginal="2026:05:04 08:30:00")),
    "png": a_file(a_picture(96, 80), "PNG"),
    "webp": a_file(a_picture(96, 80), "WEBP"),
    "gif": a_file(a_picture(96, 80), "GIF"),
    "avif": a_file(a_picture(96, 80), "AVIF"),
    "heic": a_heic(a_picture(96, 80)),
}


# --- the store -----------------------------------------------------------------------------------


def a_photo():
    return process(a_file(), LIMITS)


def test_a_photo_is_named_by_its_content(tmp_path):
    photo = a_photo()
    assert put(tmp_path, photo) == f"{photo.sha256[:2]}/{photo.sha256}.jpg"


def test_what_is_put_can_be_opened(tmp_path):
    photo = a_photo()
    with open_photo(tmp_path, put(tmp_path, photo)) as file:
        assert file.read() == photo.jpeg


def test_the_thumbnail_lies_beside_the_photo(tmp_path):
    photo = a_photo()
    with open_photo(tmp_path, put(tmp_path, photo), thumb=True) as file:
        assert file.read() == photo.thumb


def test_a_photo_has_a_path_for_web_servers_that_send_files(tmp_path):
    photo = a_photo()
    assert path_of(tmp_path, put(tmp_path, photo)).read_bytes() == photo.jpeg


def test_the_same_photo_twice_is_one_file(tmp_path):
    put(tmp_path, a_photo())
    put(tmp_path, a_photo())
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2


def test_photos_are_not_for_every_user_of_the_machine(tmp_path):
    path = tmp_path / put(tmp_path, a_photo())
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.parent.stat().st_mode & 0o007 == 0


def test_nothing_half_written_is_left(tmp_path, monkeypatch):
    def full_disk(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        put(tmp_path, a_photo())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "name",
    ["../secret_key", "/etc/passwd", "ab/../../secret_key", "ab/cd.jpg", "", "ab",
     f"ab/{'0' * 64}.jpg", f"00/{'0' * 64}.jpg\n", f"00/{'0' * 64}.png", f"00\\{'0' * 64}.jpg",
     f"00/{'0' * 64}.jpg/../x", "00/" + "é" * 64 + ".jpg"],
)  # fmt: skip
def test_any_other_name_is_not_found(tmp_path, name):
    (tmp_path / "secret_key").write_text("secret")
    with pytest.raises(NotFound, match="photo-not-found"):
        open_photo(tmp_path / "photos", name)


def test_a_photo_that_is_not_there_is_not_found(tmp_path):
    with pytest.raises(NotFound, match="photo-not-found"):
        open_photo(tmp_path, f"00/{'0' * 64}.jpg")
