"""What the steps of an import show, out of what its tasks found."""

import gzip
import json
from pathlib import Path
from typing import Any

from gridtrack.errors import NotFound
from gridtrack.geo.datum import Datum
from gridtrack.grids.explain import explain, shown_size
from gridtrack.grids.findings import fault_of
from gridtrack.grids.rules import LEVELS, TOLERANCE_M
from gridtrack.http.context import locale
from gridtrack.imports.rules import FIELDS, FINDINGS, WINDOWS
from gridtrack.queries.imports import ImportPage
from gridtrack.tasks import files
from gridtrack.web.choices import DATUM_WORDS
from gridtrack.web.gettext import gettext
from gridtrack.web.stories import kind_word

FAULTS_SHOWN = 100


def preview_file(folder: Path, datum: str) -> Path:
    """Where the preview in a datum lies; raises NotFound."""
    path = folder / f"preview-{datum}.json.gz"
    if datum not in set(Datum) or not path.is_file():
        raise NotFound("http-404")
    return path


def place(page: ImportPage, instance: Path) -> dict[str, Any]:
    """The datums to choose from, with their pictures and distances."""
    if page.looked is None:
        return {"choices": [], "windows": None, "extent": ""}
    path = files.folder_of(instance, page.folder) / WINDOWS
    windows = json.loads(path.read_text("utf-8"))
    metres = page.looked["metres"]
    best = min(metres, key=lambda datum: metres[datum]) if metres else ""
    choices = [
        {
            "datum": datum.value,
            "word": DATUM_WORDS[datum],
            "hint": _hint(datum),
            "metres": metres.get(datum.value),
            "best": bool(metres) and metres[datum.value] <= metres[best] + 1.0,
            "path": windows["paths"].get(datum.value, ""),
        }
        for datum in Datum
    ]
    extent = ",".join(f"{edge:.6f}" for edge in page.looked["extent"])
    return {"choices": choices, "windows": windows, "extent": extent}


def _hint(datum: str) -> str:
    hints = {
        "wgs84": gettext("satellites, phones, most international files"),
        "gcj02": gettext("Amap, Tencent and other maps made in China"),
        "bd09": gettext("Baidu maps"),
        "cgcs2000": gettext("surveys and the authorities of China; equals WGS-84 within a metre"),
    }
    return hints[datum]


def field_choices(page: ImportPage) -> dict[str, Any]:
    """What the form of the columns holds before anything is typed: said before, else guessed."""
    said = page.said.get("fields")
    guessed = (page.looked or {}).get("guess", {})
    fields = {name: said.get(name, "") if said else guessed.get(name, "") for name in FIELDS}
    rule = {
        "tolerance": page.said.get("tolerance_m", f"{TOLERANCE_M:g}"),
        "depth": page.said.get("depth", str(LEVELS)),
    }
    return {**fields, **rule}


def draft_said(page: ImportPage) -> dict[str, Any]:
    """How the draft is called before anybody says so: by its file."""
    stem = str(page.files[0]["name"]).split(".")[0] if page.files else ""
    return {
        "name": page.said.get("name") or stem,
        "note": page.said.get("note", ""),
        "accept": page.said.get("accept", []),
    }


def findings(page: ImportPage, instance: Path) -> dict[str, Any]:
    """The kinds of faults with how many there are and the largest, and the first of them."""
    if page.checked is None:
        return {"kinds": [], "faults": [], "more": 0}
    path = files.folder_of(instance, page.folder) / FINDINGS
    rows = json.loads(gzip.decompress(path.read_bytes()))
    faults = [fault_of(row) for row in rows]
    kinds = []
    for code, count in page.checked["summary"].items():
        largest = max((f for f in faults if f.code == code), key=lambda fault: fault.size)
        said = {"word": kind_word(code), "largest": shown_size(largest)}
        kinds.append({"code": code, "count": count, **said})
    told = [
        {"code": fault.code.value, "text": explain(fault, locale()), "place": fault.place}
        for fault in faults[:FAULTS_SHOWN]
    ]
    return {"kinds": kinds, "faults": told, "more": len(faults) - len(told)}
