"""Splitting, merging, drawing anew, handing over: what changes who has which ground.

Lines and borders are first cut where they meet, in every grid that meets there. After that GEOS
finds no new point, so that neighbours keep exactly the same border.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import shapely

from gridtrack.errors import Conflict, Invalid, NotFound
from gridtrack.grids import rings
from gridtrack.grids.operations import Draw, Merge, Remove, Reparent, Split
from gridtrack.grids.regions import Shapes, polygons_in
from gridtrack.grids.rings import SAME_DEG, Point
from gridtrack.grids.rules import Grid
from gridtrack.grids.sheet import Sheet, parts_of, plain

# An end of a cutting line that stops this short of the border is meant to reach it (some metres).
_SHORT_DEG = 5e-5
_PASSES = 3


def split(sheet: Sheet, asked: Split) -> Sheet:
    """Cut a grid in two; the larger part keeps its code, children go with the ground they are on.

    Raises Invalid("draw-line-short" or "draw-line-parts") where the line does not make two of one.
    """
    key = sheet.key(asked.grid)
    line = _reaching(_line(asked.line), sheet.grids[key].shape)
    sheet, line = _crossed(sheet, line, _border(sheet.grids[key].shape))
    old = sheet.grids[key]
    large, small = _halves(old.shape, line)
    new = Grid(
        code=asked.code or sheet.free_code(old.code),
        level=old.level,
        parent=old.parent,
        name=asked.name or old.name,
        shape=small,
        name_en=asked.name_en or old.name_en,
    )
    below = sheet.children(old)
    done = sheet.put({key: replace(old, shape=large)}).add(new)
    made = done.key(new.code)
    for child in below:
        if shapely.intersects(small, shapely.point_on_surface(below[child].shape)):
            done = done.under(child, done.grids[made])
    return done


def merge(sheet: Sheet, asked: Merge) -> Sheet:
    """Join two neighbours under one parent; the children of `other` follow.

    Raises Invalid("draw-not-siblings" or "draw-apart").
    """
    key, gone = sheet.key(asked.grid), sheet.key(asked.other)
    one, other = sheet.grids[key], sheet.grids[gone]
    if key == gone or (one.level, one.parent) != (other.level, other.parent):
        raise Invalid("draw-not-siblings", field="other", value=asked.other, grid=asked.grid)
    joined = _joined(one.shape, other.shape)
    if parts_of(joined) >= parts_of(one.shape) + parts_of(other.shape):
        raise Invalid("draw-apart", field="other", value=asked.other, grid=asked.grid)
    kept = replace(one, shape=joined)
    below = sheet.children(other)
    sheet = sheet.put({key: kept})
    for child in below:
        sheet = sheet.under(child, kept)
    return sheet.drop(gone)


def draw(sheet: Sheet, asked: Draw) -> Sheet:
    """Add a grid inside a ring; its parents grow by what lies outside of them.

    Ground of siblings is taken with `cut`, that of others never. Raises Invalid.
    """
    parent = _parent(sheet, asked.level, asked.parent)
    ring = rings.welded(np.array(asked.ring), sheet.shapes)
    line = shapely.linestrings(np.concatenate([ring, ring[:1]]))
    if len(ring) < 3 or not shapely.is_simple(line):
        raise Invalid("draw-crossing", field="ring")
    sheet, line = _crossed(sheet, line, _near(sheet.shapes, line))
    shape = shapely.Polygon(shapely.get_coordinates(line))
    for key, grid in sheet.level(asked.level).items():
        if not shapely.relate_pattern(shape, grid.shape, "T********"):
            continue
        if not asked.cut:
            shape = shapely.difference(shape, grid.shape)
        elif grid.parent != asked.parent:
            raise Invalid("draw-of-another", field="ring", value=grid.code, grid=grid.code)
        else:
            sheet = sheet.put({key: replace(grid, shape=_less(grid, shape))})
    shape = plain(shape)
    if parts_of(shape) > 1:
        raise Invalid("draw-in-pieces", field="ring")
    code = asked.code or sheet.free_code(_last(sheet, asked.level, asked.parent))
    new = Grid(code, asked.level, asked.parent, asked.name or code, shape, "", asked.name_en)
    return _gained(sheet, parent, shape).add(new)


def remove(sheet: Sheet, asked: Remove) -> Sheet:
    """Take a grid and its ground out of the edition, its parents' ground as well."""
    key = sheet.key(asked.grid)
    gone = sheet.grids[key]
    if sheet.children(gone):
        raise Invalid("draw-has-children", field="grid", value=gone.code)
    parent = _parent(sheet, gone.level, gone.parent) if gone.level > 1 else None
    _not_the_last(sheet, parent, key, gone)
    others = [grid.shape for grid in sheet.level(gone.level, key).values()]
    ground = shapely.difference(gone.shape, shapely.union_all(others))
    return _lost(sheet.drop(key), parent, ground)


