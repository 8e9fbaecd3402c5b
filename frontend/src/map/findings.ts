import type { Extent } from "ol/extent";
import Feature from "ol/Feature";
import type Geometry from "ol/geom/Geometry";
import VectorLayer from "ol/layer/Vector";
import { transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import { type EditionMap, editionMap } from "./edition";
import { FORMAT } from "./geojson";
import { fetchFeatures } from "./layers";
import { findingMark } from "./marks";
import { type Theme, theme } from "./theme";

const TONES: Record<string, string> = { blocks: "tone-late", mend: "tone-soon", note: "tone-idle" };
// A sliver of a centimetre is shown with the ground around it, or nobody would know where it is.
const LEAST_M = 60;

/** The faulty ground, as a feature that knows the number of its finding. */
function grounds(points: readonly Feature[]): Feature[] {
  return points.flatMap((point) => {
    const outline: unknown = point.get("outline");
    if (!outline) return [];
    const ground = new Feature(FORMAT.readGeometry(outline) as Geometry);
    ground.set("number", point.get("number"));
    ground.set("weight", point.get("weight"));
    return [ground];
  });
}

function groundStyle(colors: Theme, chosen: () => number | null): (feature: Feature) => Style {
  return (feature) => {
    const color = colors.color(TONES[String(feature.get("weight"))] ?? "tone-idle");
    const taken = feature.get("number") === chosen();
    return new Style({
      stroke: new Stroke({ color, width: taken ? 4 : 2 }),
      fill: new Fill({ color: colors.color(taken ? "map-late" : "map-soon") }),
    });
  };
}

/** List and map of an edition's findings with one selection between them. */
class Findings {
  private readonly points = new VectorSource<Feature>();
  private readonly ground = new VectorSource<Feature>();
  private readonly rows = new Map<number, HTMLElement>();
  private readonly shown: EditionMap;
  private chosen: number | null = null;
  private before: Extent | null = null;

  constructor(
    private readonly place: HTMLElement,
    private readonly tools: HTMLElement,
  ) {
    this.shown = editionMap(place);
    const chosen = (): number | null => this.chosen;
    this.shown.draw(
      () =>
        new VectorLayer({
          source: this.ground,
          zIndex: 15,
          style: (feature) => groundStyle(theme(), chosen)(feature as Feature),
        }),
    );
    this.shown.draw(
      () =>
        new VectorLayer({
          source: this.points,
          zIndex: 20,
          style: (feature) =>
            findingMark(String(feature.get("weight")), theme(), feature.get("number") === chosen()),
        }),
    );
    for (const row of document.querySelectorAll<HTMLElement>("[data-finding-list] > li")) {
      this.rows.set(Number(row.dataset.number), row);
    }
    this.listen();
    void this.load();
  }

  private listen(): void {
    document.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-show]");
      if (!button) return;
      const number = Number(button.dataset.show);
      if (this.chosen === number) this.back();
      else this.choose(number, true);
    });
    this.tools.querySelector("[data-back]")?.addEventListener("click", () => this.back());
    const list = document.querySelector<HTMLElement>("[data-finding-list]");
    list?.addEventListener("keydown", (event) => this.walk(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.chosen !== null) this.back();
    });
    this.shown.map.on("click", (event) => {
      // A callback that answers with a number goes on where that is 0: so the feature itself.
      const hit = this.shown.map.forEachFeatureAtPixel(event.pixel, (feature) => feature, {
        hitTolerance: 8,
        layerFilter: (layer) => (layer.getZIndex() ?? 0) >= 15,
      });
      const number: unknown = hit?.get("number");
      if (typeof number === "number") this.choose(number, false);
    });
  }

  /** Up and down go from finding to finding, the map follows. */
  private walk(event: KeyboardEvent): void {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const inside = (event.target as Element).closest<HTMLElement>("[data-show]");
    if (!step || !inside) return;
    const buttons = [...document.querySelectorAll<HTMLElement>("[data-show]")];
    const next = buttons[buttons.indexOf(inside) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    this.choose(Number(next.dataset.show), true);
  }

  private async load(): Promise<void> {
    try {
      const points = await fetchFeatures(this.tools.dataset.findings ?? "");
      this.points.addFeatures(points);
      this.ground.addFeatures(grounds(points));
      this.place.dataset.drawn = String(points.length);
      const asked = /^#fault-(\d+)$/.exec(window.location.hash);
      if (asked) this.choose(Number(asked[1]), true);
    } catch {
      this.place.dataset.failed = "";
    }
  }

  private choose(number: number, fromList: boolean): void {
    const point = this.points.getFeatures().find((one) => one.get("number") === number);
    if (!point) return;
    const map = this.shown.map;
    this.before ??= map.getView().calculateExtent(map.getSize());
    this.mark(number);
    if (fromList) this.zoom(point);
    else this.rows.get(number)?.scrollIntoView({ block: "nearest" });
    if (fromList && this.place.getBoundingClientRect().top < 0) {
      this.place.parentElement?.scrollIntoView({ block: "start" });
    }
    this.say(String(point.get("title")));
  }

  private zoom(point: Feature): void {
    const number = point.get("number");
    const ground = this.ground.getFeatures().find((one) => one.get("number") === number);
    const middle = point.getGeometry()?.getExtent();
    if (!middle) return;
    const edges = ground?.getGeometry()?.getExtent() ?? middle;
    const [west, south, east, north] = edges as [number, number, number, number];
    // The place is well inside the ground: it goes into the middle, the ground around it.
    const [x, y] = middle as [number, number];
    const reach = Math.max(x - west, east - x, y - south, north - y);
    const half = Math.max(reach * 1.2, LEAST_M / 2);
    const around: Extent = [x - half, y - half, x + half, y + half];
    const box = transformExtent(around, "EPSG:3857", "EPSG:4326");
    this.shown.zoomTo(box as [number, number, number, number]);
  }

  private back(): void {
    this.mark(null);
    if (this.before) this.shown.map.getView().fit(this.before);
    this.before = null;
    this.say("");
  }

  private mark(number: number | null): void {
    this.chosen = number;
    for (const [each, row] of this.rows) {
      const taken = each === number;
      row.classList.toggle("is-chosen", taken);
      const button = row.querySelector<HTMLElement>("[data-show]");
      button?.setAttribute("aria-pressed", String(taken));
    }
    const back = this.tools.querySelector<HTMLElement>("[data-back]");
    if (back) back.hidden = number === null;
    this.place.dataset.chosen = number === null ? "" : String(number);
    this.points.changed();
    this.ground.changed();
  }

  private say(words: string): void {
    const line = this.tools.querySelector("[data-chosen]");
    if (line) line.textContent = words;
  }
}

/** Bring the findings of the page onto its map. */
export function startFindings(tools: HTMLElement): void {
  const place = tools.parentElement?.querySelector<HTMLElement>("[data-edition]");
  if (place) new Findings(place, tools);
}
