import { say } from "../lib/words";
import type { Finding, Kept } from "./store";

/** What the list of waiting acts and findings may do for a person. */
export interface Deeds {
  sendAll: () => void;
  takeBack: (act: Kept) => void;
  again: (act: Kept) => void;
  throwAway: (finding: Finding) => void;
  sendNow: (finding: Finding) => void;
  clearSent: () => void;
}

/** Everything of a person that is on this device, and how it stands with sending. */
export interface Stock {
  acts: Kept[];
  findings: Finding[];
  login: boolean;
  /** When the server last took something or said that it is there. */
  reachedAt: number;
  /** The address of the form in which a finding is mended. */
  mend: string;
  others: number;
}

// What was typed, not what the form carries along.
const OWN = new Set(["version", "csrf_token", "next", "lon", "lat", "accuracy_m", "far_m"]);

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

function row(tone: string, what: string, actedAt: string, state: string): HTMLLIElement {
  const item = element("li", "", "row");
  item.dataset.tone = tone;
  const meta = element("p", "", "meta");
  meta.append(time(actedAt), " · ", state);
  item.append(element("p", what, "queue-what"), meta);
  return item;
}

function line(act: Kept, deeds: Deeds): HTMLLIElement {
  const what = `${act.word} · ${act.about}`;
  const held = (act.heldUntil ?? 0) > Date.now();
  const state = act.refused ? say("act-refused") : say(held ? "act-held" : "act-waits");
  const item = row(act.refused ? "late" : "soon", what, act.actedAt, state);
  for (const [name, value] of act.fields) {
    if (!OWN.has(name) && value) item.append(element("p", value, "words"));
  }
  if (act.parts?.length) item.append(element("p", say("files-kept", { count: act.parts.length })));
  if (act.refused) item.append(element("p", act.refused, "error-text"));
  const tools = element("div", "", "cluster");
  if (act.refused) tools.append(button(say("act-again"), what, () => deeds.again(act), "again"));
  const word = act.refused ? say("act-drop") : say("act-take-back");
  tools.append(button(word, what, () => deeds.takeBack(act), "drop"));
  item.append(tools);
  return item;
}

const TONES = { draft: "idle", waiting: "soon", refused: "late", sent: "ok" } as const;

function found(finding: Finding, deeds: Deeds, mend: string): HTMLLIElement {
  const what = `${say("finding")} · ${finding.about}`;
  const state = say(`finding-${finding.state}`, { number: finding.number ?? "" });
  const item = row(TONES[finding.state], what, finding.actedAt, state);
  item.dataset.finding = finding.id;
  if (finding.refused) item.append(element("p", finding.refused, "error-text"));
  const tools = element("div", "", "cluster");
  if (finding.state === "sent") {
    if (finding.url) tools.append(link(say("finding-open"), finding.url, "button button-quiet"));
  } else {
    if (finding.parts.length > 0)
      item.append(element("p", say("files-kept", { count: finding.parts.length }), "soft"));
    if (finding.state === "draft")
      tools.append(button(say("finding-send"), what, () => deeds.sendNow(finding), "send-finding"));
    if (finding.state !== "waiting")
      tools.append(link(say("finding-mend"), `${mend}?finding=${finding.id}`, "button"));
    tools.append(button(say("act-drop"), what, () => deeds.throwAway(finding), "drop-finding"));
  }
  item.append(tools);
  return item;
}

function link(word: string, url: string, className: string): HTMLAnchorElement {
  const made = element("a", word, className);
  made.href = url;
  return made;
}

function headline(stock: Stock): string {
  const acts = stock.acts.filter((one) => !one.refused).length;
  const count = (state: Finding["state"]): number =>
    stock.findings.filter((one) => one.state === state).length;
  const counts: [string, number][] = [
    ["acts-waiting", acts + count("waiting")],
    ["drafts", count("draft")],
    ["acts-refused", stock.acts.length - acts + count("refused")],
    ["findings-sent", count("sent")],
  ];
  const told = counts.filter(([, many]) => many > 0);
  return told.map(([key, many]) => say(key, { count: many })).join(" · ");
}

function how(stock: Stock, deeds: Deeds): HTMLElement[] {
  const waits =
    stock.acts.some((one) => !one.refused) || stock.findings.some((one) => one.state === "waiting");
  if (!waits) return [];
  const tools = element("div", "", "cluster");
  tools.append(button(say("acts-send"), "", deeds.sendAll, "send"));
  const minutes = Math.floor((Date.now() - stock.reachedAt) / 60_000);
  const why = stock.login ? say("acts-login") : say("acts-how");
  const parts = [element("p", why, "soft")];
  if (stock.reachedAt > 0) parts.push(element("p", say("acts-reached", { minutes }), "soft"));
  return [...parts, tools];
}

/** Show what is on this device and how it stands; nothing at all where nothing is. */
export function show(place: HTMLElement, stock: Stock, deeds: Deeds): void {
  const open = stock.findings.filter((one) => one.state !== "sent");
  const sent = stock.findings.filter((one) => one.state === "sent");
  place.hidden = stock.acts.length + stock.findings.length + stock.others === 0;
  if (place.hidden) {
    place.replaceChildren();
    return;
  }
  const heading = element("p", headline(stock), "queue-what");
  heading.id = "h-queue";
  const parts: HTMLElement[] = [heading, ...how(stock, deeds)];
  if (stock.others > 0) parts.push(element("p", say("of-others", { count: stock.others }), "soft"));
  // What failed first: it waits for a person, not for a signal.
  const refused = (one: { refused?: string }): number => (one.refused ? 0 : 1);
  const list = element("ul", "", "rows");
  const acts = [...stock.acts].sort((a, b) => refused(a) - refused(b));
  const findings = [...open].sort((a, b) => refused(a) - refused(b));
  list.append(...acts.map((one) => line(one, deeds)));
  list.append(...findings.map((one) => found(one, deeds, stock.mend)));
  if (list.children.length > 0) parts.push(list);
  if (sent.length > 0) parts.push(sentList(sent, stock, deeds));
  place.replaceChildren(...parts);
}

function sentList(sent: Finding[], stock: Stock, deeds: Deeds): HTMLElement {
  const box = element("details");
  box.append(element("summary", say("findings-sent", { count: sent.length })));
  const list = element("ul", "", "rows");
  list.append(...sent.map((one) => found(one, deeds, stock.mend)));
  box.append(list, button(say("clear-sent"), "", deeds.clearSent, "clear-sent"));
  return box;
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
