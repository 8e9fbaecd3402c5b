import { createEmpty, type Extent, extend } from "ol/extent";
import type OlMap from "ol/Map";
import { transformExtent } from "ol/proj";
import { covered } from "./layers";
import { Levels } from "./levels";
import type { Drawn } from "./view";

const LEVELS = [1, 2, 3] as const;

/** The grids in force, every level as far as the view can show it. */
export class Grids {
  private readonly levels: Levels;
  private framed = 0;

  constructor(
    map: OlMap,
    place: HTMLElement,
    url: string,
    private readonly mine: readonly string[],
  ) {
    this.levels = new Levels(map, place, url, LEVELS);
  }

  layers(draw: (make: () => Drawn) => void): void {
    this.levels.layers(draw, this.mine);
  }

  /** Load what the view needs, now and after every move; `found` gets the extent to show first. */
  async start(found: (extent: Extent) => void, failed: () => void): Promise<void> {
    try {
      const { extent } = await this.levels.overview(1);
      this.frame(found, extent ?? null);
    } catch {
      failed();
    }
    this.levels.onLoaded((level) => this.frameOwn(level, found));
    this.levels.follow();
  }

  /** First the whole place, or the communities that one's own posts lie in. */
  private frame(found: (extent: Extent) => void, all: Extent | null): void {
    this.framed = 1;
    const roots = this.mine.map((scope) => scope.split("/")[0] ?? "");
    const own = this.extent(1, (path) => covered(path, roots));
    const place = own ?? (all && transformExtent(all, "EPSG:4326", "EPSG:3857"));
    if (place) found(place);
  }

  /** Then nearer, where a post is deeper down the tree; a view the person moved is left alone. */
  private frameOwn(level: number, found: (extent: Extent) => void): void {
    const deep = this.mine.filter((scope) => scope.split("/").length === level);
    if (deep.length === 0 || this.framed >= level) return;
    this.framed = level;
    const own = this.extent(level, (path) => deep.includes(path));
    if (own) found(own);
  }

  private extent(level: number, wanted: (path: string) => boolean): Extent | null {
    const box = createEmpty();
    let any = false;
    for (const feature of this.levels.part(level).source.getFeatures()) {
      const shape = feature.getGeometry();
      if (!shape || !wanted(String(feature.get("path") ?? ""))) continue;
      extend(box, shape.getExtent());
      any = true;
    }
    return any ? box : null;
  }
}
