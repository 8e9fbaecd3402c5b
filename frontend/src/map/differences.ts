import type Feature from "ol/Feature";
import type { FeatureLike } from "ol/Feature";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import { say } from "../lib/words";
import { type EditionMap, editionMap, type Where } from "./edition";
import { fetchFeatures } from "./layers";
import { theme } from "./theme";

// How each difference is drawn: the token of its colour, and its line. The legend says the same.
const LOOKS: Record<string, { token: string; width: number; dash?: number[] }> = {
  added: { token: "tone-ok", width: 3 },
  removed: { token: "tone-late", width: 3, dash: [8, 6] },
  moved: { token: "tone-soon", width: 3 },
  renumbered: { token: "tone-info", width: 2 },
  renamed: { token: "tone-info", width: 2, dash: [2, 5] },
  parent: { token: "tone-up", width: 2 },
  ground: { token: "tone-soon", width: 0 },
};

function styles(): (feature: FeatureLike) => Style {
  const colors = theme();
  const made = new Map<string, Style>();
  return (feature) => {
    const kind = String(feature.get("kind") ?? "moved");
    const known = made.get(kind);
    if (known) return known;
    const look = LOOKS[kind] ?? LOOKS.moved;
    const color = colors.color(look?.token ?? "tone-soon");
    const style =
      kind === "ground"
        ? new Style({ fill: new Fill({ color: `${color}59` }) })
        : new Style({
            stroke: new Stroke({ color, width: look?.width ?? 2, lineDash: look?.dash }),
            fill: new Fill({
              color: kind === "added" || kind === "removed" ? `${color}33` : "#0000",
            }),
          });
    made.set(kind, style);
    return style;
  };
}

function tell(place: HTMLElement, words: string): void {
  const line = document.createElement("p");
  line.className = "map-left-out";
  line.setAttribute("role", "status");
  line.textContent = words;
  place.append(line);
}

function startRows(shown: EditionMap): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-zoom]");
    const edges = (button?.dataset.zoom ?? "").split(",").map(Number);
    if (!button || edges.length !== 4 || !edges.every(Number.isFinite)) return;
    shown.zoomTo(edges as unknown as Where);
    shown.place.scrollIntoView({ block: "nearest" });
  });
}

/** Draw what differs on the map inside `holder`, and let the lines of the list show themselves. */
export async function showDifferences(holder: HTMLElement): Promise<void> {
  const place = holder.querySelector<HTMLElement>("[data-edition]");
  if (!place) return;
  const shown = editionMap(place);
  startRows(shown);
  const source = new VectorSource();
  shown.draw(() => {
    const layer = new VectorLayer({ source, style: styles() });
    layer.setZIndex(10);
    layer.set("name", "differences");
    return layer;
  });
  try {
    const found: Feature[] = await fetchFeatures(holder.dataset.differences ?? "");
    // Ground that changed hands is hatched below the borders.
    source.addFeatures(found.filter((one) => one.get("kind") === "ground"));
    source.addFeatures(found.filter((one) => one.get("kind") !== "ground"));
    holder.dataset.drawn = String(found.length);
  } catch {
    tell(place, say("map-failed"));
  }
}
