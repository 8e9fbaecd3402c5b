"""OGC API - Features: what a GIS opens, who sees what, and a real client before a real server."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyogrio
import pyogrio.raw
import pytest
import shapely
from flask.testing import FlaskClient

from benchmarks._serving import Serving
from gridtrack.access import Permission
from gridtrack.app import create_app
from gridtrack.settings import Settings
from tests.api.conftest import AsWhom, a_token
from tests.builders import FUNERAL, LAMP, SOUTH, STEP, WEST, Site, a_site, leaves, middle

P = Permission
LEVELS = [f"grids-level-{n}" for n in (1, 2, 3)]
IN_A11 = f"{WEST + STEP / 4},{SOUTH - STEP / 2},{WEST + STEP / 2},{SOUTH - STEP / 4}"


def ids(client: FlaskClient, address: str) -> list[object]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json["features"]]


def shown(client: FlaskClient) -> list[str]:
    return [one["id"] for one in client.get("/ogc/collections").json["collections"]]


# --- what there is ------------------------------------------------------------------------------


def test_the_landing_page_leads_everywhere(as_whom: AsWhom) -> None:
    client = as_whom(None)
    for address in ("/ogc", "/ogc/"):
        links = {one["rel"]: one["href"] for one in client.get(address).json["links"]}
        assert links.keys() == {"self", "service-desc", "conformance", "data"}
    for href in links.values():
        assert client.get(href.removeprefix("http://localhost")).status_code == 200
    document = client.get("/ogc/api")
    assert document.headers["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert document.json["openapi"].startswith("3.0")
    assert len(client.get("/ogc/conformance").json["conformsTo"]) == 3


def test_links_are_those_of_the_proxy_in_front(lite: Site) -> None:
    settings = lite.runtime.settings.model_copy(update={"proxies": 1})
    client = create_app(settings, lite.clock, lite.runtime, limited=False).test_client()
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "grid.example"}
    answer = client.get("/ogc/collections/grids-level-3/items?limit=2", headers=told)
    hrefs = [one["href"] for one in answer.json["links"]]
    assert all(href.startswith("https://grid.example/ogc/") for href in hrefs)


def test_a_collection_says_where_it_lies(as_whom: AsWhom) -> None:
    found = as_whom(None).get("/ogc/collections/grids-level-1").json
    (box,) = found["extent"]["spatial"]["bbox"]
    assert box == pytest.approx([WEST, SOUTH - 2 * STEP, WEST + 4 * STEP, SOUTH])
    assert found["extent"]["spatial"]["crs"].endswith("/CRS84")


# --- features -----------------------------------------------------------------------------------


def test_pages_lead_to_all_features_once(as_whom: AsWhom) -> None:
    client = as_whom(None)
    address, found = "/ogc/collections/grids-level-3/items?limit=3", []
    while address:
        page = client.get(address).json
        assert page["numberReturned"] == len(page["features"]) <= 3
        assert page["numberMatched"] == 8
        found += [one["id"] for one in page["features"]]
        following = [one["href"] for one in page["links"] if one["rel"] == "next"]
        address = following[0].removeprefix("http://localhost") if following else ""
    assert sorted(found) == sorted(leaves())


def test_a_box_brings_what_it_touches(as_whom: AsWhom) -> None:
    client, items = as_whom(None), "/ogc/collections/grids-level-3/items"
    assert ids(client, f"{items}?bbox={IN_A11}") == ["A11"]
    west, south, east, north = IN_A11.split(",")
    assert ids(client, f"{items}?bbox={west},{south},-5,{east},{north},90") == ["A11"]
    assert ids(client, f"{items}?bbox=170,-10,-170,10") == []
    assert len(ids(client, f"{items}?bbox=100,-10,-170,60")) == 8


def test_a_feature_has_every_digit(as_whom: AsWhom) -> None:
    found = as_whom(None).get("/ogc/collections/grids-level-3/items/A11").json
    shape = shapely.from_geojson(json.dumps(found["geometry"]))
    assert shapely.equals_exact(shape, leaves()["A11"], normalize=True)
    assert found["properties"]["path"] == "A/A1/A11"


def test_what_has_not_changed_is_not_sent_again(as_whom: AsWhom) -> None:
    client, address = as_whom(None), "/ogc/collections/grids-level-3/items"
    mark = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": mark}).status_code == 304


@pytest.mark.parametrize(
    "query",
    ["bbox=1,2,3", "bbox=a,b,c,d", "bbox=1,9,2,8", "limit=0", "limit=x", "datetime=yesterday",
     "datetime=../..", "datetime=2026-02-01T00:00:00Z/2026-01-01T00:00:00Z", "colour=red",
     "after=-1", "f=html", "datetime=2026-02-01T00:00:00"],
)  # fmt: skip
def test_a_bad_query_is_told(as_whom: AsWhom, query: str) -> None:
    answer = as_whom(None).get(f"/ogc/collections/grids-level-3/items?{query}")
    assert answer.status_code == 400
    assert answer.json["code"]


def test_a_limit_beyond_the_most_is_the_most(as_whom: AsWhom) -> None:
    assert len(ids(as_whom(None), "/ogc/collections/grids-level-3/items?limit=99999")) == 8


@pytest.mark.parametrize(
    "address", ["nothing", "nothing/items", "grids-level-3/items/Z", "edition-1-level-1"]
)
def test_what_is_not_there_is_not_found(as_whom: AsWhom, address: str) -> None:
    answer = as_whom(None).get(f"/ogc/collections/{address}")
    assert (answer.status_code, answer.is_json) == (404, True)


# --- who sees what ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may", "editions", "matters"),
    [
        (None, (), False, False),
        ("street", (), True, True),
        ("worker-a11", (), False, True),
        ("admin", (), True, False),
        ("security", (), False, False),
        ("street", (P.REPORT,), False, False),
    ],
)
def test_each_sees_the_collections_that_are_theirs(
    as_whom: AsWhom, who: str | None, may: tuple[P, ...], *, editions: bool, matters: bool
) -> None:
    found = shown(as_whom(who, *may))
    assert found[:3] == LEVELS
    assert ("edition-1-level-3" in found, "incidents" in found) == (editions, matters)


def test_matters_need_a_token(as_whom: AsWhom) -> None:
    answer = as_whom(None).get("/ogc/collections/incidents/items")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert as_whom("security").get("/ogc/collections/incidents/items").status_code == 403
    assert as_whom("street", P.REPORT).get("/ogc/collections/incidents/items").status_code == 403


def test_matters_are_those_of_ones_scope_open_and_not_sealed(lite: Site, as_whom: AsWhom) -> None:
    here = lite.report(LAMP).incident_id
    sealed = lite.report(FUNERAL).incident_id
    there = lite.report(LAMP, at=middle("B22")).incident_id
    items = "/ogc/collections/incidents/items"
    assert ids(as_whom("street"), items) == [here, there]
    assert ids(as_whom("secretary-a"), items) == [here]
    assert ids(as_whom("worker-a12"), items) == []
    for hidden in (sealed, there, "x", 10**30):
        assert as_whom("secretary-a").get(f"{items}/{hidden}").status_code == 404


def test_a_matter_tells_neither_who_reported_nor_a_word_of_it(lite: Site, as_whom: AsWhom) -> None:
    made = lite.report(LAMP, description="家里有病人", address="三号楼 204")
    text = as_whom("street").get(f"/ogc/collections/incidents/items/{made.incident_id}").text
    assert made.number in text
    for secret in ("林某", "13800000000", "家里有病人", "204", made.code or "nothing"):
        assert secret not in text


def test_matters_of_a_time(lite: Site, as_whom: AsWhom) -> None:
    early = lite.report(LAMP).incident_id
    lite.clock.advance(hours=2)
    late = lite.report(LAMP).incident_id
    items = "/ogc/collections/incidents/items?datetime="
    client = as_whom("street")
    assert ids(client, f"{items}2026-11-20T03:00:00Z/..") == [late]
    assert ids(client, f"{items}../2026-11-20T03:00:00Z") == [early]
    assert ids(client, f"{items}2026-11-20T02:00:00Z") == [early]
    assert ids(client, f"{items}2026-11-20T00:00:00Z/2026-11-21T00:00:00Z") == [early, late]


# --- a real client ------------------------------------------------------------------------------


@pytest.fixture
def served(sqlite_template: Path, tmp_path: Path) -> Iterator[tuple[Serving, Site]]:
    """`gridtrack serve` in a process of its own, over the street with two matters."""
    copy = tmp_path / "test.sqlite"
    copy.write_bytes(sqlite_template.read_bytes())
    (tmp_path / "instance").mkdir()
    site = a_site(f"sqlite:///{copy}", tmp_path / "instance")
    for code in ("A11", "B22"):
        site.report(LAMP, at=middle(code))
    serving = Serving(Settings(instance=tmp_path / "instance", database_url=f"sqlite:///{copy}"))
    yield serving, site
    serving.stop()
    site.runtime.engine.dispose()


@pytest.mark.skipif("OAPIF" not in pyogrio.list_drivers(), reason="this GDAL has no OAPIF")
def test_gdal_opens_it(served: tuple[Serving, Site]) -> None:
    serving, _ = served
    source = f"OAPIF:http://127.0.0.1:{serving.port}/ogc"
    assert {str(name) for name, _ in pyogrio.list_layers(source)} == set(LEVELS)
    # Pages of three, so that it must follow the links.
    meta, _, shapes, columns = pyogrio.raw.read(
        source, layer="grids-level-3", INITIAL_REQUEST_PAGE_SIZE=3, PAGE_SIZE=3
    )
    known = dict(zip(meta["fields"], columns, strict=True))
    found = dict(zip(known["code"], shapely.from_wkb(shapes), strict=True))
    assert found.keys() == leaves().keys()
    assert all(shapely.equals_exact(found[c], s, normalize=True) for c, s in leaves().items())
    box = tuple(float(edge) for edge in IN_A11.split(","))
    _, _, inside, _ = pyogrio.raw.read(source, layer="grids-level-3", bbox=box)
    assert len(inside) == 1


READING = """
import json, sys, pyogrio.raw, shapely
pyogrio.set_gdal_config_options({"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": sys.argv[2]})
meta, _, shapes, columns = pyogrio.raw.read(sys.argv[1], layer="incidents")
known = dict(zip(meta["fields"], (list(c) for c in columns)))
print(json.dumps([known["grid_path"], [shapely.from_wkb(s).coords[0] for s in shapes]]))
"""


@pytest.mark.skipif("OAPIF" not in pyogrio.list_drivers(), reason="this GDAL has no OAPIF")
def test_gdal_opens_matters_with_a_token(served: tuple[Serving, Site]) -> None:
    serving, site = served
    token = a_token(site, "secretary-a", P.SEE)
    # A process of its own: GDAL keeps such settings for the whole process.
    done = subprocess.run(
        [sys.executable, "-c", READING, f"OAPIF:http://127.0.0.1:{serving.port}/ogc",
         token],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    paths, points = json.loads(done.stdout)
    assert paths == ["A/A1/A11"]
    assert points[0] == pytest.approx(middle("A11"))
