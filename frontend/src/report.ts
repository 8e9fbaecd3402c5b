import { forget, keep, recall, restore } from "./lib/draft";
import { announce, toast } from "./lib/live";
import { locate, type Position, type PositionFault } from "./lib/position";
import { say } from "./lib/words";

/** The report form's comforts: position, map, small photos, a draft that survives. */

const input = (form: HTMLFormElement, name: string): HTMLInputElement | null => {
  const control = form.elements.namedItem(name);
  return control instanceof HTMLInputElement ? control : null;
};

const set = (form: HTMLFormElement, name: string, value: string): void => {
  const control = input(form, name);
  if (control) control.value = value;
};

function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

// ---- place ---------------------------------------------------------------------------------

class Place {
  private readonly status: HTMLElement | null;
  private readonly frame: HTMLElement | null;
  private map: { mark(at: Position | null): void } | null = null;

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

  private current(): Position | null {
    const lon = Number.parseFloat(input(this.form, "lon")?.value ?? "");
    const lat = Number.parseFloat(input(this.form, "lat")?.value ?? "");
    const accuracy = Number.parseFloat(input(this.form, "accuracy_m")?.value ?? "");
    if (Number.isNaN(lon) || Number.isNaN(lat)) return null;
    return { lon, lat, accuracy: Number.isNaN(accuracy) ? 0 : accuracy };
  }

  private put(at: Position): void {
    set(this.form, "lon", at.lon.toFixed(6));
    set(this.form, "lat", at.lat.toFixed(6));
    set(this.form, "accuracy_m", at.accuracy > 0 ? String(Math.round(at.accuracy)) : "");
    this.map?.mark(at);
    this.show();
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private clear(): void {
    for (const name of ["lon", "lat", "accuracy_m"]) set(this.form, name, "");
    this.map?.mark(null);
    this.show();
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Say in words what is known of the place. */
  show(): void {
    const at = this.current();
    const clear = this.form.querySelector<HTMLElement>("[data-clear-place]");
    if (clear) clear.hidden = at === null;
    if (!this.status) return;
    this.status.hidden = at === null;
    this.status.dataset.tone = "ok";
    if (!at) return;
    this.status.textContent =
      at.accuracy > 0
        ? say("placed-within", { metres: Math.round(at.accuracy) })
        : say("placed-on-map");
  }

  private fail(fault: PositionFault): void {
    if (!this.status) return;
    this.status.hidden = false;
    this.status.dataset.tone = "bad";
    this.status.textContent = say(`position-${fault}`);
    announce(this.status.textContent);
  }

  private async locate(button: HTMLButtonElement): Promise<void> {
    button.setAttribute("aria-busy", "true");
    try {
      const at = await locate();
      this.put(at);
      announce(say("placed-within", { metres: Math.round(at.accuracy) }));
    } catch (fault) {
      this.fail(fault as PositionFault);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  private async openMap(): Promise<void> {
    if (!this.frame) return;
    this.frame.hidden = false;
    if (this.map) return;
    this.frame.setAttribute("aria-busy", "true");
    const { pickOnMap } = await import("./map");
    this.frame.removeAttribute("aria-busy");
    this.map = pickOnMap(this.frame, (at) => this.put(at));
    const at = this.current();
    if (at) this.map.mark(at);
    this.frame.scrollIntoView({ block: "center" });
  }
}

// ---- draft ---------------------------------------------------------------------------------

function startDraft(form: HTMLFormElement, name: string): void {
  const note = form.querySelector<HTMLElement>("[data-draft-note]");
  const draft = form.dataset.fresh === "1" ? recall(name, Date.now()) : null;
  if (draft && (draft.fields.description || draft.fields.address)) {
    restore(form, draft);
    if (note) note.hidden = false;
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }
  let waiting = 0;
  const save = (): void => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => keep(name, form, Date.now()), 300);
  };
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  window.addEventListener("pagehide", () => keep(name, form, Date.now()));
  form.querySelector("[data-drop-draft]")?.addEventListener("click", () => {
    forget(name);
    form.reset();
    set(form, "client_id", newId());
    for (const field of ["lon", "lat", "accuracy_m"]) set(form, field, "");
    if (note) note.hidden = true;
    form.querySelector<HTMLElement>("textarea")?.focus();
  });
}

// ---- categories ----------------------------------------------------------------------------

/** Chips for the usual matters choose in the full list, which stays the one truth. */
function startChips(form: HTMLFormElement): void {
  const list = form.querySelector<HTMLSelectElement>("select[name=category]");
  if (!list) return;
  const chips = Array.from(form.querySelectorAll<HTMLButtonElement>("[data-category]"));
  const mark = (): void => {
    for (const chip of chips) {
      chip.setAttribute("aria-pressed", String(chip.dataset.category === list.value));
    }
  };
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      list.value = chip.dataset.category ?? "";
      list.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  list.addEventListener("change", mark);
  mark();
}

/** A line that drops while sending must not replace the page with the browser's error. */
function guardOffline(form: HTMLFormElement, name: string): void {
  form.addEventListener("submit", (event) => {
    keep(name, form, Date.now());
    if (navigator.onLine) return;
    event.preventDefault();
    toast(say("offline-kept"), { tone: "bad", stays: 10_000 });
  });
}

function start(form: HTMLFormElement): void {
  const name = form.dataset.draft ?? "report";
  if (!input(form, "client_id")?.value) set(form, "client_id", newId());
  startDraft(form, name);
  const place = new Place(form);
  form.addEventListener("change", () => place.show());
  startChips(form);
  guardOffline(form, name);
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) start(form);
// The confirmation page says which draft the server now has.
for (const done of document.querySelectorAll<HTMLElement>("[data-draft-sent]")) {
  forget(done.dataset.draftSent ?? "report");
}
