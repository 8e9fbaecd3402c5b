"""Archives are opened without trusting what they say of themselves."""

import gzip
import zipfile

import pytest

from gridtrack.errors import Invalid
from gridtrack.geo.unpack import Limits, unpacked

SMALL = Limits(packed=10_000, unpacked=100_000)


def zipped(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return path


def refused(path, limits=SMALL):
    with pytest.raises(Invalid) as error, unpacked(path, limits):
        pass
    return error.value.code


def test_a_plain_file_is_itself(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text("{}")
    with unpacked(path, SMALL) as plain:
        assert plain == path


def test_gzip_is_opened_whatever_the_name(tmp_path):
    path = tmp_path / "grids.json"
    path.write_bytes(gzip.compress(b"hello"))
    with unpacked(path, SMALL) as plain:
        assert plain.read_bytes() == b"hello"


def test_what_was_unpacked_is_gone_afterwards(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"hello"))
    with unpacked(path, SMALL) as plain:
        pass
    assert not plain.exists()


def test_the_parts_of_a_shapefile_come_out_side_by_side(tmp_path):
    path = zipped(tmp_path / "a.zip", x__shp="1", x__dbf="2", x__prj="3", readme__txt="4")
    with unpacked(path, SMALL) as plain:
        assert sorted(p.suffix for p in plain.parent.iterdir()) == [".dbf", ".prj", ".shp"]


def test_a_path_in_an_archive_is_not_followed(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../evil.geojson", "{}")
    with unpacked(path, SMALL) as plain:
        assert plain.parent.parent != tmp_path.parent
        assert plain.name == "layer.geojson"


@pytest.mark.parametrize("count", [0, 2])
def test_an_archive_must_hold_one_data_set(tmp_path, count):
    members = {f"x{i}__geojson": "{}" for i in range(count)}
    assert refused(zipped(tmp_path / "a.zip", readme__txt="4", **members)) == "zip-content"


def test_a_gzip_bomb_is_stopped(tmp_path):
    path = tmp_path / "a.geojson.gz"
    path.write_bytes(gzip.compress(b"0" * 1_000_000))
    assert refused(path) == "file-unpacks-too-large"


def test_a_zip_bomb_is_stopped(tmp_path):
    assert refused(zipped(tmp_path / "a.zip", x__geojson="0" * 1_000_000)) == (
        "file-unpacks-too-large"
    )


def test_a_file_over_the_limit_is_not_opened(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_bytes(b"0" * 10_001)
    assert refused(path) == "file-too-large"


@pytest.mark.parametrize("damage", [b"\x1f\x8b rest", gzip.compress(b"hello" * 99, mtime=0)[:-9]])
def test_a_damaged_archive_is_told(tmp_path, damage):
    path = tmp_path / "a.gz"
    path.write_bytes(damage)
    assert refused(path) == "file-damaged"


def test_a_truncated_zip_is_told(tmp_path):
    path = zipped(tmp_path / "a.zip", x__geojson="{}")
    path.write_bytes(path.read_bytes()[:-10])
    assert refused(path) == "file-damaged"


def test_an_empty_file_is_told(tmp_path):
    (tmp_path / "a").touch()
    assert refused(tmp_path / "a") == "file-empty"


@pytest.mark.parametrize("name", ["absent", "."])
def test_what_is_no_file_is_told(tmp_path, name):
    assert refused(tmp_path / name) == "file-missing"
