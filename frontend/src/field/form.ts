import { away, platesLike } from "../lib/ground";
import { newId } from "../lib/ids";
import { startPhotoField } from "../lib/photo-field";
import { input, Place, set } from "../lib/place";
import { startVoice } from "../lib/voice";
import { say } from "../lib/words";
import type { Ground } from "../queue/snapshot";

/** The finding form without a signal: everything but the big map, with the plates kept here. */

function fillPlates(form: HTMLFormElement, ground: Ground | null): void {
  const field = input(form, "address");
  if (!field || !ground) return;
  const list = document.createElement("datalist");
  list.id = "plates";
  field.setAttribute("list", list.id);
  field.after(list);
  field.addEventListener("input", () => {
    const found = platesLike(ground, field.value);
    list.replaceChildren(
      ...found.slice(0, 8).map(([, text]) => {
        const option = document.createElement("option");
        option.value = text;
        return option;
      }),
    );
    const exact = found.find(([, text]) => text === field.value.trim());
    set(form, "address_id", exact ? String(exact[0]) : "");
  });
}

/** Far from every grid of mine: said at once, while the person still stands there. */
export function warnFar(form: HTMLFormElement, place: Place, ground: Ground | null): void {
  const note = form.querySelector<HTMLElement>("[data-far]");
  if (!note || !ground) return;
  form.addEventListener("change", () => {
    const at = place.current();
    const metres = at ? away(ground, [at.lon, at.lat]) - at.accuracy : 0;
    note.hidden = metres <= 0;
    if (metres > 0) note.textContent = say("far-from-grid", { metres: Math.round(metres) });
  });
}

/** Put the form of the shell into the view. */
export function showForm(view: HTMLElement, ground: Ground | null): void {
  const source = document.querySelector<HTMLTemplateElement>("#finding-form");
  if (!source) return;
  view.replaceChildren(source.content.cloneNode(true));
  const form = view.querySelector("form") as HTMLFormElement;
  set(form, "client_id", newId());
  const place = new Place(form);
  form.addEventListener("change", () => place.show());
  warnFar(form, place, ground);
  fillPlates(form, ground);
  // The big map and the server's list of plates are not here.
  for (const part of form.querySelectorAll<HTMLElement>("[data-open-map]")) part.hidden = true;
  for (const field of form.querySelectorAll<HTMLInputElement>("input[type=file][data-most]"))
    startPhotoField(field);
  for (const field of form.querySelectorAll<HTMLElement>("[data-voice]")) startVoice(field);
}
