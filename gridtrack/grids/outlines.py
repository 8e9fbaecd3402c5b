"""What a map draws of a finding: the faulty ground itself, small enough to be kept with it."""

import numpy as np
import shapely

from gridtrack.geo.metric import Plane
from gridtrack.grids.regions import Shapes

# A finding is a kilobyte or two at most, however ragged the coast is that it lies on.
MOST_POINTS = 80
MOST_PARTS = 8
_LEAST_M = 0.05
# The slivers that cutting leaves along a border would stretch what the map zooms to.
_LEAST_SHARE = 0.02


def outline_of(pieces: Shapes, plane: Plane) -> shapely.Geometry | None:
    """Some polygons of the plane as one WGS-84 shape of at most `MOST_POINTS` points, or None.

    Where they are more than `MOST_PARTS`, the largest are taken. What is too ragged even so is
    drawn as the rectangle around it.
    """
    if not len(pieces):
        return None
    areas = shapely.area(pieces)
    order = np.argsort(-areas, kind="stable")[:MOST_PARTS]
    largest = pieces[order[areas[order] >= _LEAST_SHARE * areas.max()]]
    drawn = shapely.MultiPolygon([shapely.polygons(one.exterior) for one in largest])
    step_m = _LEAST_M
    while shapely.get_num_coordinates(drawn) > MOST_POINTS and step_m < 1000:
        # What is thinner than the step collapses to its own ends, which a map still shows.
        drawn = shapely.simplify(drawn, step_m, preserve_topology=True)
        step_m *= 4
    if shapely.get_num_coordinates(drawn) > MOST_POINTS:
        drawn = shapely.MultiPolygon([shapely.box(*shapely.bounds(drawn))])
    degrees: shapely.Geometry = plane.degrees(np.array([drawn], dtype=object))[0]
    return shapely.transform(degrees, lambda xy: np.round(xy, 7))
