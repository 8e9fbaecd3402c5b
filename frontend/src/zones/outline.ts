import type { Coordinate } from "ol/coordinate";
import Feature from "ol/Feature";
import MultiPolygon from "ol/geom/MultiPolygon";
import Polygon from "ol/geom/Polygon";
import { fromLonLat, toLonLat } from "ol/proj";

/** The rings that lines of `longitude, latitude` say; null where a line says none. */
export function ringsOf(text: string): Coordinate[][] | null {
  const rings: Coordinate[][] = [[]];
  for (const line of text.split(/\r?\n/)) {
    if (!line.trim()) {
      if (rings[rings.length - 1]?.length) rings.push([]);
      continue;
    }
    const words = line.replace(/[,，]/g, " ").trim().split(/\s+/).map(Number);
    if (words.length !== 2 || !words.every(Number.isFinite)) return null;
    rings[rings.length - 1]?.push(words);
  }
  return rings.filter((ring) => ring.length > 2);
}

/** Rings in degrees as one feature of the map; a ring inside an earlier one is a hole of it. */
export function drawnOf(rings: Coordinate[][]): Feature | null {
  const parts: Coordinate[][][] = [];
  for (const ring of rings) {
    const flat = ring.map((at) => fromLonLat(at));
    flat.push(flat[0] as Coordinate);
    const within = new Polygon([flat]).getInteriorPoint().getCoordinates();
    const outer = parts.find((part) =>
      new Polygon([part[0] as Coordinate[]]).intersectsCoordinate(within),
    );
    if (outer) outer.push(flat);
    else parts.push([flat]);
  }
  if (!parts.length) return null;
  return new Feature(
    parts.length === 1 ? new Polygon(parts[0] as Coordinate[][]) : new MultiPolygon(parts),
  );
}

/** The lines that say what is drawn; the server reads the same. */
export function linesOf(geometry: Polygon | MultiPolygon): string {
  const parts =
    geometry instanceof Polygon ? [geometry.getCoordinates()] : geometry.getCoordinates();
  return parts
    .flat()
    .map((ring) =>
      ring
        .slice(0, -1)
        .map((at) =>
          toLonLat(at)
            .map((degrees) => degrees.toFixed(7))
            .join(", "),
        )
        .join("\n"),
    )
    .join("\n\n");
}
