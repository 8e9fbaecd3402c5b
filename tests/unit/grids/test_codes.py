"""Codes are read, checked and made by a scheme; their order is that of the ground."""

from dataclasses import replace
from importlib.resources import files

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridtrack.errors import Invalid
from gridtrack.grids.code_schemes import pattern_of, scheme_of
from gridtrack.grids.codes import check_codes, in_order, renumbered
from gridtrack.grids.rules import with_paths
from tests.grid_builders import moved, square, street, without

SHIPPED = scheme_of((files("gridtrack.grids") / "codes.toml").read_text("utf-8"))
LOCAL = scheme_of('name = "x"\n[levels]\n3 = "{county}{street}{community}{serial:03}"\n'
                  '1 = "{county}{street}{community}"\n')  # fmt: skip
ROOTS = {"A": "350999001001", "B": "350999001002"}


def town():
    """The street with the state's codes for its communities, and its own for the rest."""
    grids = [
        replace(g, code=ROOTS.get(g.code, g.code), parent=ROOTS.get(g.parent, g.parent))
        for g in street()
    ]
    return with_paths(grids)


def kinds(grids, scheme=SHIPPED):
    return [(fault.kind.value, fault.level) for fault in check_codes(grids, scheme)]


def numbered(grids, scheme=SHIPPED, **how):
    return renumbered(grids, scheme, **how)[0]


def test_the_shipped_scheme_makes_fifteen_digits_west_to_east_and_north_to_south():
    grids, mapping = renumbered(town(), SHIPPED)
    assert {old: mapping[old] for old in ("A12", "A22", "A11", "A21")} == {
        "A12": "350999001001001",
        "A22": "350999001001002",
        "A11": "350999001001003",
        "A21": "350999001001004",
    }
    assert (mapping["A1"], mapping["A2"]) == ("35099900100101", "35099900100102")
    leaf = next(grid for grid in grids if grid.code == "350999001001001")
    assert leaf.path == "350999001001/35099900100101/350999001001001"


def test_what_was_numbered_is_right_and_stays():
    once = numbered(town())
    assert check_codes(once, SHIPPED) == []
    assert renumbered(once, SHIPPED)[1] == {}


def test_ground_and_names_are_not_touched():
    for old, new in zip(town(), numbered(town()), strict=True):
        assert (old.shape, old.name, old.level) == (new.shape, new.name, new.level)


def spoilt(old, new):
    grids = numbered(town())
    return with_paths([replace(g, code=new) if g.code == old else g for g in grids])


@pytest.mark.parametrize(
    ("new", "found"),
    [
        ("35099900100100", ("pattern", 3)),
        ("3509990010010X1", ("pattern", 3)),
        ("350999001002009", ("prefix", 3)),
    ],
)
def test_a_wrong_code_is_told_by_its_kind(new, found):
    assert found in kinds(spoilt("350999001001004", new))


def test_a_second_level_code_of_another_parent_is_told():
    grids = numbered(town())
    wrong = [replace(g, code="35099900100209") if g.code == "35099900100102" else g for g in grids]
    assert ("prefix", 2) in kinds(wrong)


def test_a_number_left_out_is_told():
    grids = without(numbered(town()), "350999001001002")
    (fault,) = check_codes(grids, SHIPPED)
    assert (fault.kind.value, fault.params["missing"]) == ("hole", "2")


def test_a_code_used_twice_is_told_and_not_renumbered():
    grids = [*town(), next(g for g in town() if g.code == "A11")]
    assert ("duplicate", 3) in kinds(grids)
    with pytest.raises(Invalid, match="codes-twice"):
        renumbered(grids, SHIPPED)


def test_codes_that_are_right_can_stay():
    grids = numbered(town())
    new = replace(grids[0], code="new", level=3, parent="35099900100101", name="new",
                  shape=square(0, 5))  # fmt: skip
    _, mapping = renumbered(with_paths([*grids, new]), SHIPPED, keep=True)
    assert mapping == {"new": "350999001001005"}
    _, all_anew = renumbered(with_paths([*grids, new]), SHIPPED)
    assert all_anew["new"] == "350999001001001"  # it is the northernmost


