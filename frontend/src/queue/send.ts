import { learnFrom } from "../lib/clock";
import { type Finding, fileOf, type Kept, type Part } from "./store";

/** How far away the server may be before we say that there is none. */
const PATIENCE = 8000;
// A photo takes its time on one bar of signal.
const PATIENCE_FOR_FILES = 120_000;

/** Who is logged in here now, and the word that a request of theirs needs. */
export interface Session {
  person: number;
  csrf: string;
}

/** What became of sending: taken, noted (it came too late to be done), refused with the reason,
    to be tried again later, or the person must log in first. */
export type Outcome =
  | { is: "done" | "noted"; doubt: string | null; number: string; url: string }
  | { is: "later" | "login" }
  | { is: "refused"; because: string };

interface Problem {
  title?: string;
  code?: string;
  errors?: { message: string }[];
}

interface Taken {
  outcome?: "done" | "noted";
  /** Why the time of receipt counts, and not when it was done. */
  doubt?: string | null;
  number?: string;
  url?: string;
  clock_off_s?: number | null;
}

async function ask(url: string, options: RequestInit = {}, patience = PATIENCE): Promise<Response> {
  const stop = new AbortController();
  const timer = window.setTimeout(() => stop.abort(), patience);
  try {
    const answer = await fetch(url, {
      ...options,
      headers: { Accept: "application/json", ...options.headers },
      credentials: "same-origin",
      cache: "no-store",
      signal: stop.signal,
    });
    learnFrom(answer.headers);
    return answer;
  } finally {
    window.clearTimeout(timer);
  }
}

/** True where the server answers at all: a phone that says it is online often is not. */
export async function reachable(url: string): Promise<boolean> {
  try {
    return (await ask(url)).status < 500;
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

/** The form of an act or a finding with both its times, by this device's clock. */
export function formOf(fields: [string, string][], parts: Part[], actedAt: string): FormData {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  for (const part of parts) form.append(part.field, fileOf(part), part.name);
  form.set("acted_at", actedAt);
  form.set("sent_at", new Date().toISOString());
  return form;
}

/** Send one act. */
export function send(act: Kept, csrf: string): Promise<Outcome> {
  const form = formOf(act.fields, act.parts ?? [], act.actedAt);
  form.set("act_id", act.id);
  return post(act.url, form, csrf, (act.parts ?? []).length > 0);
}

/** Send one finding to `url`. */
export function sendFinding(finding: Finding, url: string, csrf: string): Promise<Outcome> {
  const form = formOf(finding.fields, finding.parts, finding.actedAt);
  form.set("client_id", finding.id);
  return post(url, form, csrf, finding.parts.length > 0);
}

async function post(url: string, form: FormData, csrf: string, files: boolean): Promise<Outcome> {
  try {
    const options = { method: "POST", body: form, headers: { "X-CSRFToken": csrf } };
    return await outcomeOf(await ask(url, options, files ? PATIENCE_FOR_FILES : PATIENCE));
  } catch {
    return { is: "later" };
  }
}

async function outcomeOf(answer: Response): Promise<Outcome> {
  if (answer.status === 401) return { is: "login" };
  if (answer.status === 408 || answer.status === 429 || answer.status >= 500)
    return { is: "later" };
  if (answer.redirected) return { is: "login" };
  const told = (await answer.json()) as Problem & Taken;
  if (answer.ok) {
    const { outcome = "done", number = "", url = "" } = told;
    const doubt = told.clock_off_s == null ? (told.doubt ?? null) : "clock-off";
    return { is: outcome, doubt, number, url };
  }
  // Somebody logged in or out in another tab since we asked for the word.
  if (told.code === "csrf") return { is: "later" };
  const faults = (told.errors ?? []).map((one) => one.message).join(" ");
  return { is: "refused", because: faults || told.title || String(answer.status) };
}
