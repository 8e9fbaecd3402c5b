import { say } from "../lib/words";
import type { EditionMap, Where } from "../map/edition";
import type { Ledger } from "./ledger";
import type { Answer } from "./server";

/** The words and buttons of the page around the map. */
export class Page {
  private readonly buttons = new Map<string, HTMLButtonElement>();

  constructor(private readonly root: HTMLElement) {
    for (const one of root.querySelectorAll<HTMLButtonElement>("[data-draw-do]"))
      this.buttons.set(one.dataset.drawDo ?? "", one);
  }

  /** What can be done now. */
  enable(ledger: Ledger, vertex: boolean): void {
    const can: Record<string, boolean> = {
      undo: ledger.count > 0,
      redo: ledger.undone > 0,
      save: ledger.count > 0,
      delete: vertex,
    };
    for (const [name, on] of Object.entries(can)) {
      const button = this.buttons.get(name);
      if (button) button.disabled = !on;
    }
    this.root.dataset.pending = String(ledger.count);
  }

  status(sentence: string): void {
    const line = this.root.querySelector("[data-draw-status]");
    if (line) line.textContent = sentence;
  }

  /** Somebody else has saved: said above the map until it is loaded; "" takes it away. */
  theirs(sentence: string): void {
    const box = this.root.querySelector<HTMLElement>("[data-draw-theirs]");
    const line = box?.querySelector("p");
    if (!box || !line) return;
    if (box.hidden === (sentence === "")) return;
    box.hidden = sentence === "";
    line.textContent = sentence;
  }

  conflict(sentence: string): void {
    const box = this.root.querySelector<HTMLDialogElement>("[data-draw-conflict]");
    const line = box?.querySelector("p");
    if (!box || !line) return;
    line.textContent = sentence;
    // Safari 14 has no dialogs: there the box stands open at the end of the page.
    if (typeof box.showModal === "function") box.showModal();
    else box.setAttribute("open", "");
  }

  close(): void {
    const box = this.root.querySelector<HTMLDialogElement>("[data-draw-conflict]");
    if (typeof box?.close === "function") box.close();
    else box?.removeAttribute("open");
  }

  pressed(mode: string): void {
    for (const one of this.root.querySelectorAll<HTMLElement>("[data-draw-mode]"))
      one.setAttribute("aria-pressed", String(one.dataset.drawMode === mode));
  }

  /** The faults around what was drawn, each a way to its place on the map. */
  faults(answer: Answer | null, map: EditionMap): void {
    const box = this.root.querySelector<HTMLElement>("[data-draw-faults]");
    const list = box?.querySelector("ul");
    if (!box || !list) return;
    const found = answer?.faults.features ?? [];
    box.hidden = found.length === 0;
    list.replaceChildren(
      ...found.map(({ properties }) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = String(properties.message ?? "");
        const place = properties.place as Where | null;
        if (place) button.addEventListener("click", () => map.zoomTo(place));
        item.append(button);
        return item;
      }),
    );
  }

  /** The list of saved changes as the server has it now, and the revision in every form. */
  async refresh(revision: number): Promise<void> {
    this.root.dataset.revision = String(revision);
    const answer = await fetch(window.location.href, { credentials: "same-origin" });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const wanted = "section[aria-labelledby=h-saved]";
      const fresh = page.querySelector(wanted);
      if (fresh) this.root.querySelector(wanted)?.replaceWith(fresh);
    }
    for (const field of this.root.querySelectorAll<HTMLInputElement>("input[name=revision]"))
      field.value = String(revision);
  }
}

/** The grids that an answer changes, as few words. */
export function named(answer: Answer | null): string {
  const codes = (answer?.changed.features ?? []).map(({ properties }) => {
    return String(properties.name || properties.code);
  });
  const most = 6;
  return codes.slice(0, most).join(say("comma")) + (codes.length > most ? " …" : "");
}
