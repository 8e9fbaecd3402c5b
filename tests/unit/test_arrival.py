"""How far from the place somebody begins: kept as a distance, asked why where it is far."""

import pytest

from gridtrack.errors import Invalid
from gridtrack.incidents.arrival import arrival

PLACE = (119.5, 27.4)
METRE = 1 / 110_800  # of latitude there


def at(metres: float, **given: str) -> dict[str, str]:
    return {"lon": "119.5", "lat": str(27.4 + metres * METRE), **given}


def test_near_is_a_distance_and_nothing_else() -> None:
    told = arrival(PLACE, at(35, accuracy_m="12.4"))
    assert told == {"distance_m": 35, "accuracy_m": 12}


FAR = [(199, 0, False), (205, 0, True), (300, 120, False), (330, 120, True)]


@pytest.mark.parametrize(("away", "accuracy", "far"), FAR)
def test_far_beyond_what_the_position_may_be_wrong_by_asks_why(
    away: float, accuracy: int, far: bool
) -> None:
    given = at(away, accuracy_m=str(accuracy))
    if not far:
        assert arrival(PLACE, given)["distance_m"] == pytest.approx(away, abs=1)
        return
    with pytest.raises(Invalid, match="arrived-far"):
        arrival(PLACE, given)
    assert arrival(PLACE, {**given, "reason": "桥断了"})["distance_m"] == pytest.approx(away, abs=1)


def test_without_a_position_or_a_place_nothing_is_said() -> None:
    assert arrival(PLACE, {}) == arrival((None, None), at(10)) == {}


@pytest.mark.parametrize("bad", ["x", "nan", "inf", "91"])
def test_a_position_that_is_none_is_refused(bad: str) -> None:
    with pytest.raises(Invalid, match="not-a-number"):
        arrival(PLACE, {"lon": "119.5", "lat": bad})
