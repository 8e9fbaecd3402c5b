import "ol/ol.css";
import "../styles/map.css";
import { type Extent, isEmpty } from "ol/extent";
import VectorImageLayer from "ol/layer/VectorImage";
import { transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import { say } from "../lib/words";
import { editionMap } from "./edition";
import { fetchFeatures } from "./layers";
import { type Theme, theme } from "./theme";
import { frame, scene } from "./view";

function fileLayer(source: VectorSource, colors: Theme): VectorImageLayer<VectorSource> {
  return new VectorImageLayer({
    source,
    imageRatio: 1.5,
    zIndex: 6,
    properties: { name: "preview" },
    style: new Style({
      stroke: new Stroke({ color: colors.color("tone-up"), width: 2 }),
      fill: new Fill({ color: colors.color("map-preview") }),
    }),
  });
}

function first(place: HTMLElement): Extent | null {
  const edges = (place.dataset.extent ?? "").split(",").map(Number);
  return edges.length === 4 && edges.every(Number.isFinite) ? edges : null;
}

const chosen = (): string =>
  document.querySelector<HTMLInputElement>("input[name=datum]:checked")?.value ?? "wgs84";

/** A file that is no edition yet, over what is known; it moves with the datum that is chosen. */
export function previewMap(place: HTMLElement): void {
  const view = place.dataset.edition ? editionMap(place) : scene(place);
  const source = new VectorSource();
  view.draw(() => fileLayer(source, theme()));
  const extent = first(place);
  if (extent) frame(view.map, transformExtent(extent, "EPSG:4326", "EPSG:3857"), place);
  let asked = "";
  const show = async (datum: string): Promise<void> => {
    asked = datum;
    try {
      const found = await fetchFeatures(
        (place.dataset.importPreview ?? "").replace("DATUM", datum),
      );
      if (asked !== datum) return;
      source.clear(true);
      source.addFeatures(found);
      const there = source.getExtent();
      if (!extent && there && !isEmpty(there)) frame(view.map, there, place);
      place.dataset.fileDatum = datum;
    } catch {
      place.dataset.failed = say("map-failed");
    }
  };
  for (const input of document.querySelectorAll<HTMLInputElement>("input[name=datum]")) {
    input.addEventListener("change", () => void show(input.value));
  }
  void show(chosen());
}
