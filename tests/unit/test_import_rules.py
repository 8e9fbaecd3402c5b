"""Which column is probably what, which polygons are worth drawing, and which datum fits."""

import gzip
import json

import numpy as np
import pytest
import shapely

from gridtrack.geo.datum import from_wgs84
from gridtrack.imports.compare import DATUMS, Known, compare
from gridtrack.imports.preview import MOST_SHAPES, in_datum, preview_of
from gridtrack.imports.rules import Step, column, guess, reached
from tests.builders import SOUTH, WEST, leaves

ROWS = ("1", "1a", "1b", "1a1", "1a2")


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("网格编码", "级别", "上级编码", "名称"), ("网格编码", "级别", "上级编码", "名称")),
        (("GRID_CODE", "LVL", "PID", "MC"), ("GRID_CODE", "LVL", "PID", "MC")),
        (("a", "b", "c", "title"), ("a", "b", "c", "title")),  # by what they hold
    ],
)
def test_columns_are_guessed_by_name_and_by_what_they_hold(
    names: tuple[str, ...], found: tuple[str, ...]
) -> None:
    values = (ROWS, ("1", "2", "2", "3", "3"), ("", "1", "1", "1a", "1a"), ("x",) * 5)
    codes = frozenset(ROWS)
    columns = [
        column(name, given, frozenset() if n == 0 else codes)
        for n, (name, given) in enumerate(zip(names, values, strict=True))
    ]
    fields = ("code", "level", "parent", "name")
    assert guess(columns, 5) == dict(zip(fields, found, strict=True))


def test_what_looks_like_nothing_is_left_open() -> None:
    assert guess([column("x", ["q", "q"]), column("y", ["", ""])], 2) == {}


def test_samples_are_different_values() -> None:
    assert column("x", ["a", "a", "", "b", "c", "d"]).samples == ("a", "b", "c")


def test_steps_need_those_before_them() -> None:
    assert reached(Step.FINDINGS, Step.PLACE)
    assert not reached(Step.PLACE, Step.FIELDS)


def squares(count: int) -> np.ndarray:  # type: ignore[type-arg]
    column = np.arange(count)
    return shapely.box(WEST + column * 1e-4, SOUTH, WEST + (column + 1) * 1e-4, SOUTH + 1e-4)


def test_whole_levels_are_drawn_as_many_as_fit() -> None:
    many = MOST_SHAPES + 10
    shapes = np.append(squares(many), squares(1))
    drawn = preview_of(shapes, [""] * (many + 1), [3] * many + [1])
    assert (drawn.levels, drawn.left_out) == ((1,), many)


def test_of_polygons_without_levels_every_nth_is_drawn() -> None:
    drawn = preview_of(squares(3 * MOST_SHAPES), [""] * (3 * MOST_SHAPES), [0] * (3 * MOST_SHAPES))
    assert (len(drawn.shapes), drawn.left_out) == (MOST_SHAPES, 2 * MOST_SHAPES)


def test_a_preview_is_in_the_datum_it_is_asked_for() -> None:
    box = shapely.box(
        *from_wgs84(WEST, SOUTH, "gcj02"), *from_wgs84(WEST + 0.01, SOUTH + 0.01, "gcj02")
    )
    shown = json.loads(gzip.decompress(in_datum(preview_of(np.array([box]), ["x"], [3]), "gcj02")))
    corners = np.array(shown["features"][0]["geometry"]["coordinates"][0])
    assert np.abs(corners.min(axis=0) - (WEST, SOUTH)).max() < 1e-4


def test_without_anything_known_there_are_pictures_and_no_figures() -> None:
    shapes = np.array(list(leaves().values()), dtype=object)
    found = compare(shapes, Known({}))
    assert (found.against, found.metres) == ("", {})
    assert set(found.paths) == set(DATUMS)
    assert found.paths["wgs84"].startswith("M")


def test_what_is_known_far_away_is_not_compared_with() -> None:
    shapes = np.array(list(leaves().values()), dtype=object)
    far = shapely.boundary(shapely.transform(shapes, lambda xy: xy + 5))
    assert compare(shapes, Known({"grids": far})).against == ""


def test_roads_serve_where_no_grids_are_known() -> None:
    shapes = np.array(list(leaves().values()), dtype=object)
    found = compare(shapes, Known({"grids": shapes[:0], "roads": shapely.boundary(shapes)}))
    assert found.against == "roads"
    assert found.metres["wgs84"] < 0.01
    assert found.metres["gcj02"] > 30
