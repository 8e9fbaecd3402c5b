import type { Coordinate } from "ol/coordinate";
import { altKeyOnly, singleClick } from "ol/events/condition";
import Feature from "ol/Feature";
import type { Geometry } from "ol/geom";
import type LineString from "ol/geom/LineString";
import Point from "ol/geom/Point";
import type Polygon from "ol/geom/Polygon";
import Draw from "ol/interaction/Draw";
import type Interaction from "ol/interaction/Interaction";
import Modify from "ol/interaction/Modify";
import Snap from "ol/interaction/Snap";
import VectorLayer from "ol/layer/Vector";
import VectorImageLayer from "ol/layer/VectorImage";
import type MapBrowserEvent from "ol/MapBrowserEvent";
import { transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import type { EditionMap } from "../map/edition";
import { FORMAT } from "../map/geojson";
import { changeOf, degrees, ringsOf } from "./difference";
import { gridLook, handLook, lineLook, markLook } from "./looks";
import type { Answer, Operation, Place } from "./server";
import type { Grid, Sheet } from "./sheet";

export type Mode = "move" | "split" | "draw" | "merge";

/** What the hand on the map tells the page. */
export interface Hand {
  did(operation: Operation): void;
  split(line: Place[], under: Grid | undefined): void;
  drew(ring: Place[], under: Grid | undefined, parent: Grid | undefined): void;
  chose(grid: Grid | undefined, vertex: Coordinate | null): void;
}

const NEAR_PX = 10;
// Less than the reach of the hand: OpenLayers also snaps to where a vertex lay before the drag.
const SNAP_PX = 6;

/** The grids on the map with every digit, one level of them under the hand. */
export class Stage {
  private readonly marks = new VectorSource();
  private readonly faults = new VectorSource();
  private hands: Interaction[] = [];
  private layers: Array<VectorLayer<VectorSource> | VectorImageLayer<VectorSource>> = [];
  private mode: Mode = "move";
  private chosen: Grid | undefined;

  constructor(
    private readonly shown: EditionMap,
    private readonly sheet: Sheet,
    private readonly scopes: readonly string[],
    private readonly hand: Hand,
    public level: number,
  ) {
    shown.draw(() => new VectorLayer({ source: this.faults, style: markLook, zIndex: 8 }));
    shown.draw(() => new VectorLayer({ source: this.marks, style: markLook, zIndex: 9 }));
    shown.map.on("singleclick", (event) => this.click(event));
    this.turnTo(level, "move");
  }

  /** Draw in another level, or with another tool. */
  turnTo(level: number, mode: Mode): void {
    this.mode = mode;
    const { map } = this.shown;
    if (level !== this.level || this.layers.length === 0) {
      this.level = level;
      for (const layer of this.layers) map.removeLayer(layer);
      this.layers = this.sheet.levels.map((one) => this.layer(one));
      for (const layer of this.layers) map.addLayer(layer);
      this.choose(undefined, null);
    }
    for (const one of this.hands) map.removeInteraction(one);
    this.hands = this.interactions();
    for (const one of this.hands) map.addInteraction(one);
  }

  /** Colours of the page changed between light and dark. */
  repaint(): void {
    for (const [n, layer] of this.layers.entries()) {
      layer.setStyle(this.look(this.sheet.levels[n] ?? this.level));
    }
  }

  /** No hand on the map while the server thinks: what it says replaces what is under the hand. */
  pause(on: boolean): void {
    for (const one of this.hands) one.setActive(!on);
  }

  /** What the map shows now, half as much around it, as the server wants a box. */
  box(): string {
    const { map } = this.shown;
    const [west = 0, south = 0, east = 0, north = 0] = map.getView().calculateExtent(map.getSize());
    const pad = Math.max(east - west, north - south) / 4;
    const wide = [west - pad, south - pad, east + pad, north + pad];
    return transformExtent(wide, "EPSG:3857", "EPSG:4326")
      .map((edge, n) => Math.max(n % 2 ? -85 : -180, Math.min(n % 2 ? 85 : 180, edge)).toFixed(5))
      .join(",");
  }

  choose(grid: Grid | undefined, vertex: Coordinate | null): void {
    this.chosen = grid;
    this.marks.clear();
    const shape = grid?.getGeometry();
    if (shape) this.marks.addFeature(new Feature<Geometry>(shape.clone()));
    if (vertex) this.marks.addFeature(new Feature<Geometry>(new Point(vertex)));
  }

  paintFaults(answer: Answer | null): void {
    this.faults.clear();
    const found = answer ? FORMAT.readFeatures(answer.faults) : [];
    for (const fault of found as Feature[]) fault.set("fault", true);
    this.faults.addFeatures(found.filter((one) => one.getGeometry()) as Feature[]);
  }

  /** The smallest grid of the level drawn in that covers a place of the map. */
  gridAt(at: Coordinate): Grid | undefined {
    const found = this.sheet.source(this.level).getFeaturesAtCoordinate(at) as Grid[];
    return found[0];
  }

  /** The grid of another level over the place. */
  over(level: number, at: Coordinate): Grid | undefined {
    if (!this.sheet.levels.includes(level)) return undefined;
    return this.sheet.source(level).getFeaturesAtCoordinate(at)[0] as Grid | undefined;
  }

  private look(level: number): ReturnType<typeof gridLook> {
    return level === this.level ? gridLook(this.scopes) : lineLook(level, this.level);
  }

  private layer(level: number): VectorLayer<VectorSource> | VectorImageLayer<VectorSource> {
    const active = level === this.level;
    const options = {
      source: this.sheet.source(level),
      style: this.look(level),
      zIndex: active ? 6 : level < this.level ? 5 : 7,
    };
    // Only what the hand moves is drawn anew with each step of it; the rest is one picture.
    return active ? new VectorLayer(options) : new VectorImageLayer(options);
  }

  private interactions(): Interaction[] {
    const source = this.sheet.source(this.level);
    // A vertex that is moved must not be held by the copy of itself on another level.
    const held = this.mode === "move" ? [this.level] : this.sheet.levels;
    const snaps = held.map(
      (level) => new Snap({ source: this.sheet.source(level), pixelTolerance: SNAP_PX }),
    );
    if (this.mode === "split") return [this.line(), ...snaps];
    if (this.mode === "draw") return [this.ring(source), ...snaps];
    if (this.mode === "merge") return [];
    const modify = new Modify({
      source,
      pixelTolerance: NEAR_PX,
      style: handLook(),
      deleteCondition: (event) => altKeyOnly(event) && singleClick(event),
    });
    modify.on("modifyend", (event) => {
      const done = changeOf(event.features.getArray(), (grid) => this.sheet.before(grid));
      if (done) this.hand.did(done);
    });
    return [modify, ...snaps];
  }

  private line(): Draw {
    const draw = new Draw({ type: "LineString", style: handLook(), stopClick: true });
    draw.on("drawend", (event) => {
      const line = event.feature.getGeometry() as LineString;
      this.hand.split(line.getCoordinates().map(degrees), this.gridAt(line.getCoordinateAt(0.5)));
    });
    return draw;
  }

  private ring(source: VectorSource): Draw {
    const draw = new Draw({
      type: "Polygon",
      style: handLook(),
      stopClick: true,
      trace: true,
      traceSource: source,
    });
    draw.on("drawend", (event) => {
      const shape = event.feature.getGeometry() as Polygon;
      const inner = shape.getInteriorPoint().getCoordinates();
      const ring = ringsOf(shape)[0] ?? [];
      const parent = this.over(this.level - 1, inner);
      this.hand.drew(ring.slice(0, -1).map(degrees), this.gridAt(inner), parent);
    });
    return draw;
  }

  private click(event: MapBrowserEvent): void {
    const drawing = this.mode === "split" || this.mode === "draw";
    if (drawing || altKeyOnly(event)) return;
    const vertex = this.mode === "move" ? this.vertexAt(event.coordinate) : null;
    const grid = this.gridAt(event.coordinate);
    if (vertex) this.hand.chose(this.chosen ?? grid, vertex);
    else this.hand.chose(grid, null);
  }

  private vertexAt(at: Coordinate): Coordinate | null {
    const reach = NEAR_PX * (this.shown.map.getView().getResolution() ?? 1);
    const [x = 0, y = 0] = at;
    const box = [x - reach, y - reach, x + reach, y + reach];
    let best: Coordinate | null = null;
    let least = reach;
    this.sheet.source(this.level).forEachFeatureInExtent(box, (grid) => {
      for (const one of ringsOf(grid.getGeometry()).flat()) {
        const away = Math.hypot((one[0] ?? 0) - x, (one[1] ?? 0) - y);
        if (away < least) [least, best] = [away, one];
      }
    });
    return best;
  }
}
