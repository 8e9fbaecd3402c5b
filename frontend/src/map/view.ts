import { defaults as defaultControls } from "ol/control/defaults";
import ScaleLine from "ol/control/ScaleLine";
import { type Extent, isEmpty } from "ol/extent";
import OlMap from "ol/Map";
import VectorSource from "ol/source/Vector";
import View from "ol/View";
import { say } from "../lib/words";
import { Grids } from "./grids";
import { baseLayer, fetchFeatures, roadLayer } from "./layers";
import { forgetStyles } from "./marks";
import { onThemeChange, theme } from "./theme";

export type Drawn = import("ol/layer/Base").default;

/** A map with the place's own layers, and what is needed to work with it. */
export interface Scene {
  map: OlMap;
  /** Add something that is drawn anew when the theme changes. */
  draw(make: () => Drawn): void;
}

function sentence(place: HTMLElement, words: string): void {
  const line = document.createElement("p");
  line.className = "map-note";
  line.setAttribute("role", "status");
  line.textContent = words;
  place.append(line);
}

/** Move the view so that `extent` fills it. */
export function frame(map: OlMap, extent: Extent, place: HTMLElement): void {
  const padding = place.clientWidth < 500 ? 16 : 32;
  map.getView().fit(extent, { padding: [padding, padding, padding, padding], maxZoom: 18 });
}

/** Build the map inside `place` from its data attributes. */
export function scene(place: HTMLElement): Scene {
  place.replaceChildren();
  const target = document.createElement("div");
  target.className = "map-canvas";
  target.tabIndex = 0;
  target.setAttribute("role", "application");
  target.setAttribute("aria-label", place.dataset.label ?? say("map"));
  place.append(target);

  const map = new OlMap({
    target,
    view: new View({
      center: [0, 0],
      zoom: 15,
      maxZoom: 20,
      constrainRotation: true,
      enableRotation: false,
    }),
    controls: defaultControls({
      rotate: false,
      zoomOptions: { zoomInTipLabel: say("zoom-in"), zoomOutTipLabel: say("zoom-out") },
      attributionOptions: { collapsible: false },
      attribution: Boolean(place.dataset.tiles),
    }).extend([new ScaleLine({ minWidth: 80 })]),
  });

  const makers: Array<{ make: () => Drawn; layer: Drawn }> = [];
  const draw = (make: () => Drawn): void => {
    const layer = make();
    makers.push({ make, layer });
    map.addLayer(layer);
  };
  onThemeChange(() => {
    forgetStyles();
    for (const item of makers) {
      map.removeLayer(item.layer);
      item.layer = item.make();
      map.addLayer(item.layer);
    }
  });

  const tiles = place.dataset.tiles;
  if (tiles) map.addLayer(baseLayer(tiles, place.dataset.credit ?? ""));
  const gridsUrl = place.dataset.grids;
  if (gridsUrl) {
    const mine = (place.dataset.mine ?? "").split(",").filter(Boolean);
    const grids = new Grids(map, place, gridsUrl, mine);
    grids.layers(draw);
    void grids.start(
      (extent) => {
        if (!place.dataset.point && !isEmpty(extent)) frame(map, extent, place);
      },
      () => sentence(place, say("map-failed")),
    );
  }
  const roadsUrl = place.dataset.roads;
  if (roadsUrl) {
    const roads = new VectorSource();
    fetchFeatures(roadsUrl)
      .then((found) => roads.addFeatures(found))
      .catch(() => undefined);
    draw(() => roadLayer(roads, theme()));
  }
  return { map, draw };
}
