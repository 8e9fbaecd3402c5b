import { announce } from "./live";
import { locate, type Position, type PositionFault } from "./position";
import { say } from "./words";

/** The place fields of a form: by position, on the map, or by a door plate of the book. */

/** A plate that the server offers for what somebody typed. */
export interface Door {
  id: number;
  text: string;
  lon: number;
  lat: number;
  grid: string;
  why: string;
}

export const input = (form: HTMLFormElement, name: string): HTMLInputElement | null => {
  const control = form.elements.namedItem(name);
  return control instanceof HTMLInputElement ? control : null;
};

export const set = (form: HTMLFormElement, name: string, value: string): void => {
  const control = input(form, name);
  if (control) control.value = value;
};

// A grid is a few hundred metres wide: a position rougher than that names none.
const ROUGH_M = 500;

export class Place {
  private readonly status: HTMLElement | null;
  private readonly frame: HTMLElement | null;
  private map: { mark(at: Position | null): void } | null = null;
  private door: Door | null = null;

  constructor(private readonly form: HTMLFormElement) {
    this.status = form.querySelector("[data-place-status]");
    this.frame = form.querySelector("[data-place-map]");
    form.querySelector("[data-locate]")?.addEventListener("click", (event) => {
      void this.locate(event.currentTarget as HTMLButtonElement);
    });
    form.querySelector("[data-open-map]")?.addEventListener("click", () => void this.openMap());
    form.querySelector("[data-clear-place]")?.addEventListener("click", () => this.clear());
    this.show();
  }

  current(): Position | null {
    const lon = Number.parseFloat(input(this.form, "lon")?.value ?? "");
    const lat = Number.parseFloat(input(this.form, "lat")?.value ?? "");
    const accuracy = Number.parseFloat(input(this.form, "accuracy_m")?.value ?? "");
    if (Number.isNaN(lon) || Number.isNaN(lat)) return null;
    return { lon, lat, accuracy: Number.isNaN(accuracy) ? 0 : accuracy };
  }

  /** The place of a plate; the server takes it from the book again by its id. */
  putDoor(door: Door): void {
    this.put({ lon: door.lon, lat: door.lat, accuracy: 0 }, door);
  }

  /** The typed words are another address now: what the plate gave goes. */
  dropDoor(): void {
    if (this.door || input(this.form, "address_id")?.value) this.clear();
  }

  private put(at: Position, door: Door | null = null): void {
    set(this.form, "lon", at.lon.toFixed(6));
    set(this.form, "lat", at.lat.toFixed(6));
    set(this.form, "accuracy_m", at.accuracy > 0 ? String(Math.round(at.accuracy)) : "");
    set(this.form, "address_id", door ? String(door.id) : "");
    const datum = this.form.elements.namedItem("datum");
    if (datum instanceof HTMLSelectElement) datum.value = "wgs84"; // what devices and maps give
    this.door = door;
    this.map?.mark(at);
    this.show();
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private clear(): void {
    for (const name of ["lon", "lat", "accuracy_m", "address_id"]) set(this.form, name, "");
    this.door = null;
    this.map?.mark(null);
    this.show();
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Say in words what is known of the place. */
  show(): void {
    const at = this.current();
    const clear = this.form.querySelector<HTMLElement>("[data-clear-place]");
    if (clear) clear.hidden = at === null;
    if (!this.status) return;
    this.status.hidden = at === null;
    this.status.dataset.tone = "ok";
    if (at) this.status.textContent = this.words(at);
  }

  private words(at: Position): string {
    if (this.door) {
      const grid = this.door.grid ? ` · ${this.door.grid}` : "";
      return say("placed-by-door", { text: this.door.text }) + grid;
    }
    if (input(this.form, "address_id")?.value) return say("placed-by-address");
    return at.accuracy > 0
      ? say("placed-within", { metres: Math.round(at.accuracy) })
      : say("placed-on-map");
  }

  /** Why there is no position, and the other ways; what was typed or chosen stays. */
  private say(sentence: string): void {
    announce(sentence);
    if (!this.status) return;
    this.status.hidden = false;
    this.status.dataset.tone = "bad";
    this.status.textContent = sentence;
  }

  private async locate(button: HTMLButtonElement): Promise<void> {
    button.setAttribute("aria-busy", "true");
    try {
      const at = await locate();
      if (at.accuracy > ROUGH_M) {
        this.say(say("position-rough", { km: (at.accuracy / 1000).toFixed(1).replace(".0", "") }));
        return;
      }
      this.put(at);
      announce(say("placed-within", { metres: Math.round(at.accuracy) }));
    } catch (fault) {
      this.say(say(`position-${fault as PositionFault}`));
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  private async openMap(): Promise<void> {
    if (!this.frame) return;
    this.frame.hidden = false;
    if (this.map) return;
    this.frame.setAttribute("aria-busy", "true");
    const { pickOnMap } = await import("../map");
    this.frame.removeAttribute("aria-busy");
    this.map = pickOnMap(this.frame, (at) => this.put(at));
    const at = this.current();
    if (at) this.map.mark(at);
    this.frame.scrollIntoView({ block: "center" });
  }
}
