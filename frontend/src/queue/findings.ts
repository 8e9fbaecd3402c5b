import { restore as restoreFields } from "../lib/draft";
import { newId } from "../lib/ids";
import { replaceFiles } from "../lib/photos";
import { say } from "../lib/words";
import { type Finding, fileOf, partsOf } from "./store";

// What belongs to one page load, and what the queue says itself.
const NOT_KEPT = new Set(["csrf_token", "client_id"]);

const typedIn = (form: HTMLFormElement, name: string): string => {
  const control = form.elements.namedItem(name);
  return control instanceof HTMLInputElement ||
    control instanceof HTMLSelectElement ||
    control instanceof HTMLTextAreaElement
    ? control.value.trim()
    : "";
};

function aboutOf(form: HTMLFormElement): string {
  const list = form.elements.namedItem("category");
  const kind = list instanceof HTMLSelectElement && list.value ? list.selectedOptions[0]?.text : "";
  return kind || typedIn(form, "description").slice(0, 40) || say("finding");
}

/** What a finding form says, with its photos and its voice note, under the form's own id. */
export async function read(form: HTMLFormElement, person: number): Promise<Finding> {
  const data = new FormData(form);
  const fields = Array.from(data).filter(
    (pair): pair is [string, string] => typeof pair[1] === "string" && !NOT_KEPT.has(pair[0]),
  );
  return {
    id: typedIn(form, "client_id") || newId(),
    person,
    state: "draft",
    about: aboutOf(form),
    fields,
    parts: await partsOf(data),
    actedAt: new Date().toISOString(),
  };
}

/** Write a kept finding back into a form, photos and all. */
export function restore(form: HTMLFormElement, finding: Finding): void {
  restoreFields(form, { at: 0, fields: Object.fromEntries(finding.fields) });
  const id = form.elements.namedItem("client_id");
  if (id instanceof HTMLInputElement) id.value = finding.id;
  restoreFiles(form, finding);
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Photos and voice note alone: the server showed the form again with its words. */
export function restoreFiles(form: HTMLFormElement, finding: Finding): void {
  for (const field of new Set(finding.parts.map((one) => one.field))) {
    const input = form.elements.namedItem(field);
    if (!(input instanceof HTMLInputElement)) continue;
    const files = finding.parts.filter((one) => one.field === field).map(fileOf);
    if (replaceFiles(input, files)) input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** The name of the first thing that a finding lacks, null where it can be sent. */
export function lacks(finding: Finding): "words" | "category" | "place" | null {
  const said = new Map(finding.fields);
  if (!said.get("description")?.trim() && finding.parts.length === 0) return "words";
  if (!said.get("category")) return "category";
  if (!said.get("lon") && !said.get("address")?.trim()) return "place";
  return null;
}

/** Make a form ready for the next finding. */
export function next(form: HTMLFormElement): void {
  form.reset();
  const fresh: Record<string, string> = { client_id: newId() };
  for (const name of ["lon", "lat", "accuracy_m", "address_id", "voice_seconds"]) fresh[name] = "";
  for (const [name, value] of Object.entries(fresh)) {
    const control = form.elements.namedItem(name);
    if (control instanceof HTMLInputElement) control.value = value;
  }
  for (const list of form.querySelectorAll("[data-photo-list], [data-voice-list]"))
    list.replaceChildren();
  form.dispatchEvent(new Event("change", { bubbles: true }));
}
