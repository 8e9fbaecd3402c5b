import { serverNow } from "./clock";
import { announce } from "./live";
import { say } from "./words";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const pad = (value: number): string => String(value).padStart(2, "0");

/** A span in the shape the server writes too: 4:59, 2 h 05 min, 3 d 4 h. */
export function span(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  if (size < HOUR) {
    return `${Math.floor(size / MINUTE)}:${pad(Math.floor((size % MINUTE) / SECOND))}`;
  }
  if (size < DAY) {
    const minutes = pad(Math.floor((size % HOUR) / MINUTE));
    return say("hours-minutes", { hours: Math.floor(size / HOUR), minutes });
  }
  return say("days-hours", {
    days: Math.floor(size / DAY),
    hours: Math.floor((size % DAY) / HOUR),
  });
}

type Tone = "ok" | "soon" | "late";

/** What a clock shows with `left` milliseconds to go: the word of its light and a span. */
export function reading(left: number, light: Tone = "ok"): string {
  if (left < 0) return say("late", { span: `−${span(left)}` });
  const key = { ok: "left", soon: "left-soon", late: "left-urgent" }[light];
  return say(key, { span: span(left) });
}

/** By the instants at which it turns yellow and red, where the clock names them. */
function lightOf(clock: HTMLElement, now: number): Tone | null {
  const yellow = Date.parse(clock.dataset.yellow ?? "");
  const red = Date.parse(clock.dataset.red ?? "");
  if (Number.isNaN(yellow) || Number.isNaN(red)) return null;
  if (now >= red) return "late";
  return now >= yellow ? "soon" : "ok";
}

function tone(left: number, soon: number): Tone {
  if (left < 0) return "late";
  return left <= soon ? "soon" : "ok";
}

const SIGNS: Record<Tone, string> = { ok: "#i-clock", soon: "#i-bell", late: "#i-alert" };

function show(clock: HTMLElement, now: number): void {
  const due = Date.parse(clock.dataset.due ?? "");
  if (Number.isNaN(due)) return;
  const left = due - now;
  const light = lightOf(clock, now);
  const text = clock.querySelector("[data-text]") ?? clock;
  const shown = reading(left, light ?? "ok");
  if (text.textContent !== shown) text.textContent = shown;
  const soon = Number(clock.dataset.soon ?? "60") * SECOND;
  const next = left < 0 ? "late" : (light ?? tone(left, soon));
  if (clock.dataset.tone !== next) {
    clock.dataset.tone = next;
    clock.querySelector("use")?.setAttribute("href", SIGNS[next]);
  }
  tell(clock, left);
}

// Screen readers hear of a clock twice, not each second: at one minute and when it runs out.
const told = new Map<string, Set<string>>();

function tell(clock: HTMLElement, left: number): void {
  const name = clock.dataset.name;
  if (!name) return;
  const mark = left <= 0 ? "zero" : left <= MINUTE ? "minute" : "";
  const key = `${name}|${clock.dataset.due}`;
  const known = told.get(key);
  if (!known) {
    told.set(key, new Set(mark ? [mark] : []));
    return;
  }
  if (!mark || known.has(mark)) return;
  known.add(mark);
  announce(say(mark === "zero" ? "time-up" : "one-minute", { name }));
}

/** Tick every clock on the page by the server's time, once a second. */
export function startCountdowns(): void {
  const tick = (): void => {
    const now = serverNow();
    for (const clock of document.querySelectorAll<HTMLElement>("time[data-due]")) show(clock, now);
    window.setTimeout(tick, SECOND - (now % SECOND));
  };
  tick();
}
