"""Where the built front end lies: source names to hashed files, as Vite's manifest says."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import url_for

from gridtrack.errors import Unavailable

BUILT = Path(__file__).parent / "static" / "dist"


def _manifest() -> dict[str, dict[str, Any]]:
    path = BUILT / "manifest.json"
    if not path.is_file():
        raise Unavailable("front-end-not-built", path=str(path))
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: Path, _written: int) -> dict[str, dict[str, Any]]:
    # Keyed by when it was written: a build beside a running server is seen with the next page.
    found: dict[str, dict[str, Any]] = json.loads(path.read_text())
    return found


def file_of(source: str) -> str:
    """The built file of a source, `src/app.ts`, below `BUILT`; raises Unavailable unbuilt."""
    return str(_manifest()[source]["file"])


def asset(source: str) -> str:
    """The address of the built file of a source; raises Unavailable unbuilt."""
    return url_for("static", filename=f"dist/{file_of(source)}")


def asset_styles(source: str) -> list[str]:
    """The addresses of the style sheets that a source brings with it, or imports at once."""
    entries = _manifest()
    sheets: dict[str, None] = {}
    waiting = [source]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        sheets = {**dict.fromkeys(entries[name].get("css", [])), **sheets}  # its imports' before it
        waiting += [one for one in entries[name].get("imports", []) if one not in seen]
    return [url_for("static", filename=f"dist/{sheet}") for sheet in sheets]


def asset_preloads(source: str, *, deep: bool = False) -> list[str]:
    """The addresses of the files that a source imports at once: asked for early, not in turn.

    `deep` follows the imports of imports; what is imported only when it is needed stays out.
    """
    entries = _manifest()
    names: dict[str, None] = dict.fromkeys(entries[source].get("imports", []))
    waiting = [source, *names] if deep else []
    while waiting:
        more = entries[waiting.pop()].get("imports", [])
        waiting += [name for name in more if name not in names and name != source]
        names |= dict.fromkeys(name for name in more if name != source)
    return [url_for("static", filename=f"dist/{entries[name]['file']}") for name in names]
