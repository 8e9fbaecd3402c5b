"""Metres for data in degrees: a local plane to measure shapes in, and the length of a degree."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from gridtrack.errors import Invalid

Shapes = NDArray[np.object_]
Degrees = NDArray[np.float64]

_SEMI_AXIS_M = 6378137.0
_ECCENTRICITY2 = 0.0066943799901413165
# Farther from its centre line a transverse Mercator plane stretches by more than a percent.
WIDEST_DEG = 16.0


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane in metres over a part of the earth; `crs` says which, for reports."""

    crs: str

    def flat(self, shapes: Shapes) -> Shapes:
        """WGS-84 shapes laid into the plane; a vertex it cannot hold becomes infinite."""
        to_plane = _transformer("EPSG:4326", self.crs)
        return _moved(shapes, to_plane)

    def degrees(self, shapes: Shapes) -> Shapes:
        """Shapes of the plane as WGS-84."""
        return _moved(shapes, _transformer(self.crs, "EPSG:4326"))

    def place(self, x_m: float, y_m: float) -> tuple[float, float]:
        """A point of the plane as WGS-84 (lon, lat)."""
        lon, lat = _transformer(self.crs, "EPSG:4326").transform(x_m, y_m)
        return float(lon), float(lat)


def plane_over(shapes: Sequence[shapely.Geometry] | Shapes) -> Plane:
    """The transverse Mercator plane centred on WGS-84 shapes: true to 0.01 % over a city.

    Raises Invalid("extent-too-wide") beyond 16 degrees: something in there has a wrong place.
    """
    array = np.asarray(shapes, dtype=object)
    if shapely.is_empty(array).all():
        return Plane("+proj=tmerc +lon_0=0 +lat_0=0 +k=1 +datum=WGS84 +units=m")
    west, south, east, north = shapely.total_bounds(array).tolist()
    if max(east - west, north - south) > WIDEST_DEG:
        raise Invalid(
            "extent-too-wide",
            field="shape",
            value=f"{west:.3f} {south:.3f} {east:.3f} {north:.3f}",
            most_deg=WIDEST_DEG,
        )
    lon, lat = (west + east) / 2, (south + north) / 2
    return Plane(f"+proj=tmerc +lon_0={lon:.6f} +lat_0={lat:.6f} +k=1 +datum=WGS84 +units=m")


def plane_of(crs: str) -> Plane:
    """The plane of a named projected CRS in metres; Invalid("crs-unknown" or "crs-no-plane")."""
    known = crs_named(crs)
    if not known.is_projected or known.axis_info[0].unit_conversion_factor != 1.0:
        raise Invalid("crs-no-plane", field="plane", value=crs)
    return Plane(crs)


@lru_cache(maxsize=32)
def crs_named(crs: str) -> CRS:
    """The coordinate reference system that "EPSG:n", a WKT or a PROJ text means, or Invalid."""
    try:
        return CRS.from_user_input(crs)
    except CRSError:
        raise Invalid("crs-unknown", field="crs", value=crs) from None


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres of one degree to the (east, north) at a latitude of the WGS-84 ellipsoid."""
    sin2 = math.sin(math.radians(lat)) ** 2
    flat = 1 - _ECCENTRICITY2 * sin2
    prime_vertical_m = _SEMI_AXIS_M / math.sqrt(flat)
    meridian_m = prime_vertical_m * (1 - _ECCENTRICITY2) / flat
    one = math.pi / 180
    return prime_vertical_m * math.cos(math.radians(lat)) * one, meridian_m * one


def metres_per_degrees(lats: Degrees) -> tuple[Degrees, Degrees]:
    """`metres_per_degree` of many latitudes at once."""
    phi = np.radians(lats)
    flat = 1 - _ECCENTRICITY2 * np.sin(phi) ** 2
    prime_vertical_m = _SEMI_AXIS_M / np.sqrt(flat)
    meridian_m = prime_vertical_m * (1 - _ECCENTRICITY2) / flat
    return np.radians(prime_vertical_m * np.cos(phi)), np.radians(meridian_m)


def _moved(shapes: Shapes, transformer: Transformer) -> Shapes:
    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    moved: Shapes = shapely.transform(shapes, move)
    return moved


@lru_cache(maxsize=32)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(crs_named(source), crs_named(target), always_xy=True)
