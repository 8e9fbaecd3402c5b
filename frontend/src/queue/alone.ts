import { shelf } from "./store";

/** One sender among all tabs of this device: two at once would send everything twice. */
const NAME = "gridtrack-acts";
const LEASE_MS = 30_000;
const me = `${Date.now()}-${Math.random()}`;

interface Lease {
  by: string;
  until: number;
}

/** Take the lease where nobody holds it: one transaction, so of two tabs one wins. */
async function lease(until: number): Promise<boolean> {
  const change = (await shelf()).transaction("known", "readwrite");
  const held = (await change.store.get("lease")) as Lease | undefined;
  const free = !held || held.by === me || held.until < Date.now();
  if (free) await change.store.put({ by: me, until }, "lease");
  await change.done;
  return free;
}

/** Do `work` where no other tab does; the server knows each thing by its id all the same. */
export async function alone(work: () => Promise<void>): Promise<void> {
  if (navigator.locks) {
    await navigator.locks.request(NAME, { ifAvailable: true }, async (lock) => {
      if (lock) await work();
    });
    return;
  }
  // Safari before 15.4 has no locks: a lease in the store, renewed while the work goes on.
  if (!(await lease(Date.now() + LEASE_MS))) return;
  const renewing = window.setInterval(() => void lease(Date.now() + LEASE_MS), LEASE_MS / 3);
  try {
    await work();
  } finally {
    window.clearInterval(renewing);
    await lease(0);
  }
}
