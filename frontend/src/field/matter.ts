import { startPhotoField } from "../lib/photo-field";
import { say } from "../lib/words";
import type { Matter, Matters } from "../queue/snapshot";
import { acknowledge, actForm, clock, element, press } from "./parts";

function area(name: string, label: string): HTMLElement {
  const field = element("div", "", "field");
  const title = element("label", label);
  const box = element("textarea");
  box.id = `f-${name}`;
  box.name = name;
  box.rows = 3;
  box.maxLength = 2000;
  title.htmlFor = box.id;
  field.append(title, box);
  return field;
}

function choice(matter: Matter): HTMLElement | null {
  if (!matter.outcomes?.length) return null;
  const field = element("div", "", "field");
  const title = element("label", say("outcome"));
  const list = element("select");
  list.id = title.htmlFor = "f-outcome";
  list.name = "outcome";
  list.append(element("option", say("choose")));
  (list.firstChild as HTMLOptionElement).value = "";
  for (const [code, word] of matter.outcomes) {
    const option = element("option", word);
    option.value = code;
    list.append(option);
  }
  field.append(title, list);
  return field;
}

function photos(id: string): HTMLElement {
  const field = element("div", "", "field");
  const title = element("label", say("photos"));
  title.htmlFor = id;
  const box = element("div", "", "file");
  const input = element("input");
  input.type = "file";
  input.id = id;
  input.name = "photos";
  input.accept = "image/*";
  input.multiple = true;
  input.dataset.most = "6";
  box.append(element("span", say("take-photos")), input);
  const list = element("ul", "", "photo-list");
  list.dataset.photoList = "1";
  field.append(title, box, list);
  return field;
}

function more(word: string, form: HTMLFormElement): HTMLDetailsElement {
  const box = element("details");
  box.append(element("summary", word), form);
  return box;
}

/** What can be done with a matter without a signal; the rest is decided with the list in sight. */
function acts(matter: Matter): HTMLElement[] {
  const found: HTMLElement[] = [];
  if (matter.state === "assigned" && matter.actions.includes("acknowledge"))
    found.push(acknowledge(matter));
  for (const verb of ["start", "resume"]) {
    if (!matter.actions.includes(verb)) continue;
    const form = actForm(matter, verb, say(`do-${verb}`));
    form.dataset.actOnce = "1";
    if (verb === "start" && matter.at) form.dataset.arrive = matter.at.join(",");
    form.append(press(say(`do-${verb}`), "button button-primary button-wide"));
    found.push(form);
  }
  if (matter.actions.includes("resolve")) {
    const form = actForm(matter, "resolve", say("do-resolve"));
    const outcome = choice(matter);
    form.append(area("result", say("what-was-done")), ...(outcome ? [outcome] : []));
    form.append(photos("f-resolve-photos"), press(say("do-resolve"), "button button-primary"));
    found.push(more(say("do-resolve"), form));
  }
  if (matter.actions.includes("note")) {
    const form = actForm(matter, "note", say("do-note"));
    form.append(area("text", say("note")), photos("f-note-photos"), press(say("do-note")));
    found.push(more(say("do-note"), form));
  }
  if (matter.actions.includes("hand_back")) {
    const form = actForm(matter, "hand_back", say("do-hand_back"));
    form.append(area("reason", say("reason")), press(say("do-hand_back")));
    found.push(more(say("do-hand_back"), form));
  }
  return found;
}

function startPhotos(view: HTMLElement): void {
  for (const field of view.querySelectorAll<HTMLInputElement>("input[type=file]"))
    startPhotoField(field);
}

/** One matter as it was last known, with what can be done without a signal. */
export function showMatter(view: HTMLElement, known: Matters, id: number): void {
  const matter = known.matters.find((one) => one.id === id && !one.sealed);
  if (!matter) {
    const box = element("div", "", "empty card");
    box.append(element("h1", say("matter-unknown")), element("p", say("matter-unknown-why")));
    view.replaceChildren(box);
    return;
  }
  const head = element("div", "", "incident-head");
  head.append(element("p", matter.number, "incident-number"), element("h1", matter.title));
  const line = element("p", "", "cluster");
  line.append(element("span", matter.status ?? "", "badge tone-info"));
  const time = clock(matter);
  if (time) line.append(time);
  head.append(line);
  const said = element("section", "", "card stack");
  said.append(element("p", matter.words || say("no-words"), "words"));
  const place = [matter.address, matter.grid].filter(Boolean).join(" · ");
  if (place) said.append(element("p", place, "soft"));
  const tools = element("section", "", "card stack actions");
  tools.append(element("h2", say("what-you-can-do")), ...acts(matter));
  view.replaceChildren(head, said, tools);
  startPhotos(view);
}
