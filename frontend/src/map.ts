import "ol/ol.css";
import "./styles/map.css";
import { containsCoordinate } from "ol/extent";
import type { FeatureLike } from "ol/Feature";
import Point from "ol/geom/Point";
import type OlMap from "ol/Map";
import { fromLonLat, toLonLat } from "ol/proj";
import VectorSource from "ol/source/Vector";
import { choose, whenChosen } from "./lib/chosen";
import { learnFrom } from "./lib/clock";
import type { Position } from "./lib/position";
import { say } from "./lib/words";
import { incidentLayer, nameOf, replaceFeatures } from "./map/layers";
import { members } from "./map/marks";
import { theme } from "./map/theme";
import { control, goTo, Pin, startLocate } from "./map/tools";
import { type Scene, scene } from "./map/view";

const SECOND = 1000;

// ---- choosing a point ------------------------------------------------------------------------

/** A map in which a tap, or a move and the centre button, chooses a place (WGS-84). */
export function pickOnMap(
  place: HTMLElement,
  chosen: (at: Position) => void,
): { mark(at: Position | null): void } {
  const view = scene(place);
  const pin = new Pin(view);
  const choose = (coordinate: number[]): void => {
    const [lon, lat] = toLonLat(coordinate);
    if (lon === undefined || lat === undefined) return;
    chosen({ lon, lat, accuracy: 0 });
  };
  // OpenLayers waits for a second tap before it says that there was one, and only then works out
  // where: by then hints above may have pushed the map down the page. So it is asked at once.
  let tapped: number[] = [];
  view.map.on("click", (event) => {
    tapped = event.coordinate;
  });
  view.map.on("singleclick", () => choose(tapped));
  startLocate(place, view, (at) => chosen(at));
  // The way for those who cannot tap a spot: move with the arrow keys, then take the middle.
  control(place, "map-centre", say("take-centre")).addEventListener("click", () => {
    const centre = view.map.getView().getCenter();
    if (centre) choose(centre);
  });
  const cross = document.createElement("span");
  cross.className = "map-cross";
  cross.setAttribute("aria-hidden", "true");
  place.append(cross);
  return {
    mark: (at) => {
      pin.put(at);
      if (at) goTo(view.map, at);
    },
  };
}

// ---- showing what is open --------------------------------------------------------------------

function card(place: HTMLElement): HTMLElement {
  const box = document.createElement("div");
  box.className = "map-card";
  box.setAttribute("role", "status");
  box.hidden = true;
  place.append(box);
  return box;
}

function line(feature: FeatureLike): HTMLElement {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = String(feature.get("url") ?? "#");
  link.textContent = String(feature.get("title") ?? feature.get("number") ?? "");
  const state = document.createElement("span");
  state.textContent = String(feature.get("status") ?? "");
  item.append(link, state);
  return item;
}

function closeButton(box: HTMLElement): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "map-card-close";
  button.setAttribute("aria-label", say("close"));
  button.textContent = "×";
  button.addEventListener("click", () => {
    box.hidden = true;
  });
  return button;
}

const SHOWN_AT_ONCE = 6;

function showIncidents(box: HTMLElement, chosen: FeatureLike[]): void {
  const list = document.createElement("ul");
  list.append(...chosen.slice(0, SHOWN_AT_ONCE).map(line));
  const heading = document.createElement("p");
  heading.className = "map-card-title";
  heading.textContent = say("incidents-here", { count: chosen.length });
  box.replaceChildren(closeButton(box), heading, list);
  box.hidden = false;
}

function showGrid(box: HTMLElement, grid: FeatureLike): void {
  const heading = document.createElement("p");
  heading.className = "map-card-title";
  heading.textContent = nameOf(grid);
  const facts = document.createElement("p");
  facts.textContent = String(grid.get("detail") ?? grid.get("code") ?? "");
  box.replaceChildren(closeButton(box), heading, facts);
  const url = grid.get("url");
  if (url) {
    const link = document.createElement("a");
    link.href = String(url);
    link.textContent = say("open-list");
    box.append(link);
  }
  box.hidden = false;
}

function smallest(features: FeatureLike[]): FeatureLike | undefined {
  return [...features].sort((a, b) => Number(b.get("level") ?? 0) - Number(a.get("level") ?? 0))[0];
}

function startSelection(place: HTMLElement, view: Scene): void {
  const box = card(place);
  view.map.on("singleclick", (event) => {
    const marks: FeatureLike[] = [];
    const areas: FeatureLike[] = [];
    view.map.forEachFeatureAtPixel(
      event.pixel,
      (feature, layer) => {
        const name = layer?.get("name");
        if (name === "incidents") marks.push(...members(feature));
        if (name === "grids") areas.push(feature);
      },
      { hitTolerance: 6 },
    );
    const area = smallest(areas);
    const first = marks[0];
    if (first) choose({ number: String(first.get("number")), from: "map" });
    if (marks.length > 0) showIncidents(box, marks);
    else if (area) showGrid(box, area);
    else box.hidden = true;
  });
  view.map.on("pointermove", (event) => {
    if (event.dragging) return;
    const hit = view.map.hasFeatureAtPixel(event.pixel, {
      layerFilter: (layer) => layer.get("name") === "incidents",
    });
    const target = view.map.getTargetElement();
    if (target) target.style.cursor = hit ? "pointer" : "";
  });
}

