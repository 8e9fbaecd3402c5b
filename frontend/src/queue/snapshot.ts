import { learnFrom, learnServerTime, serverNow } from "../lib/clock";
import { forget, know, known } from "./store";

/** What this device keeps of the work: the inbox and its ground, as the server last said them. */
export interface Matter {
  id: number;
  number: string;
  version: number;
  state: string;
  due: string | null;
  sealed: boolean;
  title: string;
  actions: string[];
  status?: string;
  words?: string;
  address?: string;
  grid?: string;
  reported?: string;
  at?: [number, number] | null;
  required?: string[];
  outcomes?: [string, string][];
}

export interface Open {
  at: [number, number];
  number: string;
  title: string;
  status: string;
  tone: string;
  url: string;
}

export interface Matters {
  person: number;
  name: string;
  matters: Matter[];
  open: Open[];
}

export interface Grid {
  code: string;
  name: string;
  rings: [number, number][][];
}

export interface Ground {
  grids: Grid[];
  plates: [number, string, number, number][];
}

interface Said<T> {
  body: T;
  etag: string;
  /** When the server said it, by its own clock, and what this device's clock was behind then. */
  at: number;
  skew: number;
}

// What lies on a phone for longer than this helps nobody any more.
const LONGEST = 3 * 24 * 3600 * 1000;

// Borders and plates change by the month.
const GROUND_EVERY = 10 * 60 * 1000;

async function fetchOne(name: string, url: string): Promise<void> {
  const before = await known<Said<unknown>>(name);
  const headers: Record<string, string> = { Accept: "application/json" };
  if (before) headers["If-None-Match"] = before.etag;
  const answer = await fetch(url, { headers, credentials: "same-origin", cache: "no-store" });
  learnFrom(answer.headers);
  const at = serverNow();
  const skew = at - Date.now();
  if (answer.status === 304 && before) await know(name, { ...before, at, skew });
  else if (answer.ok) {
    const etag = answer.headers.get("ETag") ?? "";
    await know(name, { body: await answer.json(), etag, at, skew });
  } else if (answer.status === 401 || answer.status === 403) await forget(name);
}

/** Ask anew for what is kept of the work; without a line the last answer stays. */
export async function refresh(place: HTMLElement): Promise<void> {
  const { matters, ground } = place.dataset;
  if (!matters || !ground) return;
  try {
    await fetchOne("matters", matters);
    const before = await known<Said<Ground>>("ground");
    if (!before || serverNow() - before.at > GROUND_EVERY) await fetchOne("ground", ground);
    place.dataset.kept = "1";
  } catch {
    // No line: what is known stays, with its age.
  }
}

/** What is kept under `name`, with the server's clock set as it was known then. */
export async function recall<T>(name: string): Promise<Said<T> | null> {
  const found = await known<Said<T>>(name);
  if (!found) return null;
  learnServerTime(Date.now() + found.skew);
  if (serverNow() - found.at < LONGEST) return found;
  await forget(name);
  return null;
}
