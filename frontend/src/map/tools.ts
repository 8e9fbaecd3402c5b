import Feature from "ol/Feature";
import Circle from "ol/geom/Circle";
import Point from "ol/geom/Point";
import VectorLayer from "ol/layer/Vector";
import type OlMap from "ol/Map";
import { fromLonLat, getPointResolution } from "ol/proj";
import VectorSource from "ol/source/Vector";
import { toast } from "../lib/live";
import { locate, type Position } from "../lib/position";
import { say } from "../lib/words";
import { accuracyStyle, pinStyle } from "./marks";
import { theme } from "./theme";
import type { Scene } from "./view";

/** A pin that can be set and taken away, with its circle of accuracy. */
export class Pin {
  private readonly source = new VectorSource();

  constructor(view: Scene) {
    view.draw(
      () =>
        new VectorLayer({
          source: this.source,
          zIndex: 30,
          style: (feature) =>
            feature.getGeometry() instanceof Circle ? accuracyStyle(theme()) : pinStyle(theme()),
        }),
    );
  }

  put(at: Position | null): void {
    this.source.clear();
    if (!at) return;
    const centre = fromLonLat([at.lon, at.lat]);
    this.source.addFeature(new Feature(new Point(centre)));
    if (at.accuracy > 0) {
      const metre = 1 / getPointResolution("EPSG:3857", 1, centre);
      this.source.addFeature(new Feature(new Circle(centre, at.accuracy * metre)));
    }
  }
}

/** A button of ours on the map. */
export function control(place: HTMLElement, className: string, word: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `map-button ${className}`;
  button.textContent = word;
  place.append(button);
  return button;
}

/** Move the view to a place, near enough to see its lane. */
export function goTo(map: OlMap, at: Position): void {
  map.getView().animate({ center: fromLonLat([at.lon, at.lat]), zoom: 18, duration: 250 });
}

/** The button that shows where the device is. */
export function startLocate(place: HTMLElement, view: Scene, found: (at: Position) => void): void {
  const button = control(place, "map-locate", say("locate-me"));
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    try {
      const at = await locate();
      found(at);
      goTo(view.map, at);
    } catch (fault) {
      toast(say(`position-${fault as string}`), { tone: "bad" });
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
