import { csrfToken } from "../lib/csrf";

/** What the drawing page asks the server, and what comes back. */
export type Place = [number, number];

export type Operation =
  | { kind: "move-vertex"; at: Place; to: Place }
  | { kind: "insert-vertex"; at: Place; to?: Place }
  | { kind: "delete-vertex"; at: Place }
  | { kind: "split"; grid: string; line: Place[]; code?: string }
  | { kind: "merge"; grid: string; other: string }
  | {
      kind: "draw";
      level: number;
      parent: string;
      ring: Place[];
      cut: boolean;
      code?: string;
      name?: string;
    }
  | { kind: "describe"; grid: string; code?: string; name?: string; name_en?: string }
  | { kind: "re-parent"; grid: string; parent: string }
  | { kind: "remove"; grid: string };

interface Collection {
  features: Array<{ geometry: unknown; properties: Record<string, unknown> }>;
}

/** An edit, done or only looked at: grids as they are then, codes that went, faults around. */
export interface Answer {
  revision: number;
  changed: Collection;
  gone: string[];
  faults: Collection;
}

export interface State {
  revision: number;
  state: string;
  by: string;
  at: string;
}

/** The server's no, with its stable code; its message is a sentence for people. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    sentence: string,
  ) {
    super(sentence);
  }
}

async function read<T>(answer: Response): Promise<T> {
  const body = await answer.json();
  if (answer.ok) return body as T;
  const first = (body.errors ?? [])[0]?.message;
  throw new Refused(String(body.code ?? answer.status), String(first ?? body.title ?? ""));
}

/** The three addresses of one draft. */
export class Server {
  private etag: string | null = null;

  constructor(private readonly addresses: DOMStringMap) {}

  preview(operations: Operation[]): Promise<Answer> {
    return this.send(this.addresses.preview ?? "", { operations });
  }

  save(operations: Operation[], revision: number): Promise<Answer> {
    return this.send(this.addresses.save ?? "", { operations, revision });
  }

  /** Where the draft stands; null where nothing has changed since it was last asked. */
  async state(): Promise<State | null> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (this.etag) headers["If-None-Match"] = this.etag;
    const url = this.addresses.state ?? "";
    const answer = await fetch(url, { headers, credentials: "same-origin", cache: "no-store" });
    if (answer.status === 304) return null;
    this.etag = answer.headers.get("ETag");
    return read<State>(answer);
  }

  /** Ask `state` anew, whatever was known. */
  async stateNow(): Promise<State | null> {
    this.etag = null;
    return this.state();
  }

  private async send(url: string, body: unknown): Promise<Answer> {
    const answer = await fetch(url, {
      method: "POST",
      credentials: "same-origin",
      headers: {
        Accept: "application/json",
        "Content-Type": "application/json",
        "X-CSRFToken": csrfToken(),
      },
      body: JSON.stringify(body),
    });
    return read<Answer>(answer);
  }
}
