/** What was typed outlives a lost connection, a closed tab and a flat battery. */
const PREFIX = "gridtrack-draft:";
const KEEP_DAYS = 7;
const DAY = 86_400_000;

export interface Draft {
  at: number;
  fields: Record<string, string>;
}

// What belongs to one page load, or is chosen again in a moment, is not part of a draft.
const NOT_KEPT = new Set(["csrf_token", "photos"]);

function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** The fields of `form` that a person filled in. */
export function read(form: HTMLFormElement): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !NOT_KEPT.has(name)) fields[name] = value;
  }
  return fields;
}

/** Keep the form's words under `name`; false where the device has no room or forbids it. */
export function keep(name: string, form: HTMLFormElement, now: number): boolean {
  try {
    const draft: Draft = { at: now, fields: read(form) };
    storage()?.setItem(PREFIX + name, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** The draft kept under `name`, if it is not older than a week. */
export function recall(name: string, now: number): Draft | null {
  try {
    const draft = JSON.parse(storage()?.getItem(PREFIX + name) ?? "null") as Draft | null;
    return draft && now - draft.at < KEEP_DAYS * DAY ? draft : null;
  } catch {
    return null;
  }
}

/** Forget the draft: the server has it, or the person said so. */
export function forget(name: string): void {
  try {
    storage()?.removeItem(PREFIX + name);
  } catch {
    // A browser without storage kept nothing.
  }
}

/** A page of thanks says which draft the server now has. */
export function forgetSent(): void {
  for (const done of document.querySelectorAll<HTMLElement>("[data-draft-sent]")) {
    forget(done.dataset.draftSent ?? "report");
  }
}

/** Write the kept words back into the form. */
export function restore(form: HTMLFormElement, draft: Draft): void {
  for (const [name, value] of Object.entries(draft.fields)) {
    const control = form.elements.namedItem(name);
    if (control instanceof RadioNodeList) control.value = value;
    else if (control instanceof HTMLInputElement && control.type === "checkbox") {
      control.checked = true;
    } else if (
      control instanceof HTMLInputElement ||
      control instanceof HTMLTextAreaElement ||
      control instanceof HTMLSelectElement
    ) {
      control.value = value;
    }
  }
  for (const box of form.querySelectorAll<HTMLInputElement>("input[type=checkbox]")) {
    if (!(box.name in draft.fields)) box.checked = false;
  }
}
