import { say } from "../lib/words";
import type { Matter, Matters } from "../queue/snapshot";
import { acknowledge, clock, element, link } from "./parts";

export function matterUrl(matter: Matter): string {
  const base = document.querySelector<HTMLElement>("[data-view]")?.dataset.base ?? "/";
  return `${base}incidents/${matter.id}`;
}

function row(matter: Matter): HTMLLIElement {
  const item = element("li", "", "row");
  item.id = `row-${matter.id}`;
  item.dataset.tone = matter.state === "assigned" ? "soon" : "info";
  const head = element("div", "", "spread");
  head.append(element("span", matter.status ?? say("sealed"), "badge tone-info"));
  const time = clock(matter);
  if (time) head.append(time);
  const title = element("h3");
  // What is sealed is not kept here: there is nothing behind it to open without a signal.
  title.append(matter.sealed ? matter.title : link(matter.title, matterUrl(matter)));
  const meta = element("p", "", "meta dotted");
  for (const one of [matter.address, matter.grid, matter.number])
    if (one) meta.append(element("span", one));
  item.append(head, title);
  if (matter.words) item.append(element("p", matter.words, "two-lines"));
  item.append(meta);
  if (matter.state === "assigned" && matter.actions.includes("acknowledge"))
    item.append(acknowledge(matter));
  return item;
}

function part(heading: string, empty: string, matters: Matter[]): HTMLElement {
  const box = element("section", "", "stack");
  const title = element("h2", `${heading} `);
  title.append(element("span", String(matters.length), "soft figures"));
  box.append(title);
  if (matters.length === 0) {
    box.append(element("p", empty, "soft"));
    return box;
  }
  const list = element("ul", "", "rows");
  list.append(...matters.map(row));
  box.append(list);
  return box;
}

/** The inbox as it was last known. */
export function showInbox(view: HTMLElement, known: Matters): void {
  const waiting = known.matters.filter((one) => one.state === "assigned");
  const handling = known.matters.filter((one) => one.state !== "assigned");
  view.replaceChildren(
    element("h1", say("inbox")),
    part(say("to-acknowledge"), say("none-waits"), waiting),
    part(say("in-your-hands"), say("none-in-hand"), handling),
  );
}
