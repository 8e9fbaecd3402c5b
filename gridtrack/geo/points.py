"""Is this pair of numbers a place on earth, and if not, what probably happened to it?"""

import math

from gridtrack.errors import Invalid


def checked_point(lon: object, lat: object) -> tuple[float, float]:
    """Degrees (lon, lat) as finite floats in range, from numbers or their text.

    Raises Invalid: "coordinate-missing", "coordinate-not-a-number", "coordinates-swapped" (the
    latitude cannot be one, the other way round it can), "coordinate-out-of-range",
    "coordinate-zero" (0/0 is what empty fields become, and lies in the sea off Ghana).
    """
    x, y = _number("lon", lon), _number("lat", lat)
    if abs(y) > 90 and abs(y) <= 180 and abs(x) <= 90:
        raise Invalid("coordinates-swapped", field="lat", value=y, lon=x)
    if abs(x) > 180:
        raise Invalid("coordinate-out-of-range", field="lon", value=x, most=180)
    if abs(y) > 90:
        raise Invalid("coordinate-out-of-range", field="lat", value=y, most=90)
    if x == 0 and y == 0:
        raise Invalid("coordinate-zero", field="lon", value="0, 0")
    return x, y


def _number(field: str, value: object) -> float:
    if value is None or (isinstance(value, str) and not value.strip()):
        raise Invalid("coordinate-missing", field=field, value=value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Invalid("coordinate-not-a-number", field=field, value=value)
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise Invalid("coordinate-not-a-number", field=field, value=value) from None
    if not math.isfinite(number):
        raise Invalid("coordinate-not-a-number", field=field, value=value)
    return number
