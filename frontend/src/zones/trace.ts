import MultiPolygon from "ol/geom/MultiPolygon";
import Polygon from "ol/geom/Polygon";
import Draw from "ol/interaction/Draw";
import Modify from "ol/interaction/Modify";
import Snap from "ol/interaction/Snap";
import VectorSource from "ol/source/Vector";
import { say } from "../lib/words";
import type { EditionMap } from "../map/edition";
import { theme } from "../map/theme";
import { corner, ownLayer, ownStyle } from "./layer";
import { drawnOf, linesOf, ringsOf } from "./outline";

/** Draw the outline that `field` says, and say in `field` what is drawn. */
export function startTracing(
  shown: EditionMap,
  holder: HTMLElement,
  field: HTMLTextAreaElement,
  others: VectorSource,
): void {
  const own = new VectorSource();
  shown.draw(() => ownLayer(own, theme()));
  const read = (): void => {
    const rings = ringsOf(field.value);
    if (!rings) return; // half typed: the drawing stays as it is
    own.clear();
    const drawn = drawnOf(rings);
    if (drawn) own.addFeature(drawn);
    holder.dataset.corners = String(rings.flat().length);
  };
  const write = (): void => {
    const shape = own.getFeatures()[0]?.getGeometry();
    if (shape instanceof Polygon || shape instanceof MultiPolygon) {
      field.value = linesOf(shape);
      holder.dataset.corners = String(ringsOf(field.value)?.flat().length ?? 0);
    }
  };
  read();
  if (field.readOnly) return;
  field.addEventListener("input", read);
  tools(shown, holder, own, others, write);
}

function tools(
  shown: EditionMap,
  holder: HTMLElement,
  own: VectorSource,
  others: VectorSource,
  write: () => void,
): void {
  const button = holder.querySelector<HTMLButtonElement>("[data-trace]");
  const undo = holder.querySelector<HTMLButtonElement>("[data-trace-undo]");
  const said = holder.querySelector<HTMLElement>("[data-trace-said]");
  if (!button || !undo || !said) return;
  const { map } = shown;
  const modify = new Modify({ source: own, style: corner(theme()), pixelTolerance: 16 });
  modify.on("modifyend", write);
  map.addInteraction(modify);
  let draw: Draw | null = null;
  const snaps = [own, others].map((source) => new Snap({ source, pixelTolerance: 12 }));
  const snap = (): void => {
    // Snapping must see the pointer first, so it is added last.
    for (const one of snaps) {
      map.removeInteraction(one);
      map.addInteraction(one);
    }
  };
  snap();

  const stop = (): void => {
    if (draw) map.removeInteraction(draw);
    draw = null;
    button.setAttribute("aria-pressed", "false");
    undo.hidden = true;
    said.textContent = "";
    modify.setActive(true);
  };
  const start = (): void => {
    modify.setActive(false);
    draw = new Draw({ type: "Polygon", style: [ownStyle(theme()), corner(theme())] });
    draw.on("drawend", (event) => {
      own.clear();
      own.addFeature(event.feature);
      write();
      // Not while the map still hands this click round.
      window.setTimeout(stop);
    });
    map.addInteraction(draw);
    snap();
    button.setAttribute("aria-pressed", "true");
    undo.hidden = false;
    said.textContent = say("trace-how");
  };
  button.addEventListener("click", () => (draw ? stop() : start()));
  undo.addEventListener("click", () => draw?.removeLastPoint());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && draw) stop();
  });
}
