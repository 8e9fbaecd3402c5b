import { announce } from "./live";
import { type Door, input, type Place, set } from "./place";
import { say } from "./words";

/** An address field that offers the plates of the book: the combobox pattern of WAI-ARIA.

    It is a plain text field first. Where the line is slow or gone, what was typed is sent as it is.
*/

const WAIT_MS = 250;
const GIVE_UP_MS = 6000;
const SHORTEST = 2;

/** The plates that `text` may mean; none where the line does not answer in time. */
async function ask(url: string, text: string, signal: AbortSignal): Promise<Door[]> {
  const answer = await fetch(`${url}?q=${encodeURIComponent(text)}`, {
    signal,
    headers: { Accept: "application/json" },
  });
  if (!answer.ok) return [];
  return ((await answer.json()) as { doors: Door[] }).doors;
}

export class Combobox {
  private readonly field: HTMLInputElement;
  private readonly list: HTMLUListElement;
  private doors: Door[] = [];
  private active = -1;
  private waiting = 0;
  private asking: AbortController | null = null;
  private asked = "";

  constructor(
    private readonly frame: HTMLElement,
    private readonly form: HTMLFormElement,
    private readonly place: Place,
  ) {
    this.field = frame.querySelector("input") as HTMLInputElement;
    this.list = document.createElement("ul");
    this.list.id = `${this.field.id}-doors`;
    this.list.className = "combobox-list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", say("doors"));
    this.list.hidden = true;
    this.field.after(this.list);
    this.field.setAttribute("role", "combobox");
    this.field.setAttribute("aria-autocomplete", "list");
    this.field.setAttribute("aria-controls", this.list.id);
    this.field.setAttribute("aria-expanded", "false");
    this.field.autocomplete = "off";
    this.listen();
  }

  private listen(): void {
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.field.addEventListener("blur", () => this.close());
    this.field.addEventListener("focus", () => {
      if (this.doors.length > 0 && !input(this.form, "address_id")?.value) this.open();
    });
    // Before the field loses the focus, or the list would be gone under the finger.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest<HTMLElement>("[data-n]");
      if (option) this.choose(Number(option.dataset.n));
    });
    this.form.addEventListener("submit", (event) => void this.beforeSending(event));
  }

  private typed(): void {
    this.place.dropDoor();
    this.form.querySelector("[data-door-candidates]")?.remove();
    this.hiddenId();
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.search(), WAIT_MS);
  }

  /** The choice the server offered without scripts is made here now: one field carries it. */
  private hiddenId(): void {
    if (input(this.form, "address_id")) return;
    const hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = "address_id";
    this.form.append(hidden);
  }

  /** Ask for what is typed now; an older question is given up. */
  private async search(): Promise<void> {
    const text = this.field.value.trim();
    this.asking?.abort();
    if (text.length < SHORTEST) {
      this.show([], "");
      return;
    }
    const asking = new AbortController();
    this.asking = asking;
    const patience = window.setTimeout(() => asking.abort(), GIVE_UP_MS);
    this.field.setAttribute("aria-busy", "true");
    try {
      const doors = await ask(this.frame.dataset.doors ?? "", text, asking.signal);
      this.show(doors, text);
    } catch {
      // Slow or no line: the words go as they are, and the server asks or the desk finds it.
      if (this.asking === asking) this.show([], "");
    } finally {
      window.clearTimeout(patience);
      if (this.asking === asking) this.field.removeAttribute("aria-busy");
    }
  }

  private show(doors: Door[], text: string): void {
    this.doors = doors;
    this.asked = text;
    this.active = -1;
    this.list.replaceChildren(...doors.map((door, n) => this.option(door, n)));
    if (doors.length === 0 || document.activeElement !== this.field) this.close();
    else {
      this.open();
      announce(say("doors-found", { count: doors.length }));
    }
  }

  private option(door: Door, n: number): HTMLLIElement {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${n}`;
    item.dataset.n = String(n);
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const more = document.createElement("small");
    more.textContent = [door.grid, door.why].filter(Boolean).join(" · ");
    item.append(door.text, more);
    return item;
  }

  private open(): void {
    this.list.hidden = false;
    this.field.setAttribute("aria-expanded", "true");
  }

  private close(): void {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.mark(-1);
  }

  private mark(n: number): void {
    this.active = n;
    Array.from(this.list.children).forEach((item, at) => {
      item.setAttribute("aria-selected", String(at === n));
      if (at === n) item.scrollIntoView({ block: "nearest" });
    });
    if (n < 0) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", `${this.list.id}-${n}`);
  }

  private pressed(event: KeyboardEvent): void {
    const count = this.doors.length;
    const opened = !this.list.hidden;
    if (event.isComposing) return; // the keys belong to the input method
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count > 0) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (!opened) this.open();
      const from = this.active < 0 && step < 0 ? 0 : this.active;
      this.mark((from + step + count) % count);
    } else if (event.key === "Enter" && opened && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && opened) {
      event.preventDefault();
      this.close();
    }
  }

  private choose(n: number): void {
    const door = this.doors[n];
    if (!door) return;
    this.field.value = door.text;
    this.asked = door.text;
    this.place.putDoor(door);
    this.close();
    announce(say("placed-by-door", { text: door.text }));
  }

  /** Without scripts the server asks back which plate is meant; here nothing has to be sent. */
  private async beforeSending(event: SubmitEvent): Promise<void> {
    const text = this.field.value.trim();
    const open = text && !this.place.current() && input(this.form, "address_id")?.value === "";
    if (!open || event.defaultPrevented) return;
    event.preventDefault();
    window.clearTimeout(this.waiting);
    if (this.asked !== text) {
      this.field.focus();
      await this.search();
    }
    // Asked once: sending again means none of them.
    set(this.form, "address_id", "none");
    if (this.doors.length > 0) {
      this.field.focus();
      this.open();
      announce(say("doors-choose"));
      const hint = this.form.querySelector<HTMLElement>("[data-door-hint]");
      if (hint) hint.hidden = false;
    } else if (typeof this.form.requestSubmit === "function") this.form.requestSubmit();
    else this.form.submit();
  }
}

/** Make comboboxes of the address fields of a form. */
export function startDoors(form: HTMLFormElement, place: Place): void {
  for (const frame of form.querySelectorAll<HTMLElement>("[data-doors]")) {
    if (frame.querySelector("input")) new Combobox(frame, form, place);
  }
}
