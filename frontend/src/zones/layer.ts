import type { FeatureLike } from "ol/Feature";
import VectorLayer from "ol/layer/Vector";
import type VectorSource from "ol/source/Vector";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import { LABEL, type Theme } from "../map/theme";

const NAMES_UNTIL = 4; // metres a pixel: wider, names would only be a smear

/** Estates and units: their colour is none of the grids', a unit's line is dashed. */
export function zoneLayer(source: VectorSource, colors: Theme): VectorLayer<VectorSource> {
  const line = colors.color("tone-up");
  return new VectorLayer({
    source,
    zIndex: 10,
    properties: { name: "zones" },
    declutter: true,
    style: (feature: FeatureLike, resolution: number) =>
      new Style({
        stroke: new Stroke({
          color: line,
          width: 2.5,
          lineDash: feature.get("kind") === "unit" ? [7, 5] : undefined,
        }),
        fill: new Fill({ color: `${line}26` }),
        text:
          resolution < NAMES_UNTIL
            ? new Text({
                text: String(feature.get("name") ?? ""),
                font: LABEL,
                fill: new Fill({ color: line }),
                stroke: new Stroke({ color: colors.color("map-ground"), width: 3 }),
              })
            : undefined,
      }),
  });
}

/** How the outline that is being drawn looks. */
export function ownStyle(colors: Theme): Style {
  const color = colors.color("accent");
  return new Style({
    stroke: new Stroke({ color, width: 3 }),
    fill: new Fill({ color: `${color}33` }),
  });
}

/** The outline that is being drawn. */
export function ownLayer(source: VectorSource, colors: Theme): VectorLayer<VectorSource> {
  return new VectorLayer({
    source,
    zIndex: 12,
    properties: { name: "own" },
    style: ownStyle(colors),
  });
}

/** A corner under the pointer. */
export function corner(colors: Theme): Style {
  return new Style({
    image: new CircleStyle({
      radius: 7,
      fill: new Fill({ color: colors.color("surface") }),
      stroke: new Stroke({ color: colors.color("accent"), width: 3 }),
    }),
  });
}
