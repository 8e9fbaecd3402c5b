import { say } from "../lib/words";
import type { Kept } from "./store";

/** What the list of waiting acts may do for a person. */
export interface Deeds {
  sendAll: () => void;
  takeBack: (act: Kept) => void;
  again: (act: Kept) => void;
}

// What was typed, not what the form carries along.
const OWN = new Set(["version", "csrf_token", "next"]);

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  text = "",
  className = "",
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function button(word: string, about: string, act: () => void, name: string): HTMLButtonElement {
  const made = element("button", word, "button button-quiet");
  made.type = "button";
  made.dataset.deed = name;
  if (about) made.setAttribute("aria-label", `${word}: ${about}`);
  made.addEventListener("click", act);
  return made;
}

function time(iso: string): HTMLTimeElement {
  const at = new Date(iso);
  const made = element("time", at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
  made.dateTime = iso;
  return made;
}

function line(act: Kept, deeds: Deeds): HTMLLIElement {
  const item = element("li", "", "row");
  item.dataset.tone = act.refused ? "late" : "soon";
  const what = `${act.word} · ${act.about}`;
  const meta = element("p", "", "meta");
  meta.append(time(act.actedAt), " · ", act.refused ? say("act-refused") : say("act-waits"));
  item.append(element("p", what, "queue-what"), meta);
  for (const [name, value] of act.fields) {
    if (!OWN.has(name) && value) item.append(element("p", value, "words"));
  }
  if (act.refused) item.append(element("p", act.refused, "error-text"));
  const tools = element("div", "", "cluster");
  if (act.refused) tools.append(button(say("act-again"), what, () => deeds.again(act), "again"));
  const word = act.refused ? say("act-drop") : say("act-take-back");
  tools.append(button(word, what, () => deeds.takeBack(act), "drop"));
  item.append(tools);
  return item;
}

/** Show what waits on this device and what was refused; nothing at all where nothing does. */
export function show(place: HTMLElement, acts: Kept[], deeds: Deeds, login: boolean): void {
  place.hidden = acts.length === 0;
  if (place.hidden) {
    place.replaceChildren();
    return;
  }
  const waiting = acts.filter((one) => !one.refused);
  const key = waiting.length > 0 ? "acts-waiting" : "acts-refused";
  const count = waiting.length > 0 ? waiting.length : acts.length;
  const heading = element("p", say(key, { count }), "queue-what");
  heading.id = "h-queue";
  const list = element("ul", "", "rows");
  list.append(...acts.map((one) => line(one, deeds)));
  const parts: HTMLElement[] = [heading];
  if (waiting.length > 0) {
    const why = element("p", login ? say("acts-login") : say("acts-how"), "soft");
    const tools = element("div", "", "cluster");
    tools.append(button(say("acts-send"), "", deeds.sendAll, "send"));
    parts.push(why, tools);
  }
  place.replaceChildren(...parts, list);
}

/** Buttons whose act waits say so and cannot be pressed a second time. */
export function mark(acts: Kept[]): void {
  const urls = new Set(acts.filter((one) => !one.refused).map((one) => one.url));
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-act-once]")) {
    const press = form.querySelector<HTMLButtonElement>("button[type=submit]");
    if (!press) continue;
    const waits = urls.has(form.dataset.act ?? "");
    press.disabled = waits;
    const note = form.querySelector<HTMLElement>("[data-act-note]");
    if (waits && !note) {
      const said = element("p", say("act-kept"), "soft");
      said.dataset.actNote = "1";
      form.append(said);
    } else if (!waits) note?.remove();
  }
}