def test_a_community_without_a_code_of_the_state_is_named():
    with pytest.raises(Invalid, match="codes-root"):
        renumbered(street(), SHIPPED)


def test_more_grids_than_numbers_are_refused():
    tight = scheme_of('[levels]\n1 = "{county}{street}{community}"\n3 = "{parent}-{serial:1}"')
    grids = [g for g in town() if g.level < 3]
    grids += [
        replace(town()[-1], code=f"x{n}", parent="A1", level=3, shape=square(n, 0))
        for n in range(10)
    ]
    with pytest.raises(Invalid, match="codes-too-many"):
        renumbered(with_paths(grids), tight)


def test_a_local_scheme_leaves_the_levels_it_does_not_name():
    _, mapping = renumbered(town(), LOCAL)
    assert set(mapping) == {g.code for g in street() if g.level == 3}


@pytest.mark.parametrize(
    "text", ["", "{magic}", "{serial:99}", "{serial}{serial}", "{}", "a b{serial}"]
)
def test_a_pattern_that_means_nothing_is_refused(text):
    with pytest.raises(Invalid, match="code-pattern"):
        pattern_of(text)


@pytest.mark.parametrize("text", ["levels = 3", "[levels]\n0 = '{serial}'", "x = ["])
def test_a_scheme_that_cannot_be_read_is_refused(text):
    with pytest.raises(Invalid, match=r"code-level|bad-toml"):
        scheme_of(text)


@given(county=st.integers(0, 999_999), street_=st.integers(0, 999), serial=st.integers(0, 999))
def test_what_a_pattern_writes_it_reads(county, street_, serial):
    pattern = pattern_of("{county}-{street}{community}.{serial:03}")
    values = {"county": f"{county:06d}", "street": f"{street_:03d}", "community": "007"}
    read = pattern.read(pattern.code(values, "", serial))
    assert read == {**values, "serial": f"{serial:03d}"}


def raster(columns, rows, jitter=()):
    shapes = [square(c, r) for r in range(rows) for c in range(columns)]
    pushes = list(jitter) + [(0.0, 0.0)] * (len(shapes) - len(jitter))
    template = street()[-1]
    return [
        replace(template, code=f"g{n:03d}", shape=moved(shape, *push))
        for n, (shape, push) in enumerate(zip(shapes, pushes, strict=True))
    ]


PUSHES = st.lists(st.tuples(st.floats(-20, 20), st.floats(-20, 20)), min_size=0, max_size=12)


@settings(max_examples=60, deadline=None)
@given(columns=st.integers(1, 4), rows=st.integers(1, 3), pushes=PUSHES)
def test_small_moves_change_no_number(columns, rows, pushes):
    """Leaves are 100 m: a fifth of that is no other row and no other column."""
    still = [grid.code for grid in in_order(raster(columns, rows))]
    grids = raster(columns, rows, pushes[: columns * rows])
    assert [grid.code for grid in in_order(grids)] == still
    assert still == [
        f"g{r * columns + c:03d}" for r in reversed(range(rows)) for c in range(columns)
    ]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_order_of_the_input_does_not_matter(data):
    boxes = st.tuples(st.floats(0, 9), st.floats(0, 9), st.floats(0.1, 2), st.floats(0.1, 2))
    shapes = data.draw(st.lists(boxes, min_size=1, max_size=12))
    grids = [
        replace(street()[-1], code=f"g{n}", shape=square(*box)) for n, box in enumerate(shapes)
    ]
    mixed = data.draw(st.permutations(grids))
    assert [g.code for g in in_order(mixed)] == [g.code for g in in_order(grids)]


@settings(max_examples=30, deadline=None)
@given(
    keep=st.booleans(), drop=st.sets(st.sampled_from([g.code for g in street() if g.level == 3]))
)
def test_new_codes_are_right_whatever_was_there(keep, drop):
    grids = with_paths([g for g in town() if g.code not in drop])
    new, mapping = renumbered(grids, SHIPPED, keep=keep)
    assert check_codes(new, SHIPPED) == []
    assert len({g.code for g in new}) == len(grids)
    assert {mapping.get(g.code, g.code) for g in grids} == {g.code for g in new}
    assert all(shapely.equals_identical(a.shape, b.shape) for a, b in zip(grids, new, strict=True))
