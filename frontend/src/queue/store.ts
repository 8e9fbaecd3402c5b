import { type DBSchema, type IDBPDatabase, openDB } from "idb";

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
  /** When it was done, by this device's clock. */
  actedAt: string;
  /** Why the server did not take it; the words stay here. */
  refused?: string;
}

interface Shelf extends DBSchema {
  acts: { key: string; value: Kept };
}

// Other things that a phone keeps (findings with photos) get shelves of their own, by version.
const NAME = "gridtrack";
const VERSION = 1;

let opened: Promise<IDBPDatabase<Shelf>> | null = null;

function shelf(): Promise<IDBPDatabase<Shelf>> {
  opened ??= openDB<Shelf>(NAME, VERSION, {
    upgrade: (made) => {
      made.createObjectStore("acts", { keyPath: "id" });
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
  const mine = all.filter((one) => one.person === person);
  return mine.sort((a, b) => a.actedAt.localeCompare(b.actedAt));
}
