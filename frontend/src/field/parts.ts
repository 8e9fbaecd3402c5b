import { say } from "../lib/words";
import type { Matter } from "../queue/snapshot";

/** The small parts that the pages without a signal are made of. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  text = "",
  className = "",
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

export function link(word: string, url: string, className = ""): HTMLAnchorElement {
  const made = element("a", word, className);
  made.href = url;
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(name: string, values: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, String(value));
  return made;
}

export function icon(name: string): SVGElement {
  const made = svg("svg", { class: "icon", width: 20, height: 20, "aria-hidden": "true" });
  made.append(svg("use", { href: `#i-${name}` }));
  return made;
}

/** A clock as the server's pages have it: it ticks by the server's time. */
export function clock(matter: Matter): HTMLElement | null {
  if (!matter.due) return null;
  const made = element("time", "", "clock");
  made.dateTime = matter.due;
  made.dataset.due = matter.due;
  made.dataset.soon = "60";
  made.dataset.name = matter.title;
  const text = element("span");
  text.dataset.text = "1";
  made.append(icon("clock"), text);
  return made;
}

/** The address of an act, from the shell's own pattern. */
export function actUrl(matter: Matter, action: string): string {
  const pattern = document.querySelector<HTMLElement>("[data-view]")?.dataset.act ?? "";
  return pattern.replace("/0/", `/${matter.id}/`).replace("-action-", action);
}

/** A form whose act the queue takes; `undo` seconds to take it back. */
export function actForm(matter: Matter, action: string, word: string): HTMLFormElement {
  const form = element("form", "", "stack-tight");
  form.method = "post";
  form.noValidate = true;
  form.action = actUrl(matter, action);
  form.dataset.act = form.getAttribute("action") ?? "";
  form.dataset.actWord = word;
  form.dataset.actAbout = `${matter.title} ${matter.number}`;
  const version = element("input");
  version.type = "hidden";
  version.name = "version";
  version.value = String(matter.version);
  form.append(version);
  return form;
}

export function press(word: string, className = "button"): HTMLButtonElement {
  const made = element("button", "", className);
  made.type = "submit";
  made.append(element("span", word));
  return made;
}

/** The one tap of an inbox row. */
export function acknowledge(matter: Matter): HTMLFormElement {
  const form = actForm(matter, "acknowledge", say("acknowledge"));
  form.dataset.actOnce = "1";
  form.dataset.undo = document.querySelector<HTMLElement>("[data-view]")?.dataset.undo ?? "0";
  if (matter.due) form.dataset.due = matter.due;
  const button = press(say("acknowledge"), "button button-primary button-wide");
  button.setAttribute("aria-label", `${say("acknowledge")}: ${matter.title} ${matter.number}`);
  form.append(button);
  return form;
}
