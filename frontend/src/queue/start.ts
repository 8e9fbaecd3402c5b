import { csrfToken } from "../lib/csrf";
import { say } from "../lib/words";
import { restore, restoreFiles } from "./findings";
import { Queue } from "./queue";
import { refresh } from "./snapshot";
import * as store from "./store";

/** Acts and findings made without a signal are kept on this device and sent when there is one.

    There is no background sync outside Chromium, so they are sent when the page opens, when the
    signal comes back, when the page is looked at again, every 15 seconds, and on request. */
const EVERY = 15_000;
const SENT = "gridtrack-finding-sent";

function actOf(target: EventTarget | null): HTMLFormElement | null {
  return target instanceof HTMLFormElement && target.dataset.act ? target : null;
}

// Safari 14 has no requestSubmit.
function goOn(form: HTMLFormElement): void {
  form.dataset.goOn = "1";
  delete form.dataset.sending;
  if (typeof form.requestSubmit === "function") form.requestSubmit();
  else form.submit();
}

function wentOn(form: HTMLFormElement): boolean {
  const went = form.dataset.goOn === "1";
  delete form.dataset.goOn;
  return went;
}

/** An act is held for its undo, sent at once where a server answers, or kept. */
function onAct(queue: Queue, event: Event): void {
  const form = actOf(event.target);
  if (!form || wentOn(form)) return;
  const undo = queue.undoFor(form);
  const answersHere = form.hasAttribute("hx-post");
  if (undo === 0 && answersHere && navigator.onLine) return; // a failure is heard of below
  event.preventDefault();
  event.stopImmediatePropagation();
  if (undo > 0) void queue.hold(form, undo);
  else void queue.reachable().then((is) => (is ? goOn(form) : queue.keepForLater(form)));
}

/** A finding is kept here first, whatever the line does; then it goes the way that there is. */
async function onFinding(queue: Queue, form: HTMLFormElement, draft: boolean): Promise<void> {
  delete form.dataset.sending;
  const inShell = form.dataset.finding === "shell";
  if (draft || inShell || !(await queue.reachable())) {
    await queue.queueFinding(form, { send: !draft });
    return;
  }
  try {
    const finding = await queue.takeFinding(form, { send: false });
    if (finding) window.sessionStorage.setItem(SENT, finding.id);
  } catch {
    // No storage (a private window): the page sends it, as without scripts.
  }
  goOn(form);
}

function listen(queue: Queue, place: HTMLElement): void {
  // Before htmx and before the browser: without a signal neither can do anything.
  document.addEventListener("submit", (event) => onAct(queue, event), true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (form.hasAttribute("data-leaves")) leave(queue, event);
    if (!form.dataset.finding || event.defaultPrevented || wentOn(form)) return;
    event.preventDefault();
    void onFinding(queue, form, event.submitter?.hasAttribute("data-as-draft") ?? false);
  });
  document.addEventListener("htmx:error", (event) => {
    const detail = (event as CustomEvent<{ ctx?: { sourceElement?: EventTarget } }>).detail;
    const form = actOf(detail?.ctx?.sourceElement ?? null);
    if (form) void queue.keepForLater(form);
  });
  document.addEventListener("polled", () => {
    void queue.render();
    void refresh(place);
  });
  window.addEventListener("online", () => void queue.flush());
  window.addEventListener("pagehide", () => queue.release(csrfToken()));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) queue.release(csrfToken());
    else void queue.flush();
  });
  window.setInterval(() => void queue.flush(), EVERY);
}

/** What waits stays on this device; what it knew of the work goes with the session. */
function leave(queue: Queue, event: Event): void {
  const count = queue.waiting;
  if (count > 0 && !window.confirm(say("acts-leave", { count }))) event.preventDefault();
  else void store.forget("who", "matters", "ground");
}

/** A finding that is mended, or a form shown again without the photos that it had. */
async function bringBack(): Promise<void> {
  const form = document.querySelector<HTMLFormElement>("form[data-finding]");
  if (!form) return;
  const asked = new URLSearchParams(window.location.search).get("finding");
  const own = form.elements.namedItem("client_id");
  const id = asked ?? (own instanceof HTMLInputElement ? own.value : "");
  const finding = id ? await store.findingOf(id) : undefined;
  if (!finding || finding.state === "sent") return;
  if (asked) restore(form, finding);
  else restoreFiles(form, finding);
}

/** The page that says a finding has arrived: the copy on this device may go. */
async function letGo(): Promise<void> {
  const sent = window.sessionStorage.getItem(SENT);
  if (!sent || !document.querySelector("[data-draft-sent=finding]")) return;
  window.sessionStorage.removeItem(SENT);
  await store.dropFinding(sent);
}

/** Begin to keep and send for the person of this page; the shell knows them from the last one. */
export async function startQueue(place: HTMLElement): Promise<Queue | null> {
  try {
    const here = Number(place.dataset.person ?? "0");
    const who = here || ((await store.known<number>("who")) ?? 0);
    if (!who) return null;
    const queue = new Queue(place, who);
    listen(queue, place);
    if (here) await meet(here);
    await letGo();
    await bringBack();
    await queue.render();
    place.dataset.ready = "1";
    // What an earlier page held back for its undo goes now: that page has been left.
    await queue.flush(true);
    if (here) await refresh(place);
    return queue;
  } catch {
    // No storage (a private window): acts are sent at once or not at all, as without scripts.
    return null;
  }
}

/** What was known of the work of another person on this device goes. */
async function meet(person: number): Promise<void> {
  const before = await store.known<number>("who");
  if (before !== undefined && before !== person) await store.forget("matters", "ground");
  await store.know("who", person);
}
