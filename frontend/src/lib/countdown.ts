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

/** What a clock shows with `left` milliseconds to go: a word and a minus sign when late. */
export function reading(left: number): string {
  return left >= 0 ? say("left", { span: span(left) }) : say("late", { span: `−${span(left)}` });
}

function tone(left: number, soon: number): string {
  if (left < 0) return "late";
  return left <= soon ? "soon" : "ok";
}

function show(clock: HTMLElement, now: number): void {
  const due = Date.parse(clock.dataset.due ?? "");
  if (Number.isNaN(due)) return;
  const left = due - now;
  const text = clock.querySelector("[data-text]") ?? clock;
  const shown = reading(left);
  if (text.textContent !== shown) text.textContent = shown;
  const soon = Number(clock.dataset.soon ?? "60") * SECOND;
  const next = tone(left, soon);
  if (clock.dataset.tone !== next) clock.dataset.tone = next;
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
