import type { Coordinate } from "ol/coordinate";
import type Feature from "ol/Feature";
import type { Geometry } from "ol/geom";
import MultiPolygon from "ol/geom/MultiPolygon";
import Polygon from "ol/geom/Polygon";
import { toLonLat } from "ol/proj";
import type { Operation, Place } from "./server";

/** The rings of a grid, outer and inner, of every part; each ends where it begins. */
export function ringsOf(shape: Geometry | undefined): Coordinate[][] {
  if (shape instanceof Polygon) return shape.getCoordinates();
  if (shape instanceof MultiPolygon) return shape.getCoordinates().flat();
  return [];
}

/** A place of the map in degrees, as the server reads it. */
export function degrees(at: Coordinate): Place {
  const [lon = 0, lat = 0] = toLonLat(at);
  return [lon, lat];
}

const same = (a: Coordinate | undefined, b: Coordinate | undefined): boolean =>
  a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1];

function middle(a: Coordinate, b: Coordinate): Place {
  const [one, other] = [degrees(a), degrees(b)];
  return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
}

/** What a hand did to one ring: a vertex moved, put in or taken out. */
function change(was: Coordinate[], now: Coordinate[]): Operation | null {
  const n = now.findIndex((at, i) => !same(at, was[i]));
  const [old, new_] = [was[n], now[n]];
  if (n < 0 && now.length === was.length) return null;
  if (now.length === was.length && old && new_)
    return { kind: "move-vertex", at: degrees(old), to: degrees(new_) };
  if (now.length > was.length && new_) {
    const before = was[n - 1] ?? was[was.length - 2];
    const behind = old ?? was[1];
    if (!before || !behind) return null;
    return { kind: "insert-vertex", at: middle(before, behind), to: degrees(new_) };
  }
  const gone = old ?? was[was.length - 1];
  return gone ? { kind: "delete-vertex", at: degrees(gone) } : null;
}

/** What was done by hand to the first of `grids` that is not as it was. */
export function changeOf(
  grids: Feature[],
  before: (grid: Feature) => Geometry | undefined,
): Operation | null {
  for (const grid of grids) {
    const [was, now] = [ringsOf(before(grid)), ringsOf(grid.getGeometry())];
    if (was.length !== now.length) continue;
    for (const [n, ring] of now.entries()) {
      const done = change(was[n] ?? [], ring);
      if (done) return done;
    }
  }
  return null;
}
