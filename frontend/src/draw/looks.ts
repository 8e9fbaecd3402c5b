import type { FeatureLike } from "ol/Feature";
import type { Geometry } from "ol/geom";
import MultiPoint from "ol/geom/MultiPoint";
import Point from "ol/geom/Point";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import { covered, nameOf } from "../map/layers";
import { LABEL, theme } from "../map/theme";
import { ringsOf } from "./difference";

const NAMES_UNTIL = 3; // map metres a pixel

type Look = (feature: FeatureLike, resolution: number) => Style[];

/** The grids of the level that is drawn in; those of other people's scopes are on other ground. */
export function gridLook(scopes: readonly string[]): Look {
  const colors = theme();
  const stroke = new Stroke({ color: colors.color("accent"), width: 2 });
  const own = new Style({ stroke, fill: new Fill({ color: colors.color("map-mine") }) });
  const others = new Style({ stroke, fill: new Fill({ color: colors.color("map-grid") }) });
  const word = { ink: colors.color("ink"), halo: colors.color("map-ground") };
  return (feature, resolution) => {
    const mine = scopes.includes("") || covered(String(feature.get("path") ?? ""), scopes);
    const shape = mine ? own : others;
    if (resolution > NAMES_UNTIL) return [shape];
    return [shape, name(nameOf(feature), word)];
  };
}

/** The borders of other levels: wider the higher they are, below it a dashed line. */
export function lineLook(level: number, drawn: number): Look {
  const higher = drawn - level;
  const color = theme().color("map-grid-line");
  const stroke =
    higher > 0
      ? new Stroke({ color, width: 2 + 3 * higher })
      : new Stroke({ color, width: 1, lineDash: [4, 4] });
  return () => [new Style({ stroke })];
}

function name(text: string, word: { ink: string; halo: string }): Style {
  return new Style({
    text: new Text({
      text,
      font: LABEL,
      fill: new Fill({ color: word.ink }),
      stroke: new Stroke({ color: word.halo, width: 3 }),
    }),
  });
}

/** The chosen grid, the chosen vertex, and faulty ground: each with a line of its own kind. */
export function markLook(feature: FeatureLike): Style[] {
  const colors = theme();
  if (feature.get("fault")) {
    const ink = colors.color("tone-late");
    return [
      new Style({
        stroke: new Stroke({ color: ink, width: 3, lineDash: [2, 6] }),
        fill: new Fill({ color: colors.color("map-late") }),
        image: new CircleStyle({ radius: 9, stroke: new Stroke({ color: ink, width: 3 }) }),
      }),
    ];
  }
  const ink = colors.color("accent-strong");
  return [
    new Style({ stroke: new Stroke({ color: ink, width: 4 }) }),
    vertices(colors.color("surface"), ink),
    new Style({
      image: new CircleStyle({
        radius: 8,
        fill: new Fill({ color: colors.color("surface") }),
        stroke: new Stroke({ color: ink, width: 4 }),
      }),
    }),
  ];
}

/** A dot on each vertex of the chosen grid: where a hand can take hold. */
function vertices(fill: string, ink: string): Style {
  const image = new CircleStyle({
    radius: 4,
    fill: new Fill({ color: fill }),
    stroke: new Stroke({ color: ink, width: 2 }),
  });
  return new Style({
    image,
    geometry: (feature) => {
      const shape = feature.getGeometry() as Geometry | undefined;
      return shape instanceof Point ? undefined : new MultiPoint(ringsOf(shape).flat());
    },
  });
}

/** What is under the hand: the vertex that would move, the line that is being drawn. */
export function handLook(): Style {
  const ink = theme().color("accent-strong");
  return new Style({
    stroke: new Stroke({ color: ink, width: 3, lineDash: [8, 4] }),
    fill: new Fill({ color: theme().color("map-open") }),
    image: new CircleStyle({
      radius: 7,
      fill: new Fill({ color: ink }),
      stroke: new Stroke({ color: theme().color("surface"), width: 2 }),
    }),
  });
}
