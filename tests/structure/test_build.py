"""The build: the front end is made once, and a wheel carries all that the program reads."""

import io
import os
import subprocess
import sys
import zipfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from babel.messages.mofile import read_mo
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parents[2]
SPEC = spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
hook = module_from_spec(SPEC)
SPEC.loader.exec_module(hook)


class FakeNode:
    """Does what npm and Vite leave behind, and remembers being asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, front: Path, script: Path, arguments: list[str]) -> None:
        self.asked.append(f"{script.name} {arguments[0]}")
        if arguments[0] == "build":
            out = Path(arguments[2])
            out.mkdir(parents=True, exist_ok=True)
            (out / "app.js").write_text((front / "src/app.ts").read_text())


def a_front_end(root: Path) -> Path:
    front = root / "frontend"
    (front / "src").mkdir(parents=True)
    (front / "package.json").write_text("{}")
    (front / "package-lock.json").write_text("{}")
    (front / "src/app.ts").write_text("one")
    return front


def test_a_new_tree_runs_npm_and_vite(tmp_path):
    a_front_end(tmp_path)
    node = FakeNode()
    hook.build_front_end(tmp_path, node)
    assert (node.asked, (tmp_path / hook.DIST / "app.js").read_text()) == (
        ["npm ci", "vite.js build"],
        "one",
    )


def test_an_unchanged_front_end_is_not_built_again(tmp_path):
    a_front_end(tmp_path)
    hook.build_front_end(tmp_path, FakeNode())
    node = FakeNode()
    hook.build_front_end(tmp_path, node)
    assert node.asked == []


def test_a_changed_source_is_built_without_npm(tmp_path):
    front = a_front_end(tmp_path)
    hook.build_front_end(tmp_path, FakeNode())
    (front / "src/app.ts").write_text("two")
    node = FakeNode()
    hook.build_front_end(tmp_path, node)
    assert (node.asked, (tmp_path / hook.DIST / "app.js").read_text()) == (["vite.js build"], "two")


def test_a_changed_npm_lock_is_installed(tmp_path):
    front = a_front_end(tmp_path)
    hook.build_front_end(tmp_path, FakeNode())
    (front / "package-lock.json").write_text('{"lockfileVersion": 3}')
    node = FakeNode()
    hook.build_front_end(tmp_path, node)
    assert node.asked == ["npm ci", "vite.js build"]


def test_a_tree_without_a_front_end_has_nothing_to_build(tmp_path):
    node = FakeNode()
    hook.build_front_end(tmp_path, node)
    assert node.asked == []


def test_a_catalogue_is_compiled(tmp_path):
    source = tmp_path / hook.LOCALE / "zh/LC_MESSAGES/messages.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid "grid"\nmsgstr "网格"\n', encoding="utf-8")
    hook.compile_catalogues(tmp_path)
    compiled = read_mo(io.BytesIO(source.with_suffix(".mo").read_bytes()))
    assert compiled["grid"].string == "网格"


def expected_in_a_wheel() -> set[str]:
    """Every tracked-looking file that the program reads while it runs, at its place in a wheel."""
    kinds = {".py", ".toml", ".html", ".txt", ".xml", ".sql", ".mako", ".json", ".mo", ".geojson"}
    folders = {"gridtrack": "gridtrack", **hook.PACKED}
    return {
        f"{into}/{file.relative_to(ROOT / name).as_posix()}"
        for name, into in folders.items()
        for file in (ROOT / name).rglob("*")
        if file.suffix in kinds and "__pycache__" not in file.parts
    }


def test_a_wheel_carries_all_that_the_program_reads(tmp_path):
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    names = set(zipfile.ZipFile(wheel).namelist())
    front = {"gridtrack/web/static/dist/manifest.json"} if (ROOT / "frontend").exists() else set()
    assert (expected_in_a_wheel() | front) - names == set()


def test_an_installed_wheel_finds_its_migrations(tmp_path):
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    ask = "from gridtrack.db.migrations import script_location as s; print(s(), s().is_dir())"
    told = subprocess.check_output(
        [sys.executable, "-c", ask],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        text=True,
    )
    packed = tmp_path / "site/gridtrack/_migrations"
    assert told.split() == [str(packed), "True"]


def test_a_source_distribution_can_be_built_without_node(tmp_path):
    archive = next(SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    subprocess.run(["tar", "-xf", archive, "-C", tmp_path], check=True)
    unpacked = next(path for path in tmp_path.iterdir() if path.is_dir())
    assert hook.is_built(unpacked)
    assert hook.Build(str(unpacked), {}, None, None, str(tmp_path), "wheel").dependencies() == []
