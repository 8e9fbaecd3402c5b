import { type DBSchema, type IDBPDatabase, openDB } from "idb";

/** A picture or a sound as bytes: older iPhones lose Blobs that they keep. */
export interface Part {
  field: string;
  name: string;
  type: string;
  bytes: ArrayBuffer;
}

/** An act that waits on this device until there is a signal; the server knows it by its id. */
export interface Kept {
  id: string;
  /** Whose it is: nobody else on this device sends it. */
  person: number;
  url: string;
  /** What was done, as its button said, and to which matter. */
  word: string;
  about: string;
  fields: [string, string][];
  parts?: Part[];
  /** When it was done, by this device's clock. */
  actedAt: string;
  /** Until then it can be taken back and is not sent, in milliseconds of this device's clock. */
  heldUntil?: number;
  /** Why the server did not take it; the words stay here. */
  refused?: string;
}

/** A finding on its way: what was seen, where and when, with everything that goes with it. */
export interface Finding {
  id: string;
  person: number;
  state: "draft" | "waiting" | "refused" | "sent";
  /** What lists call it: its kind, or the first words. */
  about: string;
  fields: [string, string][];
  parts: Part[];
  actedAt: string;
  refused?: string;
  number?: string;
  url?: string;
}

interface Shelf extends DBSchema {
  acts: { key: string; value: Kept };
  findings: { key: string; value: Finding };
  /** What is known of the server by name: `who`, `matters`, `ground`, `lease`. */
  known: { key: string; value: unknown };
}

const NAME = "gridtrack";
const VERSION = 2;

let opened: Promise<IDBPDatabase<Shelf>> | null = null;

/** The store of this device, opened once. */
export function shelf(): Promise<IDBPDatabase<Shelf>> {
  opened ??= openDB<Shelf>(NAME, VERSION, {
    upgrade: (made, before) => {
      if (before < 1) made.createObjectStore("acts", { keyPath: "id" });
      if (before < 2) {
        made.createObjectStore("findings", { keyPath: "id" });
        made.createObjectStore("known");
      }
    },
    // Another tab with a newer version wants to go on.
    blocking: () => {
      void opened?.then((one) => one.close());
      opened = null;
    },
  });
  return opened;
}

/** Keep an act, or what became of it. Rejects where the device has no room or forbids it. */
export async function keep(act: Kept): Promise<void> {
  await (await shelf()).put("acts", act);
}

/** Let an act go: the server has it, or the person took it back. */
export async function drop(id: string): Promise<void> {
  await (await shelf()).delete("acts", id);
}

/** What `person` did, in the order in which it was done. */
export async function kept(person: number): Promise<Kept[]> {
  const all = await (await shelf()).getAll("acts");
  return inOrder(all.filter((one) => one.person === person));
}

/** Keep a finding. Rejects where the device has no room or forbids it. */
export async function keepFinding(finding: Finding): Promise<void> {
  await (await shelf()).put("findings", finding);
}

/** Let a finding go: the server has it, or the person threw it away. */
export async function dropFinding(id: string): Promise<void> {
  await (await shelf()).delete("findings", id);
}

export async function findingOf(id: string): Promise<Finding | undefined> {
  return (await shelf()).get("findings", id);
}

/** The findings of `person`, in the order in which they were made. */
export async function findings(person: number): Promise<Finding[]> {
  const all = await (await shelf()).getAll("findings");
  return inOrder(all.filter((one) => one.person === person));
}

/** How many acts and findings of others wait on this device. */
export async function ofOthers(person: number): Promise<number> {
  const db = await shelf();
  const [acts, found] = [await db.getAll("acts"), await db.getAll("findings")];
  const waits = found.filter((one) => one.state !== "sent");
  return [...acts, ...waits].filter((one) => one.person !== person).length;
}

export async function know(name: string, value: unknown): Promise<void> {
  await (await shelf()).put("known", value, name);
}

export async function known<T>(name: string): Promise<T | undefined> {
  return (await (await shelf()).get("known", name)) as T | undefined;
}

export async function forget(...names: string[]): Promise<void> {
  const db = await shelf();
  for (const name of names) await db.delete("known", name);
}

function inOrder<T extends { actedAt: string }>(all: T[]): T[] {
  return all.sort((a, b) => a.actedAt.localeCompare(b.actedAt));
}

/** The files of a form as bytes. */
export async function partsOf(data: FormData): Promise<Part[]> {
  const parts: Part[] = [];
  for (const [field, value] of Array.from(data)) {
    if (typeof value === "string" || value.size === 0) continue;
    parts.push({ field, name: value.name, type: value.type, bytes: await bytesOf(value) });
  }
  return parts;
}

// Safari 14.0 has no Blob.arrayBuffer in its oldest version.
function bytesOf(file: File): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(file);
  });
}

export function fileOf(part: Part): File {
  return new File([part.bytes], part.name, { type: part.type });
}
