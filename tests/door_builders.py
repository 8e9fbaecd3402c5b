"""A small book of door plates over the street of the builders."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from gridtrack.addresses import store
from gridtrack.addresses.columns import Meaning, guessed
from gridtrack.sheets.sheet import open_sheet
from gridtrack.usecases.import_doors import Result, import_doors
from tests.builders import Site, middle

FIELDS = ("address", "road", "number", "estate", "building", "unit", "aliases", "lon", "lat",
          "households", "key")  # fmt: skip
BOOK = (
    ("映溪街道环城路朝阳新村33号", "环城路", "33", "朝阳新村", "A11", "老纺织宿舍", 6),
    ("映溪街道环城路朝阳新村331号", "环城路", "331", "朝阳新村", "A11", "", 4),
    ("映溪街道环城路7号", "环城路", "7", "", "A12", "", 3),
    ("映溪街道朝阳路77号东升大厦1单元", "朝阳路", "77", "东升大厦", "B11", "东升写字楼", 20),
    ("映溪街道建设路12号悦园3幢", "建设路", "12", "悦园", "B12", "", 120),
)


def a_row(text: str, **cells: Any) -> dict[str, Any]:
    """A row of a book, in the middle of leaf A11 unless told otherwise."""
    lon, lat = middle(cells.pop("at", "A11"))
    return {"address": text, "lon": f"{lon:.7f}", "lat": f"{lat:.7f}", **cells}


def the_book() -> list[dict[str, Any]]:
    """The plates of `BOOK` as rows."""
    return [
        a_row(text, road=road, number=number, estate=estate, at=at, aliases=other, households=homes)
        for text, road, number, estate, at, other, homes in BOOK
    ]


def as_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, FIELDS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def bring_in(
    site: Site,
    rows: Iterable[Mapping[str, Any]],
    who: str = "engine",
    *,
    datum: str = "wgs84",
    write: bool = True,
    watch: Callable[[Result], bool] = lambda _: True,
) -> Result:
    """Import rows as somebody, through a file as everybody does."""
    path = Path(site.runtime.settings.instance) / "doors.csv"
    path.write_text(as_csv(rows), "utf-8")
    way = site.work if write else site.look
    with open_sheet(path) as sheet:
        meaning = Meaning(guessed(sheet.header), datum)
        return import_doors(lambda: way(who), sheet, meaning, write=write, watch=watch)


def texts(site: Site) -> list[str]:
    """The texts of all plates, in the order in which they came in."""
    with site.look() as work:
        return [row.text for row in store.page(work.session, 0, 1000)]
