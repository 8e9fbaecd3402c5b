"""How far from the place shown somebody begins to handle a matter. Pure.

Only the distance is kept, never where they stood. Far away is not forbidden: it asks why.
"""

import math
from collections.abc import Mapping
from typing import Any

from gridtrack.errors import Invalid
from gridtrack.geo.metric import metres_per_degree

FAR_M = 200.0  # beyond what the position itself may be wrong by
GIVEN = ("lon", "lat", "accuracy_m")  # WGS-84, as browsers give it


def arrival(
    place: tuple[float | None, float | None], given: Mapping[str, Any]
) -> Mapping[str, object]:
    """Distance and accuracy in whole metres; empty where either place is not known.

    Raises Invalid: not-a-number, or arrived-far where it is far and no `reason` is given.
    """
    lon, lat = place
    if lon is None or lat is None or not given.get("lon") or not given.get("lat"):
        return {}
    there_lon, there_lat = _number(given, "lon", 180), _number(given, "lat", 90)
    accuracy = _number(given, "accuracy_m", 100_000) if given.get("accuracy_m") else 0.0
    east, north = metres_per_degree(lat)
    away = math.hypot((there_lon - lon) * east, (there_lat - lat) * north)
    if away - accuracy > FAR_M and not str(given.get("reason") or "").strip():
        raise Invalid("arrived-far", field="reason", value=round(away), limit=round(FAR_M))
    return {"distance_m": round(away), "accuracy_m": round(accuracy)}


def _number(given: Mapping[str, Any], name: str, most: float) -> float:
    try:
        value = float(given[name])
    except ValueError as error:
        raise Invalid("not-a-number", field=name, value=given[name]) from error
    if not (math.isfinite(value) and abs(value) <= most):
        raise Invalid("not-a-number", field=name, value=given[name])
    return value
