import "./styles/index.css";
import { showForm } from "./field/form";
import { showInbox } from "./field/inbox";
import { showMap } from "./field/map";
import { showMatter } from "./field/matter";
import { element } from "./field/parts";
import { startArrivals } from "./lib/arrive";
import { startCountdowns } from "./lib/countdown";
import { startForms } from "./lib/forms";
import { say } from "./lib/words";
import { type Ground, type Matters, recall } from "./queue/snapshot";
import { startQueue } from "./queue/start";

/** The shell: what this phone keeps, shown at the address that was asked for, without a signal. */

const MINUTE = 60_000;

function age(at: number, now: number): string {
  const minutes = Math.max(0, Math.floor((now - at) / MINUTE));
  if (minutes < 60) return say("known-minutes", { minutes });
  return say("known-hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

function nothing(view: HTMLElement): void {
  const box = element("div", "", "empty card");
  box.append(element("h1", say("nothing-known")), element("p", say("nothing-known-why")));
  view.replaceChildren(box);
}

async function show(view: HTMLElement): Promise<void> {
  const said = await recall<Matters>("matters");
  const ground = await recall<Ground>("ground");
  const base = view.dataset.base ?? "/";
  const path = window.location.pathname.slice(base.length - 1);
  const note = document.querySelector<HTMLElement>("[data-age]");
  if (note && said) note.textContent = age(said.at, Date.now() + said.skew);
  const matter = /^\/incidents\/(\d+)$/.exec(path);
  if (path === "/report") showForm(view, ground?.body ?? null);
  else if (!said) nothing(view);
  else if (path === "/map") showMap(view, said.body, ground?.body ?? null);
  else if (matter) showMatter(view, said.body, Number(matter[1]));
  else showInbox(view, said.body);
  for (const tab of document.querySelectorAll<HTMLAnchorElement>(".tabs a")) {
    if (tab.pathname === window.location.pathname) tab.setAttribute("aria-current", "page");
  }
}

async function start(): Promise<void> {
  document.documentElement.classList.add("has-scripts");
  const view = document.querySelector<HTMLElement>("[data-view]");
  const place = document.querySelector<HTMLElement>("[data-queue]");
  if (!view || !place) return;
  await show(view).catch(() => nothing(view));
  startForms();
  startArrivals();
  startCountdowns();
  await startQueue(place);
  document.addEventListener("acts-sent", () => window.location.reload());
  // The line is back: the server's own page of this address is the better one.
  document.querySelector("[data-reload]")?.addEventListener("click", () => {
    window.location.reload();
  });
}

void start();
