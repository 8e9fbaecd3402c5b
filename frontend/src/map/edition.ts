import "ol/ol.css";
import "../styles/map.css";
import type VectorImageLayer from "ol/layer/VectorImage";
import type OlMap from "ol/Map";
import { fromLonLat, transformExtent } from "ol/proj";
import type VectorSource from "ol/source/Vector";
import { Levels } from "./levels";
import { type Drawn, frame, scene } from "./view";

/** Longitude and latitude, or west, south, east, north: WGS-84 degrees, as lists and files say it. */
export type Where = readonly number[];

/** The grids of one edition on a map; islands that find faults, draw or compare build on it. */
export interface EditionMap {
  map: OlMap;
  place: HTMLElement;
  levels: readonly number[];
  /** The grids of a level as they are shown now: replaced, not changed, whenever the view moves. */
  source(level: number): VectorSource;
  layer(level: number): VectorImageLayer<VectorSource> | undefined;
  /** `act` is called with the level each time after its grids were loaded. */
  onLoaded(act: (level: number) => void): void;
  /** Ask the server again, after a change; settles when every level is there. */
  reload(): Promise<void>;
  /** Show a point from near by, or all of a box. */
  zoomTo(where: Where): void;
  /** Add something that is drawn anew when the theme changes. */
  draw(make: () => Drawn): void;
}

const NEAR = 18;

/** Show the edition that the data attributes of `place` name (see `ui.edition_map`). */
export function editionMap(place: HTMLElement): EditionMap {
  const { map, draw } = scene(place);
  const numbers = (place.dataset.levels ?? "1,2,3").split(",").map(Number);
  const levels = new Levels(map, place, place.dataset.edition ?? "", numbers);
  levels.layers(draw, (place.dataset.mine ?? "").split(",").filter(Boolean));

  const zoomTo = (where: Where): void => {
    const [west = 0, south = 0, east, north] = where;
    if (east !== undefined && north !== undefined) {
      frame(map, transformExtent([west, south, east, north], "EPSG:4326", "EPSG:3857"), place);
      return;
    }
    const zoom = Math.max(NEAR, map.getView().getZoom() ?? 0);
    map.getView().animate({ center: fromLonLat([west, south]), zoom, duration: 250 });
  };
  const extent = (place.dataset.extent ?? "").split(",").map(Number);
  if (extent.length === 4 && extent.every(Number.isFinite)) zoomTo(extent);
  levels.follow();
  return {
    map,
    place,
    levels: numbers,
    source: (level) => levels.part(level).source,
    layer: (level) => levels.part(level).layer,
    onLoaded: (act) => levels.onLoaded(act),
    reload: () => levels.reload(),
    zoomTo,
    draw,
  };
}
