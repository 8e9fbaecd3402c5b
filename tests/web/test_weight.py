"""What the first look at a page costs: bytes of its built files, gzipped."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from gridtrack.web.assets import BUILT
from tests.builders import LAMP, Site
from tests.web.visitor import a_visitor

KB = 1024
BOARD = ("src/app.ts", "src/board.ts", "src/map.ts")  # the map is loaded by scripts, at once


def behind(manifest: dict[str, dict[str, object]], name: str) -> Iterator[str]:
    """A source, what it imports at once, and their style sheets; names of built files."""
    seen, waiting = set(), [name]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        entry = manifest[one]
        yield str(entry["file"])
        yield from entry.get("css", [])  # type: ignore[misc]
        waiting += entry.get("imports", [])  # type: ignore[operator]


def packed(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 9))


def test_the_board_weighs_at_most_200_kb_at_first_sight(lite: Site) -> None:
    manifest = json.loads((BUILT / "manifest.json").read_text())
    files = {file for source in BOARD for file in behind(manifest, source)}
    for _ in range(12):
        lite.report(LAMP)
    page = a_visitor(lite, "secretary-a", lang="zh").page("/board")
    whole = sum(packed(BUILT / file) for file in files) + len(gzip.compress(page.encode(), 5))
    assert whole <= 200 * KB, whole
