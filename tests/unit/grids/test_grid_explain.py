"""Findings in words: every kind in both languages, with its grids, size and way out."""

import pytest
import shapely

from gridtrack.grids.check import check
from gridtrack.grids.explain import as_json, explain, shown_size
from gridtrack.grids.rules import Fault, FaultCode, Grid
from gridtrack.i18n.sentences import TEXTS
from tests.grid_builders import changed, leaves, square, street, without

BOW_TIE = shapely.Polygon(
    [(119.5, 27.4), (119.6, 27.5), (119.6, 27.4), (119.5, 27.5), (119.5, 27.4)]
)
SPOILT = {
    "invalid": changed(street(), "A11", shape=BOW_TIE),
    "empty": changed(street(), "A11", shape=shapely.Polygon()),
    "gap": without(street(), "A21"),
    "uncovered": without(street(), "A11"),
    "overlap": changed(street(), "A11", shape=square(0, 0, 1.5, 1)),
    "no parent": changed(street(), "A11", parent=""),
    "unknown parent": changed(street(), "A11", parent="X"),
    "second parent": [*street(), *changed(leaves()[:1], "A11", parent="B1")],
    "no leaves": [grid for grid in street() if grid.level < 3],
}  # fmt: skip


@pytest.mark.parametrize("grids", SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_finding_has_its_sentence_with_every_value(grids, locale):
    for fault in check(grids):
        told = explain(fault, locale)
        assert "—" not in told
        assert "grid-" not in told
        assert all(code in told for code in fault.grids[:6])


@pytest.mark.parametrize("reason", ["Self-intersection", "Nested shells", "Something new in GEOS"])
def test_every_reason_against_a_polygon_has_words(reason):
    fault = Fault(FaultCode.INVALID_POLYGON, 3, ("A",), 0.0, "m2", None, {"reason": reason})
    assert reason not in explain(fault, "zh")


@pytest.mark.parametrize(
    ("size", "shown"),
    [(1_687_504.3, "1,687,504 m²"), (3.21234, "3.21 m²"), (0.000412, "0.000412 m²"), (0, "0 m²")],
)
def test_sizes_are_written_as_people_read_them(size, shown):
    assert shown_size(Fault(FaultCode.GAP, 3, (), size, "m2", None)) == shown


def test_many_grids_are_cut_short():
    fault = Fault(FaultCode.GAP, 3, tuple("abcdefghij"), 1.0, "m2", None,
                  {"kind": "hole", "width_m": 1.0})  # fmt: skip
    assert "f, …" in explain(fault, "en")


def test_the_json_has_what_others_rely_on():
    (fault,) = check(without(street(), "A21"))
    found = as_json(fault, "en")
    assert {"code", "level", "grids", "size", "unit", "place", "message"} <= set(found)
    assert (found["code"], found["unit"], len(found["place"])) == ("gap", "m2", 2)


def test_a_finding_without_place_has_null():
    (fault,) = check([Grid("A", 1, "", "A", square(0, 0))], depth=2)
    assert as_json(fault, "en")["place"] is None


def test_every_fault_code_has_a_sentence():
    missing = [code for code in FaultCode if not any(f"grid-{code.value}" in key for key in TEXTS)]
    assert missing == []