def reparent(sheet: Sheet, asked: Reparent) -> Sheet:
    """Hand a grid with its ground to another parent, up to where both have the same one."""
    key = sheet.key(asked.grid)
    grid = sheet.grids[key]
    new = _parent(sheet, grid.level, asked.parent)
    if new is None:
        raise Invalid("draw-no-parent", field="parent", value=asked.parent)
    if new.code == grid.parent:
        return sheet
    old = next((g for g in sheet.level(grid.level - 1).values() if g.code == grid.parent), None)
    _not_the_last(sheet, old, key, grid)
    while old is not None and new is not None and old.code != new.code:
        sheet = _lost(sheet, old, grid.shape, once=True)
        sheet = _gained(sheet, new, grid.shape, once=True)
        old, new = _above(sheet, old), _above(sheet, new)
    return sheet.under(key, sheet.grid(asked.parent))


# ---- lines ------------------------------------------------------------------------------------


def _line(points: Iterable[Point]) -> shapely.Geometry:
    xy = np.array(list(points), dtype=np.float64)
    if len(xy) < 2:
        raise Invalid("draw-line-short", field="line")
    return shapely.linestrings(xy)


def _border(shape: shapely.Geometry) -> Shapes:
    return np.array([shapely.boundary(shape)], dtype=object)


def _near(shapes: Shapes, line: shapely.Geometry) -> Shapes:
    """The borders of those shapes that come near a line."""
    borders: Shapes = shapely.boundary(shapes)
    near: Shapes = borders[shapely.dwithin(borders, line, SAME_DEG)]
    return near


def _reaching(line: shapely.Geometry, shape: shapely.Geometry) -> shapely.Geometry:
    """The line with its ends on the border where they stop a little short of it."""
    xy = shapely.get_coordinates(line)
    border = shapely.boundary(shape)
    for end in (0, -1):
        place = shapely.Point(xy[end])
        if shapely.contains_properly(shape, place) and shapely.dwithin(place, border, _SHORT_DEG):
            xy[end] = shapely.get_coordinates(shapely.shortest_line(border, place))[0]
    return shapely.linestrings(xy)


def _crossed(
    sheet: Sheet, line: shapely.Geometry, borders: Shapes
) -> tuple[Sheet, shapely.Geometry]:
    """Sheet and line with a common vertex wherever the line meets one of the borders.

    A crossing is rounded, which bends the line by a hair: so it is looked at more than once.
    """
    shapes = sheet.shapes
    for _ in range(_PASSES):
        line = _welded_line(line, shapes)
        there = shapely.get_coordinates(shapely.intersection(borders, line))
        on_line = shapely.get_coordinates(line)
        met = rings.apart(rings.welded(there, np.append(shapes, line)))
        meeting = rings.distinct(np.concatenate([met, on_line]))
        bent = _with_points(line, meeting)
        shapes_now = rings.with_points(shapes, meeting)
        if shapely.equals_identical(bent, line) and shapes_now is shapes:
            break
        line, shapes = bent, shapes_now
        borders = _near(shapes, line)
    return sheet.having(shapes), line


def _welded_line(line: shapely.Geometry, shapes: Shapes) -> shapely.Geometry:
    """The line with its own vertices rounded or on those of the shapes, and theirs put into it."""
    welded = shapely.linestrings(rings.welded(shapely.get_coordinates(line), shapes))
    return _with_points(welded, rings.vertices_of(shapes))


def _with_points(line: shapely.Geometry, points: rings.Numbers) -> shapely.Geometry:
    """A line with those points put in that lie on it."""
    line = shapely.remove_repeated_points(line, 0)
    return rings.line_with_points(line, points)


