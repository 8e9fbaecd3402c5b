import type Feature from "ol/Feature";
import type { Geometry, MultiPolygon, Polygon } from "ol/geom";
import VectorSource from "ol/source/Vector";
import { FORMAT } from "../map/geojson";
import { fetchFeatures } from "../map/layers";
import type { Answer } from "./server";

export type Grid = Feature<Polygon | MultiPolygon>;

export const codeOf = (grid: Feature): string => String(grid.get("code") ?? "");
export const levelOf = (grid: Feature): number => Number(grid.get("level") ?? 0);

function alike(one: Polygon, other: Polygon): boolean {
  const [a, b] = [one.getFlatCoordinates(), other.getFlatCoordinates()];
  return a.length === b.length && a.every((edge, n) => edge === b[n]);
}

/** The draft's grids with every digit: as stored, and over them what is drawn and not saved. */
export class Sheet {
  private readonly sources = new Map<number, VectorSource>();
  private readonly stored = new Map<string, Grid>();
  private readonly shown = new WeakMap<Feature, Geometry>();
  private laid: Grid[] = [];
  private hidden = new Set<string>();
  private boxes: string[] = [];

  constructor(
    readonly levels: readonly number[],
    private readonly url: string,
  ) {
    for (const level of levels) this.sources.set(level, new VectorSource());
  }

  source(level: number): VectorSource {
    const found = this.sources.get(level);
    if (!found) throw new Error(`no level ${level}`);
    return found;
  }

  /** Fetch what lies in a box of degrees; what is there already is left as it is. */
  async load(box: string, levels: readonly number[]): Promise<void> {
    await Promise.all(
      levels.map(async (level) => {
        const asked = `${level}:${box}`;
        if (this.boxes.includes(asked)) return;
        this.boxes.push(asked);
        try {
          const url = this.url.replace(/\d+$/, String(level));
          for (const one of await fetchFeatures(`${url}?bbox=${box}`)) this.keep(one as Grid);
        } catch (fault) {
          this.boxes = this.boxes.filter((known) => known !== asked);
          throw fault;
        }
      }),
    );
  }

  /** Show what an answer of the server says, in place of what the last one said. */
  lay(answer: Answer | null): void {
    this.lift();
    if (!answer) return;
    const grids = FORMAT.readFeatures(answer.changed) as Grid[];
    const was = grids.map((grid) => grid.get("was")).filter(Boolean) as string[];
    this.hidden = new Set([...was, ...answer.gone]);
    for (const code of this.hidden) this.out(this.stored.get(code));
    for (const grid of grids) this.into(grid);
    this.laid = grids;
  }

  /** What is drawn was saved: it is what is stored now. */
  settle(): void {
    for (const code of this.hidden) this.stored.delete(code);
    for (const grid of this.laid) this.stored.set(codeOf(grid), grid);
    this.hidden = new Set();
    this.laid = [];
  }

  /** Forget everything; the next load asks the server again. */
  clear(): void {
    this.stored.clear();
    this.boxes = [];
    this.hidden = new Set();
    this.laid = [];
    for (const source of this.sources.values()) source.clear(true);
  }

  grid(code: string): Grid | undefined {
    return this.laid.find((one) => codeOf(one) === code) ?? this.visible(code);
  }

  /** The shape that a grid had before a hand was laid on it. */
  before(grid: Feature): Geometry | undefined {
    return this.shown.get(grid);
  }

  /** Put grids back into the shape they had. */
  restore(): void {
    for (const source of this.sources.values()) {
      for (const grid of source.getFeatures()) {
        const before = this.shown.get(grid) as Polygon | undefined;
        if (before && !alike(before, grid.getGeometry() as Polygon)) this.put(grid as Grid, before);
      }
    }
  }

  private put(grid: Grid, shape: Geometry): void {
    const copy = shape.clone() as Polygon | MultiPolygon;
    grid.setGeometry(copy);
    this.shown.set(grid, copy.clone());
  }

  private visible(code: string): Grid | undefined {
    return this.hidden.has(code) ? undefined : this.stored.get(code);
  }

  private keep(grid: Grid): void {
    const code = codeOf(grid);
    if (this.stored.has(code)) return;
    this.stored.set(code, grid);
    if (!this.hidden.has(code)) this.into(grid);
  }

  private lift(): void {
    for (const grid of this.laid) this.out(grid);
    for (const code of this.hidden) {
      const grid = this.stored.get(code);
      if (grid) this.into(grid);
    }
    this.laid = [];
    this.hidden = new Set();
  }

  private into(grid: Grid): void {
    const kept = this.shown.get(grid);
    if (kept) this.put(grid, kept);
    else {
      const shape = grid.getGeometry();
      if (shape) this.shown.set(grid, shape.clone());
    }
    this.source(levelOf(grid)).addFeature(grid);
  }

  private out(grid: Grid | undefined): void {
    if (!grid) return;
    const source = this.source(levelOf(grid));
    if (source.hasFeature(grid)) source.removeFeature(grid);
  }
}
