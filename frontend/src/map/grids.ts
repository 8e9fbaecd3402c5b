import { createEmpty, type Extent, extend } from "ol/extent";
import type VectorImageLayer from "ol/layer/VectorImage";
import type OlMap from "ol/Map";
import VectorSource from "ol/source/Vector";
import { covered, fetchFeatures, gridLayer } from "./layers";
import type { Theme } from "./theme";

const LEVELS = [1, 2, 3] as const;
// Coarser than this many map metres a pixel, a level is only noise and its megabytes are not sent.
const FROM: Record<number, number> = { 1: Number.POSITIVE_INFINITY, 2: 60, 3: 20 };

/** The grids of every level, each fetched when the view is near enough to show it. */
export class Grids {
  private readonly source = new VectorSource();
  private readonly asked = new Set<number>();
  private framed = 0;

  constructor(
    private readonly map: OlMap,
    private readonly url: string,
    private readonly mine: readonly string[],
  ) {}

  layer(colors: Theme): VectorImageLayer<VectorSource> {
    return gridLayer(this.source, colors, this.mine);
  }

  /** Load what the view needs, now and after every move; `found` gets the extent to show first. */
  start(found: (extent: Extent) => void, failed: () => void): void {
    const look = (): void => {
      const resolution = this.map.getView().getResolution() ?? Number.POSITIVE_INFINITY;
      for (const level of LEVELS) {
        if (level > 1 && (this.framed === 0 || resolution > (FROM[level] ?? 0))) continue;
        if (this.asked.has(level)) continue;
        this.asked.add(level);
        void this.load(level, found, failed);
      }
    };
    this.map.on("moveend", look);
    this.map.on("loadend", look);
    look();
  }

  private async load(
    level: number,
    found: (extent: Extent) => void,
    failed: () => void,
  ): Promise<void> {
    try {
      const features = await fetchFeatures(this.url.replace(/\d+$/, String(level)));
      this.source.addFeatures(features);
      if (level === 1) this.frame(level, found);
      else this.frameOwn(level, found);
    } catch {
      this.asked.delete(level);
      failed();
    }
  }

  /** First the whole place, or the communities that one's own posts lie in. */
  private frame(level: number, found: (extent: Extent) => void): void {
    this.framed = level;
    const roots = this.mine.map((scope) => scope.split("/")[0] ?? "");
    const own = this.extent((path) => covered(path, roots));
    found(own ?? this.source.getExtent() ?? createEmpty());
  }

  /** Then nearer, where a post is deeper down the tree; a view the person moved is left alone. */
  private frameOwn(level: number, found: (extent: Extent) => void): void {
    const deep = this.mine.filter((scope) => scope.split("/").length === level);
    if (deep.length === 0 || this.framed >= level) return;
    this.framed = level;
    const own = this.extent((path) => deep.includes(path));
    if (own) found(own);
  }

  private extent(wanted: (path: string) => boolean): Extent | null {
    const box = createEmpty();
    let any = false;
    for (const feature of this.source.getFeatures()) {
      const shape = feature.getGeometry();
      if (!shape || !wanted(String(feature.get("path") ?? ""))) continue;
      extend(box, shape.getExtent());
      any = true;
    }
    return any ? box : null;
  }
}