def _halves(
    shape: shapely.Geometry, line: shapely.Geometry
) -> tuple[shapely.Geometry, shapely.Geometry]:
    """The two parts that a line cuts a polygon into, the larger first."""
    whole: list[shapely.Geometry] = []
    cut: list[list[shapely.Geometry]] = []
    for piece in polygons_in(shape):
        work = shapely.union_all([shapely.boundary(piece), line])
        faces = polygons_in(shapely.polygonize([work]))
        inner = shapely.point_on_surface(faces)
        own = faces[shapely.intersects(piece, inner)].tolist()
        if len(own) > 1:
            cut.append(own)
        else:
            whole.append(piece)
    if not cut:
        raise Invalid("draw-line-short", field="line")
    if len(cut) > 1 or len(cut[0]) > 2:
        raise Invalid("draw-line-parts", field="line")
    small, large = sorted(cut[0], key=lambda face: float(face.area))
    return plain(shapely.GeometryCollection([large, *whole])), small


# ---- ground -----------------------------------------------------------------------------------


def _joined(one: shapely.Geometry, other: shapely.Geometry) -> shapely.Geometry:
    """Two grids as one. What matches is joined as it is; strips that do not are noded."""
    joined = plain(shapely.coverage_union_all([one, other]))
    if shapely.is_valid(joined) and parts_of(joined) < parts_of(one) + parts_of(other):
        return joined
    return plain(shapely.union(one, other))


def _less(grid: Grid, taken: shapely.Geometry) -> shapely.Geometry:
    """What a grid keeps; raises Invalid where that is nothing, or falls apart."""
    left = polygons_in(shapely.difference(grid.shape, taken))
    if not len(left):
        raise Invalid("draw-swallows", field="ring", value=grid.code, grid=grid.code)
    if len(left) > parts_of(grid.shape):
        raise Invalid("draw-cuts", field="ring", value=grid.code, grid=grid.code)
    return plain(shapely.MultiPolygon(left.tolist()))


def _gained(
    sheet: Sheet, parent: Grid | None, ground: shapely.Geometry, *, once: bool = False
) -> Sheet:
    """The sheet in which `parent`, and unless `once` all above, has the ground as well."""
    while parent is not None:
        if not shapely.covers(parent.shape, ground):
            joined = plain(shapely.union(parent.shape, ground))
            if parts_of(joined) > parts_of(parent.shape):
                raise Invalid("draw-apart", field="parent", value=parent.code, grid=parent.code)
            sheet = sheet.put({sheet.key(parent.code): replace(parent, shape=joined)})
        parent = None if once else _above(sheet, parent)
    return sheet


def _lost(
    sheet: Sheet, parent: Grid | None, ground: shapely.Geometry, *, once: bool = False
) -> Sheet:
    """The sheet in which `parent`, and unless `once` all above, has the ground no more."""
    while parent is not None:
        sheet = sheet.put({sheet.key(parent.code): replace(parent, shape=_less(parent, ground))})
        parent = None if once else _above(sheet, parent)
    return sheet


def _above(sheet: Sheet, grid: Grid) -> Grid | None:
    above = sheet.level(grid.level - 1).values()
    return next((one for one in above if one.code == grid.parent), None)


def _parent(sheet: Sheet, level: int, code: str) -> Grid | None:
    """The parent that a grid of `level` names: None for level 1; raises Invalid."""
    if level == 1:
        return None
    found = next((g for g in sheet.level(level - 1).values() if g.code == code), None)
    if found is None:
        raise Invalid("draw-no-parent", field="parent", value=code)
    return found


def _not_the_last(sheet: Sheet, parent: Grid | None, key: str, gone: Grid) -> None:
    """Refuse to leave a parent without children: its level would have no grid there."""
    if parent is not None and set(sheet.children(parent)) <= {key}:
        raise Conflict("draw-last-child", grid=gone.code, parent=parent.code)


def _last(sheet: Sheet, level: int, parent: str) -> str:
    """The last code under a parent, from which a new one is counted on."""
    codes = [g.code for g in sheet.level(level).values() if g.parent == parent]
    if not codes and not parent:
        raise NotFound("draw-no-grid", grid=parent)
    return max(codes, default=parent)
