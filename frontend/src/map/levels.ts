import type VectorImageLayer from "ol/layer/VectorImage";
import type OlMap from "ol/Map";
import { transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import { say } from "../lib/words";
import { gridLayer, readFeatures } from "./layers";
import { theme } from "./theme";
import type { Drawn } from "./view";

interface Part {
  level: number;
  source: VectorSource;
  layer?: VectorImageLayer<VectorSource>;
  asked: string;
  leftOut: number;
  failed: boolean;
  stop?: AbortController;
}

/** What the server says beside the features. */
export interface Answer {
  left_out?: number;
  extent?: [number, number, number, number] | null;
}

const LATEST_LAT = 85;

/** What to ask for: the view, grown to whole tiles so that a small move asks for nothing new. */
function viewOf(map: OlMap): string | null {
  const view = map.getView();
  const size = map.getSize();
  const zoom = view.getZoom();
  if (!size || zoom === undefined || !view.isDef()) return null;
  const box = transformExtent(view.calculateExtent(size), "EPSG:3857", "EPSG:4326");
  const rounded = Math.max(0, Math.round(zoom));
  const tile = 360 / 2 ** rounded;
  const edges = box.map((edge, n) => {
    const most = n % 2 ? LATEST_LAT : 180;
    const whole = (n < 2 ? Math.floor(edge / tile) : Math.ceil(edge / tile)) * tile;
    return Math.max(-most, Math.min(most, whole)).toFixed(6);
  });
  return `bbox=${edges.join(",")}&zoom=${rounded}`;
}

/** The grids of every level that the view shows, asked for again whenever it moves. */
export class Levels {
  private readonly parts: Part[];
  private readonly told: Array<(level: number) => void> = [];
  private readonly note = document.createElement("p");

  constructor(
    private readonly map: OlMap,
    private readonly place: HTMLElement,
    private readonly url: string,
    readonly levels: readonly number[],
  ) {
    this.parts = levels.map((level) => ({
      level,
      source: new VectorSource(),
      asked: "",
      leftOut: 0,
      failed: false,
    }));
    this.note.className = "map-left-out";
    this.note.setAttribute("role", "status");
    this.note.hidden = true;
    place.append(this.note);
  }

  /** Hand the layers to `draw`, which makes them anew when the theme changes. */
  layers(draw: (make: () => Drawn) => void, mine: readonly string[]): void {
    for (const part of this.parts) {
      draw(() => {
        part.layer = gridLayer(part.source, theme(), mine);
        // Wide borders above narrow ones, whatever came first.
        part.layer.setZIndex(3 - part.level / 10);
        return part.layer;
      });
    }
  }

  part(level: number): Part {
    const found = this.parts.find((part) => part.level === level);
    if (!found) throw new Error(`no level ${level}`);
    return found;
  }

  onLoaded(act: (level: number) => void): void {
    this.told.push(act);
  }

  /** Follow the view from now on. */
  follow(): void {
    this.map.on("moveend", () => void this.look());
    void this.look();
  }

  async reload(): Promise<void> {
    for (const part of this.parts) part.asked = "";
    await this.look();
  }

  /** One level wherever it lies, without detail: where is there anything at all? */
  async overview(level: number): Promise<Answer> {
    const part = this.part(level);
    const answer = await this.fetch(part, "zoom=9");
    part.source.clear(true);
    part.source.addFeatures(readFeatures(answer));
    return answer;
  }

  private async look(): Promise<void> {
    const query = viewOf(this.map);
    if (query === null) return;
    await Promise.all(this.parts.map((part) => this.load(part, query)));
    this.say();
  }

  private async load(part: Part, query: string): Promise<void> {
    if (part.asked === query) return;
    part.asked = query;
    part.stop?.abort();
    try {
      const found = await this.fetch(part, query);
      if (part.asked !== query) return;
      part.failed = false;
      part.leftOut = found.left_out ?? 0;
      part.source.clear(true);
      part.source.addFeatures(readFeatures(found));
      for (const act of this.told) act(part.level);
    } catch {
      // Overtaken by a newer view, or truly lost: then the next move asks again.
      if (part.asked !== query) return;
      part.asked = "";
      part.failed = true;
    }
  }

  private async fetch(part: Part, query: string): Promise<Answer> {
    part.stop = new AbortController();
    const answer = await fetch(`${this.url.replace(/\d+$/, String(part.level))}?${query}`, {
      credentials: "same-origin",
      signal: part.stop.signal,
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  /** Say what is missing on the map, and for tests what is on it. */
  private say(): void {
    const missing = this.parts.find((part) => part.leftOut > 0);
    const failed = this.parts.some((part) => part.failed);
    this.note.hidden = !missing && !failed;
    this.note.textContent = failed
      ? say("map-failed")
      : say("map-left-out", { level: missing?.level ?? 0, count: missing?.leftOut ?? 0 });
    this.place.dataset.shown = this.parts
      .map((part) => `${part.level}:${part.source.getFeatures().length}`)
      .join(",");
  }
}
