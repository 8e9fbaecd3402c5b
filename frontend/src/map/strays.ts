import Feature from "ol/Feature";
import Point from "ol/geom/Point";
import VectorLayer from "ol/layer/Vector";
import { fromLonLat } from "ol/proj";
import VectorSource from "ol/source/Vector";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import { editionMap } from "./edition";
import { theme } from "./theme";

/** The plates that are not in exactly one base grid, on the map of their edition. */

interface Stray {
  id: number;
  text: string;
  kind: string;
  at: [number, number];
}

const SIGNS: Record<string, string> = { overlap: "2", outside: "0" };

/** A round mark with how many grids the plate lies in: none, or several. */
function mark(kind: string): Style {
  const look = theme();
  return new Style({
    image: new CircleStyle({
      radius: 9,
      fill: new Fill({ color: look.color("tone-late") }),
      stroke: new Stroke({ color: look.color("surface"), width: 2 }),
    }),
    text: new Text({
      text: SIGNS[kind] ?? "!",
      fill: new Fill({ color: look.color("on-tone") }),
      font: "700 11px sans-serif",
    }),
  });
}

/** Start the map of `frame` with its plates, and the buttons that lead to them. */
export function showStrays(frame: HTMLElement): void {
  const place = frame.querySelector<HTMLElement>("[data-edition]");
  const given = frame.querySelector("[data-strays]")?.textContent;
  if (!place) return;
  const strays = JSON.parse(given || "[]") as Stray[];
  const view = editionMap(place);
  view.draw(
    () =>
      new VectorLayer({
        zIndex: 40,
        source: new VectorSource({
          features: strays.map(
            (one) => new Feature({ geometry: new Point(fromLonLat(one.at)), kind: one.kind }),
          ),
        }),
        style: (feature) => mark(String(feature.get("kind"))),
      }),
  );
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-show-at]")) {
    button.addEventListener("click", () => {
      view.zoomTo((button.dataset.showAt ?? "").split(",").map(Number));
      place.scrollIntoView({ block: "center" });
    });
  }
}
