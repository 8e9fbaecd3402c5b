import VectorSource from "ol/source/Vector";
import { editionMap } from "../map/edition";
import { fetchFeatures } from "../map/layers";
import { theme } from "../map/theme";
import { zoneLayer } from "./layer";
import { startTracing } from "./trace";

/** Show the zones on the map inside `holder`, and trace one where it names a field to write to. */
export function startZones(holder: HTMLElement): void {
  const place = holder.querySelector<HTMLElement>("[data-edition]");
  if (!place) return;
  const shown = editionMap(place);
  const zones = new VectorSource();
  shown.draw(() => zoneLayer(zones, theme()));
  fetchFeatures(holder.dataset.zones ?? "")
    .then((found) => {
      zones.addFeatures(found);
      holder.dataset.drawn = String(found.length);
    })
    .catch(() => undefined);
  const field = document.getElementById(holder.dataset.tracing ?? "");
  if (field instanceof HTMLTextAreaElement) startTracing(shown, holder, field, zones);
}
