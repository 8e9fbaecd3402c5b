import { startDoors } from "./lib/combobox";
import { type Draft, forget, forgetSent, keep, recall, restore } from "./lib/draft";
import { newId } from "./lib/ids";
import { toast } from "./lib/live";
import { input, Place, set } from "./lib/place";
import { say } from "./lib/words";
import { startAsks } from "./report/asks";

/** The report form's comforts: position, map, small photos, a draft that survives. */

// ---- draft ---------------------------------------------------------------------------------

/** What belongs to another entrance or another sign does not come along with the words. */
function leaveOut(form: HTMLFormElement, draft: Draft): void {
  const leave = ["near_seen"];
  // Another entrance begins with its own kind of matter; the words and the place go along.
  if (draft.fields.entrance !== input(form, "entrance")?.value) {
    leave.push("entrance", "category", "choice");
  }
  // Whoever scans a sign stands somewhere else than where the draft was begun.
  if (input(form, "station")?.value) {
    leave.push("station", "lon", "lat", "accuracy_m", "address", "address_id");
  }
  for (const name of leave) delete draft.fields[name];
}

function startDraft(form: HTMLFormElement, name: string): void {
  const note = form.querySelector<HTMLElement>("[data-draft-note]");
  const draft = form.dataset.fresh === "1" ? recall(name, Date.now()) : null;
  if (draft && (draft.fields.description || draft.fields.address)) {
    leaveOut(form, draft);
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
    for (const field of ["lon", "lat", "accuracy_m", "address_id"]) set(form, field, "");
    if (note) note.hidden = true;
    form.querySelector<HTMLElement>("textarea")?.focus();
  });
}

// ---- categories ----------------------------------------------------------------------------

/** Chips for the usual and the suggested matters choose in the full list, the one truth. */
function startChips(form: HTMLFormElement): void {
  const list = form.querySelector<HTMLSelectElement>("select[name=category]");
  if (!list) return;
  const mark = (): void => {
    for (const chip of form.querySelectorAll<HTMLElement>("[data-category]")) {
      chip.setAttribute("aria-pressed", String(chip.dataset.category === list.value));
    }
  };
  form.addEventListener("click", (event) => {
    const chip = (event.target as Element).closest<HTMLElement>("[data-category]");
    if (!chip) return;
    list.value = chip.dataset.category ?? "";
    list.dispatchEvent(new Event("change", { bubbles: true }));
  });
  list.addEventListener("change", mark);
  form.addEventListener("asked", mark);
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
  if (!form.dataset.finding) guardOffline(form, name);
  startDraft(form, name);
  const place = new Place(form);
  form.addEventListener("change", () => place.show());
  startDoors(form, place);
  startChips(form);
  startAsks(form);
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) start(form);
forgetSent(); // the page after a finding says that the server has it