function select(source: VectorSource, number: string): Point | null {
  let found: Point | null = null;
  for (const feature of source.getFeatures()) {
    const hit = String(feature.get("number")) === number;
    if (Boolean(feature.get("selected")) !== hit) feature.set("selected", hit);
    const point = feature.getGeometry();
    if (hit && point instanceof Point) found = point;
  }
  return found;
}

/** Lists and map have one selection: what is chosen there is marked and brought into view here. */
function startPlaces(source: VectorSource, view: Scene): void {
  let chosen = "";
  const show = (centre: number[], zoom?: number): void => {
    view.map.getView().animate({ center: centre, zoom, duration: 250 });
  };
  whenChosen(({ number, at, from }) => {
    chosen = number;
    const point = select(source, number)?.getCoordinates() ?? (at ? fromLonLat(at) : null);
    if (!point || from === "map") return;
    const seen = view.map.getView().calculateExtent(view.map.getSize());
    if (!containsCoordinate(seen, point)) show(point);
  });
  source.on("addfeature", ({ feature }) => {
    if (chosen && String(feature?.get("number")) === chosen) feature?.set("selected", true);
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-show-on-map]");
    if (!button) return;
    const number = button.dataset.showOnMap ?? "";
    const [lon, lat] = (button.dataset.at ?? "").split(",").map(Number);
    const given = button.dataset.at ? fromLonLat([lon ?? 0, lat ?? 0]) : null;
    const point = select(source, number)?.getCoordinates() ?? given;
    if (!point) return;
    show(point, 17);
    view.map.getTargetElement()?.scrollIntoView({ block: "nearest" });
  });
}

// More lie there than are drawn: said on the map, or it would look as if that were all.
function tellLeftOut(place: HTMLElement, leftOut: boolean): void {
  const known = place.querySelector<HTMLElement>(".map-left-out");
  if (known) known.hidden = !leftOut;
  if (known || !leftOut) return;
  const note = document.createElement("p");
  note.className = "map-note map-left-out";
  note.setAttribute("role", "status");
  note.textContent = say("marks-left-out");
  place.append(note);
}

async function load(
  url: string,
  place: HTMLElement,
  source: VectorSource,
  etag: string | null,
): Promise<string | null> {
  const headers: Record<string, string> = etag ? { "If-None-Match": etag } : {};
  const answer = await fetch(url, { headers, credentials: "same-origin", cache: "no-store" });
  learnFrom(answer.headers);
  if (answer.status === 304) return etag;
  if (!answer.ok) throw new Error(String(answer.status));
  const found = await answer.json();
  replaceFeatures(source, found);
  tellLeftOut(place, Boolean(found.left_out));
  return answer.headers.get("ETag");
}

/** The view and half as much around it, as the server wants it; null before it is framed. */
function box(map: OlMap): string | null {
  const [west, south, east, north] = map.getView().calculateExtent(map.getSize());
  if (west === undefined || south === undefined || east === undefined || north === undefined) {
    return null;
  }
  const margin = Math.max(east - west, north - south) / 2;
  const low = toLonLat([west - margin, south - margin]);
  const high = toLonLat([east + margin, north + margin]);
  const clip = (value: number | undefined, most: number): string =>
    Math.max(-most, Math.min(most, value ?? 0)).toFixed(4);
  return [clip(low[0], 180), clip(low[1], 85), clip(high[0], 180), clip(high[1], 85)].join(",");
}

function keepFresh(place: HTMLElement, view: Scene, url: string, source: VectorSource): void {
  const every = Number(place.dataset.every ?? "10") * SECOND;
  let etag: string | null = null;
  let shown = "";
  const round = async (): Promise<void> => {
    const asked = box(view.map);
    try {
      if (document.hidden || asked === null) return;
      if (asked !== shown) etag = null;
      etag = await load(`${url}?bbox=${asked}`, place, source, etag);
      shown = asked;
      place.dataset.loaded = String(source.getFeatures().length);
    } catch {
      // The lists beside the map say that nothing is updated; two voices help nobody.
    }
  };
  const again = async (): Promise<void> => {
    await round();
    if (place.isConnected) window.setTimeout(() => void again(), every);
  };
  view.map.on("moveend", () => {
    if (box(view.map) !== shown) void round();
  });
  window.setTimeout(() => void again(), every);
}

function startPoint(place: HTMLElement, view: Scene): void {
  const [lon, lat] = (place.dataset.point ?? "").split(",").map(Number);
  if (lon === undefined || lat === undefined || Number.isNaN(lon) || Number.isNaN(lat)) return;
  const accuracy = Number(place.dataset.accuracy ?? "0") || 0;
  new Pin(view).put({ lon, lat, accuracy });
  view.map.getView().setCenter(fromLonLat([lon, lat]));
  view.map.getView().setZoom(17);
}

/** Show the map described by the data attributes of `place`. */
export function showMap(place: HTMLElement): void {
  const view = scene(place);
  const url = place.dataset.incidents;
  if (url) {
    const source = new VectorSource();
    view.draw(() => incidentLayer(source, theme()));
    keepFresh(place, view, url, source);
    startPlaces(source, view);
  }
  startSelection(place, view);
  startPoint(place, view);
  if (place.hasAttribute("data-can-locate")) {
    const pin = new Pin(view);
    startLocate(place, view, (at) => pin.put(at));
  }
}
