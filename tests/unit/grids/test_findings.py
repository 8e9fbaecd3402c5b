"""What a finding weighs, how it is kept, and what a map draws of it."""

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridtrack.geo.metric import plane_over
from gridtrack.grids.check import Rule, examine
from gridtrack.grids.explain import as_json
from gridtrack.grids.findings import Weight, fault_of, fault_row, weight_of
from gridtrack.grids.outlines import MOST_POINTS, outline_of
from gridtrack.grids.rules import Fault, FaultCode
from tests.grid_builders import METRE, STEP, changed, moved, square, street, without


def fault(code, **params):
    return Fault(FaultCode(code), 3, ("A11",), params.pop("size", 5.0), "m2", None, params)


@pytest.mark.parametrize(
    ("found", "weight"),
    [
        (fault("missing-parent"), "blocks"),
        (fault("duplicate-code"), "blocks"),
        (fault("empty-level"), "blocks"),
        (fault("gap", width_m=61), "blocks"),
        (fault("gap", width_m=59), "mend"),
        (fault("overlap", width_m=61), "blocks"),
        (fault("overlap", width_m=0.4), "note"),
        (fault("outside-parent", share=0.51, farthest_m=900), "blocks"),
        (fault("outside-parent", share=0.01, farthest_m=900), "mend"),
        (fault("outside-parent", share=0.01, farthest_m=0.1), "note"),
        (fault("invalid-polygon", area_after_m2=0.0), "blocks"),
        (fault("invalid-polygon", area_after_m2=9.0), "mend"),
        (fault("invalid-polygon", area_after_m2=9.0, size=0.2), "note"),
    ],
)
def test_the_weight_is_the_written_one(found, weight):
    assert weight_of(found) == Weight(weight)


def spoiled():
    slit = square(0.2, 0.5, 0.6, 3 * METRE / STEP)
    grids = changed(street(), "A12", shape=square(0, 1) - slit.buffer(0))
    grids = changed(grids, "A11", shape=square(0, 0) - slit)
    grids = changed(grids, "B21", shape=moved(square(3, 0), east_m=12))
    return without(grids, "A22")


def test_what_is_kept_comes_back_the_same():
    found = examine(spoiled(), Rule()).faults
    assert {one.code.value for one in found} == {"gap", "outside-parent"}
    assert [fault_of(json.loads(json.dumps(fault_row(one)))) for one in found] == list(found)


def test_the_outline_is_the_faulty_ground():
    gap = next(f for f in examine(without(street(), "A22"), Rule()).faults)
    assert shapely.symmetric_difference(gap.outline, square(1, 1)).area < 1e-12


def test_a_sliver_keeps_an_outline():
    slit = square(0.2, 0.5, 0.6, 0.01 * METRE / STEP)
    grids = changed(street(), "A11", shape=square(0, 0) - slit)
    (gap,) = examine(grids, Rule(0.0)).faults
    assert not gap.outline.is_empty


def test_machines_get_weight_and_outline_with_each_finding():
    row = as_json(examine(without(street(), "A22"), Rule()).faults[0], "en")
    assert row["weight"] == "blocks"
    assert row["outline"]["type"] == "MultiPolygon"


@settings(max_examples=20, deadline=None)
@given(points=st.integers(3, 3000), radius=st.floats(0.5, 5000))
def test_an_outline_never_grows_beyond_its_limit(points, radius):
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    ragged = radius * (1 + 0.3 * (np.arange(points) % 2))
    shape = shapely.Polygon(np.column_stack([np.cos(angle) * ragged, np.sin(angle) * ragged]))
    plane = plane_over([square(0, 0)])
    drawn = outline_of(np.array([shape], dtype=object), plane)
    assert shapely.get_num_coordinates(drawn) <= MOST_POINTS
