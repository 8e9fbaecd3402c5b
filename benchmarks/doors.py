"""Searching the door-plate book at a million plates, against a plain indexed prefix query.

    ./dev bench doors [--plates N] [--times N] [--json OUT]

A made-up city: roads and estates with names of their own, a third of the plates on roads, the rest
doors of estates. `ratio` of each kind of question is the median time of the whole search (reading
the words, the database, score and grid of each candidate) over that of the plain query: the
first plates whose key begins with the right key, with text and point, by the index alone. Each in
a transaction of its own, taken in turns so that a disturbance meets all. Aim: at most 3 to the
first answer. Both databases where a PostGIS server is named.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._fill import CHUNK, NOW, fresh_site, settle
from gridtrack.addresses import store
from gridtrack.addresses.rules import Plate, completed, keys_of
from gridtrack.addresses.spelling import key_of
from gridtrack.queries.doors import SHOWN, find_doors
from gridtrack.usecases.import_doors import values_of
from gridtrack.work import Work
from tests.builders import SOUTH, STEP, WEST, Site

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
SIGNS = (
    "朝阳环城解放建设人民和平胜利新华中山文化青年东风红旗光明幸福长安永宁康万福金银湖翠竹紫荆海棠玉兰"
    "清源溪桥亭坂洋埔厝垅岗岭峰泉井塘沙洲港渡浦江河滨堤岸园林梅松柏榕枫桂荷莲菊桃李杏柳春夏秋冬晨星"
    "云霞雪霜雨露天地日月龙凤麟鹤鹿虎狮象马牛工农商学兵科技创业富强民主团结友谊仁义礼智信忠孝廉耻勤俭"
)
PER_ROAD, PER_ESTATE = 220, 400


def city(plates: int) -> Iterator[Plate]:
    """So many plates, in random order of places."""
    rng = random.Random(3)
    names = iter(made_names(rng))
    left = plates
    while left > 0:
        road = next(names) + rng.choice("路街")
        town = f"{rng.choice(SIGNS)}{rng.choice(SIGNS)}街道"
        rows = [
            Plate(f"{town}{road}{n}号", town, road, str(n)) for n in range(1, PER_ROAD // 2 + 1)
        ]
        estate = next(names) + rng.choice(("小区", "新村", "花园"))
        gate = f"{town}{road}{rng.randint(1, 99)}号{estate}"
        rows += [
            Plate(f"{gate}{b}幢{u}单元", town, road, "", estate, f"{b}幢", f"{u}单元")
            for b in range(1, PER_ESTATE // 8 + 1)
            for u in range(1, 5)
        ]
        yield from rows[:left]
        left -= len(rows)


def made_names(rng: random.Random) -> Iterator[str]:
    """Names of two and three signs, none twice."""
    seen = set()
    while True:
        name = "".join(rng.choices(SIGNS, k=rng.choice((2, 3, 3))))
        if name not in seen:
            seen.add(name)
            yield name


def filled(kind: str, folder: Path, plates: int) -> Site:
    """A book of so many plates, its planner's figures up to date."""
    site, rng = fresh_site(kind, folder, SERVER), random.Random(4)
    made = (completed(plate) for plate in city(plates))
    while chunk := list(islice(made, CHUNK)):
        rows = []
        for plate in chunk:
            point = WEST + rng.random() * STEP * 4, SOUTH - rng.random() * STEP * 2
            rows.append((values_of(plate, point, "bench"), keys_of(plate)))
        with site.runtime.work() as work:
            store.add(work.session, rows, NOW)
    settle(site.runtime)
    return site


def questions(plates: int, times: int) -> dict[str, list[tuple[str, str]]]:
    """By kind: what is typed, and the key that a plain query would have to be given."""
    rng = random.Random(5)
    wanted = set(rng.sample(range(plates), min(plates, times * 8)))
    found: dict[str, list[tuple[str, str]]] = {}
    for n, plate in enumerate(city(plates)):
        if n in wanted:
            for kind, text, key in asked(plate, rng):
                found.setdefault(kind, []).append((text, key))
    return {kind: rng.sample(rows, min(times, len(rows))) for kind, rows in found.items()}


def asked(plate: Plate, rng: random.Random) -> Iterator[tuple[str, str, str]]:
    short = plate.text.removeprefix(plate.town)
    key = key_of(short)
    yield "exact", plate.text, key
    yield "wide figures", short.translate({c: c + 0xFEE0 for c in range(48, 58)}), key
    wrong = rng.randrange(2)
    yield "typo in the road", short[:wrong] + "某" + short[wrong + 1 :], key
    if plate.estate:
        tail = plate.text[plate.text.index(plate.estate) :]
        yield "estate alone", tail, key_of(tail)
        yield "half an estate", plate.estate, key_of(plate.estate)
        yield "typo in the estate", plate.estate[:1] + "某" + tail[2:], key_of(tail)
    else:
        yield "half a number", short[:-2] or short, key_of(short[:-2] or short)
        yield "no such number", f"{plate.road}9999号", key_of(plate.road)


def timed(site: Site, ask: Callable[[Work], Any]) -> tuple[float, Any]:
    """Milliseconds of one call in a transaction of its own, and what it gave."""
    began = time.perf_counter()
    with site.runtime.look() as work:
        found = ask(work)
    return (time.perf_counter() - began) * 1000, found


def measure(kind: str, root: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Every kind of question on one kind of database."""
    began = time.perf_counter()
    site = filled(kind, root / f"{kind}-doors", options.plates)
    told: dict[str, Any] = {"filled_s": round(time.perf_counter() - began)}
    asked_for = questions(options.plates, options.times)
    with site.runtime.look() as work:  # fill the caches of statements, towns and grids
        for rows in asked_for.values():
            find_doors(work, rows[0][0])
    for name, rows in asked_for.items():
        plain, search, right = [], [], 0
        for text, key in rows:
            plain.append(timed(site, lambda w, k=key: store.beginning(w.session, k, SHOWN))[0])
            ms, found = timed(site, lambda w, t=text: find_doors(w, t))
            search.append(ms)
            right += bool(found) and found[0].key.startswith(key[:2])
        middle = statistics.median(plain), statistics.median(search)
        told[name] = {
            "plain_ms": round(middle[0], 2),
            "search_ms": round(middle[1], 2),
            "ratio": round(middle[1] / middle[0], 2),
            "answered": f"{right}/{len(rows)}",
        }
    site.runtime.engine.dispose()
    return told


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--plates", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--json")
    options = parser.parse_args()
    kinds = ["sqlite"] + (["postgres"] if SERVER else [])
    with tempfile.TemporaryDirectory() as folder:
        found = {kind: measure(kind, Path(folder), options) for kind in kinds}
    text = json.dumps({"plates": options.plates, **found}, ensure_ascii=False, indent=1)
    print(text)
    if options.json:
        Path(options.json).write_text(text)


if __name__ == "__main__":
    main()
