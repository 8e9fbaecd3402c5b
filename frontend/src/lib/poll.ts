import htmx from "htmx.org";
import { learnFrom } from "./clock";
import { dropToast, toast } from "./live";
import { say } from "./words";

const SECOND = 1000;
const LONGEST_WAIT = 60 * SECOND;

interface Polled {
  etag: string | null;
  failures: number;
}

const state = new WeakMap<HTMLElement, Polled>();

// Somebody is typing or choosing in there: a swap would take it from under their fingers.
function busy(part: HTMLElement): boolean {
  const focused = document.activeElement;
  if (!focused || !part.contains(focused)) return part.querySelector(".htmx-request") !== null;
  return (
    focused.matches("input:not([type=checkbox]), select, textarea") ||
    part.querySelector("details[open] form") !== null
  );
}

// What came in above must not push what somebody is looking at away: not every browser sees to it.
function keepInPlace(chosen: Element | null, before: number | undefined): void {
  if (!chosen?.isConnected || before === undefined) return;
  chosen.setAttribute("data-current", "");
  const moved = chosen.getBoundingClientRect().top - before;
  if (Math.abs(moved) > 1) window.scrollBy(0, moved);
}

async function ask(part: HTMLElement, known: Polled): Promise<void> {
  const headers: Record<string, string> = { "HX-Request": "true", "X-Poll": "1" };
  if (known.etag) headers["If-None-Match"] = known.etag;
  const answer = await fetch(part.dataset.poll ?? "", {
    headers,
    credentials: "same-origin",
    // The browser's own cache would turn the server's 304 into a 200 and swap for nothing.
    cache: "no-store",
  });
  learnFrom(answer.headers);
  if (answer.status === 304) return;
  if (answer.status === 401 || answer.redirected) {
    window.location.reload();
    return;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const text = await answer.text();
  if (busy(part)) return;
  known.etag = answer.headers.get("ETag");
  const chosen = part.querySelector("[data-current]");
  const before = chosen?.getBoundingClientRect().top;
  await htmx.swap({ text, target: part, swap: "innerMorph" });
  keepInPlace(chosen, before);
  part.dispatchEvent(new CustomEvent("polled", { bubbles: true }));
}

async function round(part: HTMLElement, known: Polled): Promise<void> {
  if (document.hidden || busy(part)) return;
  try {
    await ask(part, known);
    if (known.failures > 0) dropToast("offline");
    known.failures = 0;
  } catch {
    known.failures += 1;
    if (known.failures === 2) toast(say("not-updated"), { tone: "bad", key: "offline", stays: 0 });
  }
}

function wait(part: HTMLElement, known: Polled): number {
  const every = Number(part.dataset.every ?? "8") * SECOND;
  // A server that is down is not helped by every phone asking at once.
  return (
    Math.min(every * 2 ** Math.min(known.failures, 4), LONGEST_WAIT) * (0.9 + Math.random() / 5)
  );
}

function start(part: HTMLElement): void {
  if (state.has(part)) return;
  const known: Polled = { etag: part.dataset.etag ?? null, failures: 0 };
  state.set(part, known);
  const next = (): void => {
    window.setTimeout(
      async () => {
        if (!part.isConnected) return;
        await round(part, known);
        next();
      },
      wait(part, known),
    );
  };
  next();
}

/** Keep every `[data-poll]` part fresh; an unchanged part costs the server one 304. */
export function startPolling(): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-poll]")) start(part);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refreshAll();
  });
}

/** Ask for every polled part now: the tab is seen again, or something was just done. */
export function refreshAll(): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-poll]")) {
    const known = state.get(part);
    if (known) void round(part, known);
  }
}
