"""Shapes for maps: less detail, no gap between neighbours."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridtrack.geo.box import Box
from gridtrack.geo.thin import EXACT, LARGE, cut_to, detail_at, fit_together, thinned

ZOOMS = st.integers(8, 18)


def a_land(side: int, seed: int) -> np.ndarray:
    """Polygons with bent borders that fit together: columns of wavy strips cut into pieces."""
    rng = np.random.default_rng(seed)
    corner = np.stack(np.meshgrid(np.arange(side + 1.0), np.arange(side + 1.0), indexing="ij"), -1)
    corner[1:-1, 1:-1] += rng.uniform(-0.2, 0.2, corner[1:-1, 1:-1].shape)
    bends: dict[tuple, np.ndarray] = {}

    def edge(a: tuple[int, int], b: tuple[int, int]) -> np.ndarray:
        key = (min(a, b), max(a, b))
        if key not in bends:
            along = np.linspace(0, 1, 9)[:, None]
            line = corner[key[0]] * (1 - along) + corner[key[1]] * along
            line[1:-1] += rng.uniform(-0.04, 0.04, line[1:-1].shape)
            bends[key] = line
        return bends[key] if a == key[0] else bends[key][::-1]

    found = []
    for c in range(side):
        for r in range(side):
            ring = [(c, r), (c + 1, r), (c + 1, r + 1), (c, r + 1), (c, r)]
            parts = [edge(a, b)[:-1] for a, b in itertools.pairwise(ring)]
            found.append(shapely.Polygon(np.concatenate(parts) * 0.002 + [119, 27]))
    return np.array(found, dtype=object)


@given(seed=st.integers(0, 10_000), zoom=ZOOMS)
@settings(max_examples=25, deadline=None)
def test_neighbours_that_fit_still_fit(seed: int, zoom: int) -> None:
    land = a_land(4, seed)
    assert fit_together(land)
    detail = detail_at(zoom)
    thin = thinned(land, detail, fit=True)
    # Where a pixel is wider than a grid, rounding may fold a grid; it still shares its vertices.
    ground = shapely.union_all(shapely.make_valid(thin))
    holes = [ring for part in shapely.get_parts(ground) for ring in part.interiors]
    assert holes == []
    assert detail.pixel_deg is not None
    assert shapely.hausdorff_distance(ground, shapely.union_all(land)) <= 3 * detail.pixel_deg


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_a_view_shows_a_grid_as_the_whole_does(seed: int) -> None:
    land = a_land(5, seed)
    detail = detail_at(15)
    whole = thinned(land, detail, fit=True)
    middle = 12
    near = [n for n in range(25) if n == middle or shapely.touches(land[n], land[middle])]
    some = thinned(land[[middle, *(n for n in near if n != middle)]], detail, fit=True)
    assert shapely.equals_exact(some[0], whole[middle], normalize=True)


@given(seed=st.integers(0, 10_000), zoom=st.integers(10, 18))
@settings(max_examples=15, deadline=None)
def test_what_does_not_fit_moves_by_less_than_a_pixel(seed: int, zoom: int) -> None:
    land = a_land(3, seed)
    land[4] = shapely.transform(land[4], lambda xy: xy + 3e-6)
    assert not fit_together(land)
    detail = detail_at(zoom)
    assert detail.pixel_deg is not None
    thin = thinned(land, detail, fit=False)
    before, after = (shapely.get_coordinates(shapes) for shapes in (land, thin))
    distance = shapely.distance(shapely.multipoints(after), shapely.points(before))
    assert distance.max() <= detail.pixel_deg * 0.9


def test_less_is_sent_the_farther_away_one_looks() -> None:
    land = a_land(6, 1)
    points = [
        shapely.get_num_coordinates(thinned(land, detail_at(zoom), fit=True)).sum()
        for zoom in (11, 13, 15, 17)
    ]
    assert points == sorted(points)
    assert points[0] < points[-1] / 3


def test_detail_grows_with_the_zoom() -> None:
    details = [detail_at(zoom) for zoom in range(19)]
    pixels = [detail.pixel_deg for detail in details if detail.pixel_deg is not None]
    assert len(pixels) == 19
    assert pixels == sorted(pixels, reverse=True)
    assert detail_at(None) == detail_at(19) == EXACT
    for detail in details:
        assert detail.pixel_deg is not None
        assert detail.digits == EXACT.digits or 10.0**-detail.digits <= detail.pixel_deg / 2


def test_large_polygons_are_cut_to_what_is_looked_at() -> None:
    angles = np.linspace(0, 2 * np.pi, 5 * LARGE)
    round_one = shapely.Polygon(np.column_stack([np.cos(angles), np.sin(angles)]))
    small = shapely.box(0.9, -0.1, 1.1, 0.1)
    far = shapely.transform(round_one, lambda xy: xy + np.array([30, 0]))
    box = Box(0.9, -0.1, 1.1, 0.1)
    cut = cut_to(np.array([round_one, small, far], dtype=object), box)
    assert shapely.get_num_coordinates(cut[0]) < LARGE
    assert shapely.area(shapely.symmetric_difference(cut[0] & small, round_one & small)) < 1e-12
    assert cut[1] is small
    assert shapely.is_empty(cut[2])


@pytest.mark.parametrize("shape", [shapely.Polygon(), shapely.box(0, 0, 1e-9, 1e-9)])
def test_a_speck_does_no_harm(shape: shapely.Polygon) -> None:
    for fit in (True, False):
        assert len(thinned(np.array([shape], dtype=object), detail_at(8), fit=fit)) == 1
