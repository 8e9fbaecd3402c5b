import type Feature from "ol/Feature";
import type { FeatureLike } from "ol/Feature";
import TileLayer from "ol/layer/Tile";
import VectorLayer from "ol/layer/Vector";
import VectorImageLayer from "ol/layer/VectorImage";
import Cluster from "ol/source/Cluster";
import type VectorSource from "ol/source/Vector";
import XYZ from "ol/source/XYZ";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import { FORMAT } from "./geojson";
import { clusterStyle } from "./marks";
import { LABEL, type Theme } from "./theme";

// Wider than this many map metres a pixel, names of that level would only be a smear.
const NAMES_UNTIL: Record<number, number> = { 1: 60, 2: 12, 3: 4 };
const CLEAR = "rgba(0, 0, 0, 0)";
const LINES: Record<number, number> = { 1: 3, 2: 1.8, 3: 1 };

/** Fetch GeoJSON; rejects where the server does not answer with it. */
export async function fetchFeatures(url: string): Promise<Feature[]> {
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return readFeatures(await answer.json());
}

/** The features of GeoJSON, in the plane of the map. */
export function readFeatures(collection: unknown): Feature[] {
  return FORMAT.readFeatures(collection) as Feature[];
}

/** Put `collection` into `source` in place of what it had. */
export function replaceFeatures(source: VectorSource, collection: unknown): void {
  source.clear(true);
  source.addFeatures(FORMAT.readFeatures(collection));
}

/** The name of a grid or a road in the page's language, its code where it has none. */
export function nameOf(feature: FeatureLike): string {
  const english = document.documentElement.lang.startsWith("en") ? feature.get("name_en") : "";
  return String(english || feature.get("name") || feature.get("code") || "");
}

/** True when `path` is one of `scopes` or lies below one of them in the grid tree. */
export function covered(path: string, scopes: readonly string[]): boolean {
  return scopes.some((scope) => path === scope || path.startsWith(`${scope}/`));
}

function gridStyle(
  colors: Theme,
  mine: readonly string[],
): (feature: FeatureLike, resolution: number) => Style[] {
  const line = colors.color("map-grid-line");
  const names = colors.color("ink");
  const halo = colors.color("map-ground");
  const own = colors.color("map-mine");
  const plain = colors.color("map-grid");
  return (feature, resolution) => {
    const level = Number(feature.get("level") ?? 3);
    const inside = covered(String(feature.get("path") ?? ""), mine);
    const shape = new Style({
      stroke: new Stroke({ color: line, width: LINES[level] ?? 1 }),
      // Every level is filled, if only with nothing: a tap inside must find its grid.
      fill: new Fill({ color: level < 3 ? CLEAR : inside ? own : plain }),
      zIndex: 4 - level,
    });
    const shown =
      resolution < (NAMES_UNTIL[level] ?? 4) && resolution > (NAMES_UNTIL[level + 1] ?? 0);
    if (!shown) return [shape];
    const name = nameOf(feature);
    const text = new Text({
      text: name,
      font: LABEL,
      fill: new Fill({ color: names }),
      stroke: new Stroke({ color: halo, width: 3 }),
      overflow: level === 1,
    });
    return [shape, new Style({ text, zIndex: 10 })];
  };
}

/** Grid polygons; an image layer drags at full speed with thousands of them. */
export function gridLayer(
  source: VectorSource,
  colors: Theme,
  mine: readonly string[],
): VectorImageLayer<VectorSource> {
  return new VectorImageLayer({
    source,
    style: gridStyle(colors, mine),
    imageRatio: 1.5,
    declutter: true,
    zIndex: 2,
    properties: { name: "grids" },
  });
}

/** What the ground is drawn with: made once per theme. */
interface Ground {
  casing: string;
  body: string;
  words: string;
  halo: string;
  areas: Record<string, string>;
  other: string;
}

function groundOf(colors: Theme): Ground {
  return {
    casing: colors.color("map-road-edge"),
    body: colors.color("map-road"),
    words: colors.color("ink-soft"),
    halo: colors.color("map-ground"),
    areas: { river: colors.color("map-water"), park: colors.color("map-green") },
    other: colors.color("map-square"),
  };
}

function label(text: string, ground: Ground, onLine: boolean): Style {
  return new Style({
    text: new Text({
      text,
      font: LABEL,
      placement: onLine ? "line" : "point",
      fill: new Fill({ color: ground.words }),
      stroke: new Stroke({ color: onLine ? ground.body : ground.halo, width: 3 }),
    }),
    zIndex: 3,
  });
}

function areaStyle(
  feature: FeatureLike,
  name: string,
  resolution: number,
  ground: Ground,
): Style[] {
  const fill = ground.areas[String(feature.get("kind"))] ?? ground.other;
  const shape = new Style({ fill: new Fill({ color: fill }), zIndex: 0 });
  return name && resolution < 5 ? [shape, label(name, ground, false)] : [shape];
}

const WIDE_M = 12;

function lineStyle(
  feature: FeatureLike,
  name: string,
  resolution: number,
  ground: Ground,
): Style[] {
  const metres = Number(feature.get("width_m") ?? 5);
  const wide = metres > WIDE_M;
  const width = Math.max(wide ? 2.5 : 1, Math.min(16, metres / resolution));
  const styles = [
    new Style({ stroke: new Stroke({ color: ground.casing, width: width + 1.5 }), zIndex: 1 }),
    new Style({ stroke: new Stroke({ color: ground.body, width }), zIndex: 2 }),
  ];
  if (name && resolution < (wide ? 4 : 1.5)) styles.push(label(name, ground, true));
  return styles;
}

/** Our own ground: roads, lanes, water and green, for orientation where no base map is allowed. */
export function roadLayer(source: VectorSource, colors: Theme): VectorImageLayer<VectorSource> {
  const ground = groundOf(colors);
  return new VectorImageLayer({
    source,
    imageRatio: 1.5,
    declutter: true,
    zIndex: 1,
    properties: { name: "roads" },
    style: (feature, resolution) => {
      const name = nameOf(feature);
      const area = feature.getGeometry()?.getType().endsWith("Polygon");
      return area
        ? areaStyle(feature, name, resolution, ground)
        : lineStyle(feature, name, resolution, ground);
    },
  });
}

/** Incidents, those close together drawn as one mark with their number. */
export function incidentLayer(source: VectorSource, colors: Theme): VectorLayer<Cluster> {
  return new VectorLayer({
    source: new Cluster({ source, distance: 40, minDistance: 24 }),
    style: (feature) => clusterStyle(feature, colors),
    properties: { name: "incidents" },
    zIndex: 20,
  });
}

/** The operator's base map, with the credit and review number the law wants shown. */
export function baseLayer(url: string, credit: string): TileLayer<XYZ> {
  return new TileLayer({ source: new XYZ({ url, attributions: credit, maxZoom: 19 }), zIndex: -1 });
}
