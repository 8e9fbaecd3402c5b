import { locate, type Position } from "../lib/position";
import { say } from "../lib/words";
import type { Ground, Matters } from "../queue/snapshot";
import { element, link, svg } from "./parts";

/** My grid without a signal: polygons, door plates, open matters. Plain SVG: it must be small. */

const SIZE = 1000;
const EDGE = 40;
const MOST_PLATES = 1500; // more dots than these say nothing more

/** Degrees to the square of the picture, one metre the same in both directions. */
class Sheet {
  private readonly west: number;
  private readonly north: number;
  private readonly scale: number;
  private readonly narrow: number;

  constructor(points: [number, number][]) {
    const lons = points.map(([lon]) => lon);
    const lats = points.map(([, lat]) => lat);
    this.west = Math.min(...lons);
    this.north = Math.max(...lats);
    const south = Math.min(...lats);
    this.narrow = Math.cos((((this.north + south) / 2) * Math.PI) / 180);
    const wide = (Math.max(...lons) - this.west) * this.narrow;
    this.scale = (SIZE - 2 * EDGE) / Math.max(wide, this.north - south, 1e-6);
  }

  put([lon, lat]: [number, number]): [number, number] {
    return [
      Math.round(EDGE + (lon - this.west) * this.narrow * this.scale),
      Math.round(EDGE + (this.north - lat) * this.scale),
    ];
  }

  /** Metres as the picture has them. */
  metres(count: number): number {
    return (count / 111_320) * this.scale;
  }
}

/** Move by dragging, nearer and farther by buttons: two fingers are not needed for anything. */
class View {
  private x = 0;
  private y = 0;
  private size = SIZE;
  private from: { x: number; y: number } | null = null;

  constructor(private readonly picture: SVGElement) {
    picture.addEventListener("pointerdown", (event) => {
      this.from = { x: event.clientX, y: event.clientY };
      picture.setPointerCapture(event.pointerId);
    });
    picture.addEventListener("pointermove", (event) => this.drag(event));
    picture.addEventListener("pointerup", () => {
      this.from = null;
    });
    picture.addEventListener("keydown", (event) => this.key(event));
    this.show();
  }

  private drag(event: PointerEvent): void {
    if (!this.from) return;
    const unit = this.size / this.picture.getBoundingClientRect().width;
    this.move((this.from.x - event.clientX) * unit, (this.from.y - event.clientY) * unit);
    this.from = { x: event.clientX, y: event.clientY };
  }

  private key(event: KeyboardEvent): void {
    const step = this.size / 8;
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    const by = moves[event.key];
    if (!by) return;
    event.preventDefault();
    this.move(...by);
  }

  private move(x: number, y: number): void {
    this.x += x;
    this.y += y;
    this.show();
  }

  zoom(by: number): void {
    const size = Math.min(SIZE * 1.5, Math.max(SIZE / 12, this.size * by));
    this.move((this.size - size) / 2, (this.size - size) / 2);
    this.size = size;
    this.show();
  }

  centre([x, y]: [number, number]): void {
    this.x = x - this.size / 2;
    this.y = y - this.size / 2;
    this.show();
  }

  private show(): void {
    this.picture.setAttribute("viewBox", `${this.x} ${this.y} ${this.size} ${this.size}`);
    // Dots and letters keep their size on the screen.
    this.picture.style.setProperty("--unit", String(this.size / SIZE));
  }
}

function dot(sheet: Sheet, at: [number, number], className: string, title: string): SVGElement {
  const [cx, cy] = sheet.put(at);
  const made = svg("circle", { cx, cy, class: className });
  const name = svg("title", {});
  name.textContent = title;
  made.append(name);
  return made;
}

function land(sheet: Sheet, ground: Ground): SVGElement[] {
  return ground.grids.map((grid) => {
    const rings = grid.rings.map(
      (ring) => `M${ring.map((at) => sheet.put(at).join(" ")).join("L")}Z`,
    );
    const made = svg("path", { d: rings.join(""), class: "field-grid", "fill-rule": "evenodd" });
    const name = svg("title", {});
    name.textContent = grid.name || grid.code;
    made.append(name);
    return made;
  });
}

function draw(known: Matters, ground: Ground): { picture: SVGElement; sheet: Sheet } {
  const sheet = new Sheet(ground.grids.flatMap((one) => one.rings.flat()));
  const label = say("map");
  const picture = svg("svg", { class: "field-map", role: "img", "aria-label": label, tabindex: 0 });
  picture.append(...land(sheet, ground));
  for (const [, text, lon, lat] of ground.plates.slice(0, MOST_PLATES))
    picture.append(dot(sheet, [lon, lat], "field-plate", text));
  for (const one of known.open)
    picture.append(
      dot(sheet, one.at, `field-open tone-${one.tone}`, `${one.title} ${one.number} ${one.status}`),
    );
  return { picture, sheet };
}

function tool(word: string, act: () => void): HTMLButtonElement {
  const made = element("button", word, "button");
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function here(picture: SVGElement, sheet: Sheet, view: View, at: Position): void {
  for (const old of picture.querySelectorAll(".field-me")) old.remove();
  const [cx, cy] = sheet.put([at.lon, at.lat]);
  const circle = svg("circle", {
    cx,
    cy,
    r: sheet.metres(at.accuracy),
    class: "field-me field-near",
  });
  picture.append(circle, dot(sheet, [at.lon, at.lat], "field-me field-spot", say("locate-me")));
  view.centre([cx, cy]);
}

/** The same in words, for whoever sees no picture. */
function lists(known: Matters, ground: Ground): HTMLElement[] {
  const open = element("ul", "", "rows");
  for (const one of known.open) {
    const item = element("li", "", "row");
    const title = element("h3");
    title.append(link(one.title, one.url));
    item.append(title, element("p", `${one.status} · ${one.number}`, "meta"));
    open.append(item);
  }
  const plates = element("details");
  const names = element("ul", "", "soft");
  for (const [, text] of ground.plates) names.append(element("li", text));
  plates.append(element("summary", say("plates-here", { count: ground.plates.length })), names);
  return [element("h2", say("open-here", { count: known.open.length })), open, plates];
}

/** The map of the grids that are mine. */
export function showMap(view: HTMLElement, known: Matters, ground: Ground | null): void {
  const heading = element("h1", say("my-grid"));
  if (!ground || ground.grids.length === 0) {
    view.replaceChildren(heading, element("p", say("no-ground"), "soft"));
    return;
  }
  const { picture, sheet } = draw(known, ground);
  const seen = new View(picture);
  const tools = element("div", "", "cluster");
  const find = tool(say("locate-me"), () => {
    locate().then(
      (at) => here(picture, sheet, seen, at),
      (fault) => tools.append(element("p", say(`position-${String(fault)}`), "error-text")),
    );
  });
  tools.append(
    tool(say("zoom-in"), () => seen.zoom(0.6)),
    tool(say("zoom-out"), () => seen.zoom(1.6)),
    find,
  );
  view.replaceChildren(heading, picture, tools, ...lists(known, ground));
}
