import "ol/ol.css";
import "../styles/map.css";
import type { Extent } from "ol/extent";
import type VectorImageLayer from "ol/layer/VectorImage";
import type OlMap from "ol/Map";
import { fromLonLat, transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import { say } from "../lib/words";
import { gridLayer, readFeatures } from "./layers";
import { theme } from "./theme";
import { type Drawn, frame, type Scene, scene } from "./view";

/** Longitude and latitude, or west, south, east, north: WGS-84 degrees, as lists and files say it. */
export type Where = readonly [number, number] | readonly [number, number, number, number];

/** The grids of one edition on a map; islands that find faults, draw or compare build on it. */
export interface EditionMap {
  map: OlMap;
  place: HTMLElement;
  levels: readonly number[];
  /** The grids of a level as they are shown now: replaced, not changed, whenever the view moves. */
  source(level: number): VectorSource;
  layer(level: number): VectorImageLayer<VectorSource> | undefined;
  /** `act` is called with the level after each of its grids were loaded. */
  onLoaded(act: (level: number) => void): void;
  /** Ask the server again, after a change; settles when every level is there. */
  reload(): Promise<void>;
  zoomTo(where: Where): void;
  /** Add something that is drawn anew when the theme changes. */
  draw(make: () => Drawn): void;
}

interface Level {
  level: number;
  source: VectorSource;
  layer?: VectorImageLayer<VectorSource>;
  asked: string;
  leftOut: number;
  stop?: AbortController;
}

interface Answer {
  left_out?: number;
}

const CLOSEST = 18;
const LATEST_LAT = 85;

/** What to ask for: the view, grown to whole tiles so that a small move asks for nothing new. */
function asked(map: OlMap): string | null {
  const view = map.getView();
  const size = map.getSize();
  const zoom = view.getZoom();
  if (!size || zoom === undefined || !view.isDef()) return null;
  const extent = view.calculateExtent(size);
  const box = transformExtent(extent, "EPSG:3857", "EPSG:4326");
  const rounded = Math.max(0, Math.round(zoom));
  const tile = 360 / 2 ** rounded;
  const edges = box.map((edge, n) => {
    const most = n % 2 ? LATEST_LAT : 180;
    const whole = (n < 2 ? Math.floor(edge / tile) : Math.ceil(edge / tile)) * tile;
    return Math.max(-most, Math.min(most, whole)).toFixed(6);
  });
  return `bbox=${edges.join(",")}&zoom=${rounded}`;
}

class Edition implements EditionMap {
  readonly levels: readonly number[];
  private readonly parts = new Map<number, Level>();
  private readonly told: Array<(level: number) => void> = [];
  private readonly note: HTMLElement;

  constructor(
    readonly place: HTMLElement,
    private readonly view: Scene,
  ) {
    this.levels = (place.dataset.levels ?? "1,2,3").split(",").map(Number);
    const mine = (place.dataset.mine ?? "").split(",").filter(Boolean);
    for (const level of this.levels) {
      const part: Level = { level, source: new VectorSource(), asked: "", leftOut: 0 };
      this.parts.set(level, part);
      view.draw(() => {
        part.layer = gridLayer(part.source, theme(), mine);
        // Wide borders above narrow ones, whatever came first.
        part.layer.setZIndex(3 - level / 10);
        return part.layer;
      });
    }
    this.note = document.createElement("p");
    this.note.className = "map-left-out";
    this.note.setAttribute("role", "status");
    this.note.hidden = true;
    place.append(this.note);
    view.map.on("moveend", () => void this.look());
  }

  get map(): OlMap {
    return this.view.map;
  }

  source(level: number): VectorSource {
    return this.part(level).source;
  }

  layer(level: number): VectorImageLayer<VectorSource> | undefined {
    return this.part(level).layer;
  }

  onLoaded(act: (level: number) => void): void {
    this.told.push(act);
  }

  draw(make: () => Drawn): void {
    this.view.draw(make);
  }

  async reload(): Promise<void> {
    for (const part of this.parts.values()) part.asked = "";
    await this.look();
  }

  zoomTo(where: Where): void {
    if (where.length === 4) {
      frame(this.map, transformExtent([...where], "EPSG:4326", "EPSG:3857"), this.place);
      return;
    }
    const zoom = Math.max(CLOSEST, this.map.getView().getZoom() ?? 0);
    this.map.getView().animate({ center: fromLonLat([...where]), zoom, duration: 250 });
  }

  private part(level: number): Level {
    const found = this.parts.get(level);
    if (!found) throw new Error(`no level ${level}`);
    return found;
  }

  private async look(): Promise<void> {
    const query = asked(this.map);
    if (query === null) return;
    await Promise.all([...this.parts.values()].map((part) => this.load(part, query)));
    this.say();
  }

  private async load(part: Level, query: string): Promise<void> {
    if (part.asked === query) return;
    part.asked = query;
    part.stop?.abort();
    part.stop = new AbortController();
    const url = (this.place.dataset.edition ?? "").replace(/\d+$/, String(part.level));
    try {
      const { signal } = part.stop;
      const answer = await fetch(`${url}?${query}`, { credentials: "same-origin", signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const found: Answer = await answer.json();
      if (part.asked !== query) return;
      part.leftOut = found.left_out ?? 0;
      part.source.clear(true);
      part.source.addFeatures(readFeatures(found));
      delete this.place.dataset.failed;
      for (const act of this.told) act(part.level);
    } catch {
      // Overtaken by a newer view, or truly lost: then the next move asks again.
      if (part.asked !== query) return;
      part.asked = "";
      this.place.dataset.failed = "";
    }
  }

  /** Say what is missing on the map, and for tests and styles what is on it. */
  private say(): void {
    const parts = [...this.parts.values()];
    const missing = parts.find((part) => part.leftOut > 0);
    const failed = "failed" in this.place.dataset;
    this.note.hidden = !missing && !failed;
    this.note.textContent = failed
      ? say("map-failed")
      : say("map-left-out", { level: missing?.level ?? 0, count: missing?.leftOut ?? 0 });
    this.place.dataset.loaded = parts
      .map((part) => `${part.level}:${part.source.getFeatures().length}`)
      .join(",");
  }
}

/** The extent first shown, as the server wrote it into the element. */
function first(place: HTMLElement): Extent | null {
  const edges = (place.dataset.extent ?? "").split(",").map(Number);
  return edges.length === 4 && edges.every(Number.isFinite) ? edges : null;
}

/** Show the edition that the data attributes of `place` name (see `ui.edition_map`). */
export function editionMap(place: HTMLElement): EditionMap {
  const shown = new Edition(place, scene(place));
  const extent = first(place);
  if (extent) frame(shown.map, transformExtent(extent, "EPSG:4326", "EPSG:3857"), place);
  return shown;
}
