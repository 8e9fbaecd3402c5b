import type { Kept } from "./store";

/** How far away the server may be before we say that there is none. */
const PATIENCE = 8000;

/** Who is logged in here now, and the word that a request of theirs needs. */
export interface Session {
  person: number;
  csrf: string;
}

/** What became of sending: taken, noted (it came too late to be done), refused with the reason,
    to be tried again later, or the person must log in first. */
export type Outcome =
  | { is: "done" | "noted"; doubt: string | null }
  | { is: "later" | "login" }
  | { is: "refused"; because: string };

interface Problem {
  title?: string;
  errors?: { message: string }[];
}

interface Taken {
  outcome?: "done" | "noted";
  /** Why the time of receipt counts, and not when it was done. */
  doubt?: string | null;
}

async function ask(url: string, options: RequestInit = {}): Promise<Response> {
  const stop = new AbortController();
  const timer = window.setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await fetch(url, {
      ...options,
      headers: { Accept: "application/json", ...options.headers },
      credentials: "same-origin",
      cache: "no-store",
      signal: stop.signal,
    });
  } finally {
    window.clearTimeout(timer);
  }
}

/** True where the server answers at all: a phone that says it is online often is not. */
export async function reachable(url: string): Promise<boolean> {
  try {
    await ask(url);
    return true;
  } catch {
    return false;
  }
}

/** The session, `login` where there is none any more, `later` where the server is out of reach. */
export async function session(url: string): Promise<Session | "login" | "later"> {
  try {
    const answer = await ask(url);
    if (answer.status === 401) return "login";
    return answer.ok ? ((await answer.json()) as Session) : "later";
  } catch {
    return "later";
  }
}

/** Send one act with both its times, by this device's clock. */
export async function send(act: Kept, csrf: string): Promise<Outcome> {
  const form = new FormData();
  for (const [name, value] of act.fields) form.append(name, value);
  form.set("act_id", act.id);
  form.set("acted_at", act.actedAt);
  form.set("sent_at", new Date().toISOString());
  try {
    const headers = { "X-CSRFToken": csrf };
    return await outcomeOf(await ask(act.url, { method: "POST", body: form, headers }));
  } catch {
    return { is: "later" };
  }
}

async function outcomeOf(answer: Response): Promise<Outcome> {
  if (answer.status === 401) return { is: "login" };
  if (answer.status === 408 || answer.status === 429 || answer.status >= 500)
    return { is: "later" };
  const told = (await answer.json()) as Problem & Taken;
  if (answer.ok) return { is: told.outcome ?? "done", doubt: told.doubt ?? null };
  const faults = (told.errors ?? []).map((one) => one.message).join(" ");
  return { is: "refused", because: faults || told.title || String(answer.status) };
}
