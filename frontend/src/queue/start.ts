import { newId } from "../lib/ids";
import { announce, toast } from "../lib/live";
import { refreshAll } from "../lib/poll";
import { say } from "../lib/words";
import { mark, show } from "./panel";
import { reachable, type Session, send, session } from "./send";
import { drop, type Kept, keep, kept } from "./store";

/** Acts made without a signal are kept on this device and sent when there is one.

    There is no background sync outside Chromium, so they are sent when the page opens, when the
    signal comes back, when the page is looked at again, every 15 seconds, and on request. */
const EVERY = 15_000;
// A form whose photos or file cannot be kept here still keeps its words.
const CARRIED = new Set(["csrf_token"]);

class Queue {
  /** How many acts wait, as far as this page knows. */
  waiting = 0;
  private busy = false;
  private login = false;
  private readonly person: number;
  private readonly sessionUrl: string;

  constructor(private readonly place: HTMLElement) {
    this.person = Number(place.dataset.person);
    this.sessionUrl = place.dataset.session ?? "";
  }

  /** True where an act could be sent now. */
  reachable(): Promise<boolean> {
    return navigator.onLine ? reachable(this.sessionUrl) : Promise.resolve(false);
  }

  /** Take what a form says into the queue, with the time of now. */
  async take(form: HTMLFormElement): Promise<void> {
    const given = Array.from(new FormData(form));
    const photos = given.some(([, value]) => value instanceof File && value.size > 0);
    const fields = given.filter(
      (pair): pair is [string, string] => typeof pair[1] === "string" && !CARRIED.has(pair[0]),
    );
    const { act: url = "", actWord: word = "", actAbout: about = "" } = form.dataset;
    const act = { id: newId(), person: this.person, url, word, about, fields };
    try {
      await keep({ ...act, actedAt: new Date().toISOString() });
    } catch {
      toast(say("not-sent"), { tone: "bad" });
      return;
    }
    form.reset();
    form.closest("details")?.removeAttribute("open");
    if (photos) toast(say("act-without-photos"), { tone: "bad", stays: 10_000 });
    announce(say("act-kept"));
    await this.render();
    this.place.scrollIntoView({ block: "nearest" });
  }

  async render(): Promise<void> {
    const acts = await kept(this.person);
    this.waiting = acts.length;
    const deeds = {
      sendAll: () => void this.flush(),
      takeBack: (act: Kept) => void drop(act.id).then(() => this.render()),
      again: (act: Kept) => void this.again(act),
    };
    show(this.place, acts, deeds, this.login);
    mark(acts);
  }

  /** The same words as an act of now: what the server refused is another act. */
  private async again(act: Kept): Promise<void> {
    const { refused: _, ...rest } = act;
    await keep({ ...rest, id: newId(), actedAt: new Date().toISOString() });
    await drop(act.id);
    await this.flush();
  }

  /** Send what waits, oldest first; one tab at a time, and the server knows each by its id. */
  async flush(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      if (navigator.locks) {
        await navigator.locks.request("gridtrack-acts", { ifAvailable: true }, async (lock) => {
          if (lock) await this.sendAll();
        });
      } else await this.sendAll();
    } finally {
      this.busy = false;
      await this.render();
    }
  }

  private async sendAll(): Promise<void> {
    const waiting = (await kept(this.person)).filter((one) => !one.refused);
    if (waiting.length === 0 || !navigator.onLine) return;
    const found = await session(this.sessionUrl);
    this.login = found === "login" || (found !== "later" && found.person !== this.person);
    if (found === "later" || found === "login" || this.login) return;
    const told = await this.sendEach(waiting, found);
    if (told.done > 0) toast(say("acts-sent", { count: told.done }), { tone: "ok" });
    if (told.noted > 0) toast(say("acts-noted", { count: told.noted }), { stays: 15_000 });
    if (told.clockOff) toast(say("act-clock-off"), { tone: "bad", stays: 15_000 });
    if (told.done + told.noted > 0) refreshAll();
    if (told.here) showAnew();
  }

  private async sendEach(waiting: Kept[], now: Session) {
    const told = { done: 0, noted: 0, here: false, clockOff: false };
    for (const act of waiting) {
      const outcome = await send(act, now.csrf);
      if (outcome.is === "later") break;
      if (outcome.is === "login") {
        this.login = true;
        break;
      }
      if (outcome.is === "refused") {
        await keep({ ...act, refused: outcome.because });
      } else if ("doubt" in outcome) {
        await drop(act.id);
        told[outcome.is] += 1;
        told.clockOff ||= outcome.doubt === "clock-off";
        told.here ||= act.url.startsWith(`${window.location.pathname}/`);
      }
    }
    return told;
  }
}

/** What may be done with this matter has changed: load it again, unless somebody is writing. */
function showAnew(): void {
  const areas = document.querySelectorAll<HTMLTextAreaElement>("main textarea");
  if (Array.from(areas).every((one) => one.value === "")) window.location.reload();
}

function actOf(target: EventTarget | null): HTMLFormElement | null {
  return target instanceof HTMLFormElement && target.dataset.act ? target : null;
}

// Safari 14 has no requestSubmit.
function goOn(form: HTMLFormElement): void {
  form.dataset.goOn = "1";
  if (typeof form.requestSubmit === "function") form.requestSubmit();
  else form.submit();
}

function listen(queue: Queue): void {
  // Before htmx and before the browser: without a signal neither can do anything.
  document.addEventListener(
    "submit",
    (event) => {
      const form = actOf(event.target);
      if (!form) return;
      if (form.dataset.goOn === "1") {
        delete form.dataset.goOn;
        return;
      }
      const answersHere = form.hasAttribute("hx-post");
      if (answersHere && navigator.onLine) return; // a failure is heard of below
      event.preventDefault();
      event.stopImmediatePropagation();
      void queue.reachable().then((is) => (is ? goOn(form) : queue.take(form)));
    },
    true,
  );
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-leaves")) return;
    const count = queue.waiting;
    // What waits stays on this device and is sent when this person logs in here again.
    if (count > 0 && !window.confirm(say("acts-leave", { count }))) event.preventDefault();
  });
  document.addEventListener("htmx:error", (event) => {
    const detail = (event as CustomEvent<{ ctx?: { sourceElement?: EventTarget } }>).detail;
    const form = actOf(detail?.ctx?.sourceElement ?? null);
    if (form) void queue.take(form);
  });
  document.addEventListener("polled", () => void queue.render());
  window.addEventListener("online", () => void queue.flush());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void queue.flush();
  });
  window.setInterval(() => void queue.flush(), EVERY);
}

/** Begin to keep and send acts for the person of this page. */
export async function startQueue(place: HTMLElement): Promise<void> {
  const queue = new Queue(place);
  listen(queue);
  try {
    await queue.render();
    place.dataset.ready = "1";
    await queue.flush();
  } catch {
    // No storage (a private window): acts are sent at once or not at all, as without scripts.
  }
}
