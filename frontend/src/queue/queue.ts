import { serverNow } from "../lib/clock";
import { newId } from "../lib/ids";
import { announce, toast } from "../lib/live";
import { say } from "../lib/words";
import { alone } from "./alone";
import { lacks, next, read } from "./findings";
import { mark, type Stock, show } from "./panel";
import { formOf, type Outcome, reachable, type Session, send, sendFinding, session } from "./send";
import type { Finding, Kept } from "./store";
import * as store from "./store";

// A form whose photos or file cannot be kept here still keeps its words.
const CARRIED = new Set(["csrf_token"]);
const SECOND = 1000;
// With less than this on the clock nothing is held back: the promise counts more than the undo.
const MARGIN = 20 * SECOND;
const SENT_KEPT_MS = 24 * 3600 * SECOND;

interface Told {
  done: number;
  noted: number;
  findings: number;
  here: boolean;
  clockOff: boolean;
}

/** What one person did on this device, until the server has it. */
export class Queue {
  /** How many acts and findings wait, as far as this page knows. */
  waiting = 0;
  private busy = false;
  private login = false;
  private reachedAt = 0;
  private held: Kept[] = [];
  private readonly sessionUrl: string;
  private readonly findingUrl: string;

  constructor(
    private readonly place: HTMLElement,
    readonly person: number,
  ) {
    this.sessionUrl = place.dataset.session ?? "";
    this.findingUrl = place.dataset.finding ?? "";
  }

  /** True where an act could be sent now. */
  reachable(): Promise<boolean> {
    return navigator.onLine ? reachable(this.sessionUrl) : Promise.resolve(false);
  }

  /** Take what a form says into the queue, with the time of now; false where there is no room. */
  async take(form: HTMLFormElement, held = 0): Promise<Kept | null> {
    const data = new FormData(form);
    const fields = Array.from(data).filter(
      (pair): pair is [string, string] => typeof pair[1] === "string" && !CARRIED.has(pair[0]),
    );
    const { act: url = "", actWord: word = "", actAbout: about = "" } = form.dataset;
    const act: Kept = {
      ...{ id: newId(), person: this.person, url, word, about, fields },
      parts: await store.partsOf(data),
      actedAt: new Date().toISOString(),
    };
    if (held > 0) act.heldUntil = Date.now() + held;
    try {
      await store.keep(act);
    } catch {
      toast(say("storage-full"), { tone: "bad", stays: 15_000 });
      return null;
    }
    form.reset();
    for (const list of form.querySelectorAll("[data-photo-list]")) list.replaceChildren();
    form.closest("details")?.removeAttribute("open");
    await this.render();
    return act;
  }

  /** Keep an act that cannot be sent now. */
  async keepForLater(form: HTMLFormElement): Promise<void> {
    if (!(await this.take(form))) return;
    announce(say("act-kept"));
    this.place.scrollIntoView({ block: "nearest" });
  }

  /** How long `form` may be taken back before it is sent; 0 where it must go at once. */
  undoFor(form: HTMLFormElement): number {
    const seconds = Number(form.dataset.undo ?? "0");
    const due = Date.parse(form.dataset.due ?? "");
    if (!(seconds > 0)) return 0;
    const left = Number.isNaN(due) ? MARGIN * 2 : due - serverNow();
    return left > MARGIN + seconds * SECOND ? seconds * SECOND : 0;
  }

  /** One tap, and some seconds in which it can be taken back; then it is sent. */
  async hold(form: HTMLFormElement, milliseconds: number): Promise<void> {
    const act = await this.take(form, milliseconds);
    if (!act) return;
    this.held.push(act);
    toast(say("act-held-for", { what: act.about, seconds: milliseconds / SECOND }), {
      tone: "ok",
      key: act.id,
      stays: milliseconds,
      undo: { word: say("undo"), act: () => void this.takeBack(act) },
    });
    window.setTimeout(() => void this.flush(), milliseconds + 50);
  }

  /** Send what is held back now: the page is left, and nothing may hang on its coming back. */
  release(csrf: string): void {
    for (const act of this.held.splice(0)) {
      const form = formOf(act.fields, act.parts ?? [], act.actedAt);
      form.set("act_id", act.id);
      const headers = { "X-CSRFToken": csrf, Accept: "application/json" };
      // It stays in the store: the next page asks what became of it, by its id.
      void fetch(act.url, { method: "POST", body: form, headers, keepalive: true }).catch(() => {});
      void store.keep({ ...act, heldUntil: 0 });
    }
  }

  /** Keep what a finding form says. `send`: as waiting, not as a draft. Null: no room. */
  async takeFinding(form: HTMLFormElement, how: { send: boolean }): Promise<Finding | null> {
    const finding = await read(form, this.person);
    const missing = how.send ? lacks(finding) : null;
    if (missing) {
      toast(say(`finding-lacks-${missing}`), { tone: "bad", stays: 10_000 });
      return null;
    }
    try {
      await store.keepFinding({ ...finding, state: how.send ? "waiting" : "draft" });
    } catch {
      toast(say("storage-full"), { tone: "bad", stays: 15_000 });
      return null;
    }
    return finding;
  }

  /** Keep a finding and send it when that can be. */
  async queueFinding(form: HTMLFormElement, how: { send: boolean }): Promise<void> {
    if (!(await this.takeFinding(form, how))) return;
    next(form);
    announce(say(how.send ? "finding-kept" : "draft-kept"));
    await this.render();
    this.place.scrollIntoView({ block: "nearest" });
    if (how.send) await this.flush();
  }

  async render(): Promise<void> {
    const acts = await store.kept(this.person);
    const findings = await this.findings();
    this.waiting = acts.length + findings.filter((one) => one.state !== "sent").length;
    const deeds = {
      sendAll: () => void this.flush(true),
      takeBack: (act: Kept) => void this.takeBack(act),
      again: (act: Kept) => void this.again(act),
      throwAway: (one: Finding) => void store.dropFinding(one.id).then(() => this.render()),
      sendNow: (one: Finding) => void this.sendDraft(one),
      clearSent: () => void this.clearSent(),
    };
    const { login, reachedAt } = this;
    const others = await store.ofOthers(this.person);
    const stock: Stock = { acts, findings, login, reachedAt, mend: this.findingUrl, others };
    show(this.place, stock, deeds);
    mark(acts);
  }

  /** Findings of this person; those sent more than a day ago are let go. */
  private async findings(): Promise<Finding[]> {
    const all = await store.findings(this.person);
    const old = Date.now() - SENT_KEPT_MS;
    const gone = all.filter((one) => one.state === "sent" && Date.parse(one.actedAt) < old);
    for (const one of gone) await store.dropFinding(one.id);
    return all.filter((one) => !gone.includes(one));
  }

  private async takeBack(act: Kept): Promise<void> {
    this.held = this.held.filter((one) => one.id !== act.id);
    await store.drop(act.id);
    announce(say("act-taken-back", { what: act.about }));
    await this.render();
  }

  private async clearSent(): Promise<void> {
    for (const one of await store.findings(this.person))
      if (one.state === "sent") await store.dropFinding(one.id);
    await this.render();
  }

  private async sendDraft(finding: Finding): Promise<void> {
    const missing = lacks(finding);
    if (missing) {
      toast(say(`finding-lacks-${missing}`), { tone: "bad", stays: 10_000 });
      return;
    }
    await store.keepFinding({ ...finding, state: "waiting" });
    await this.flush();
  }

  /** The same words as an act of now: what the server refused is another act. */
  private async again(act: Kept): Promise<void> {
    const { refused: _, ...rest } = act;
    await store.keep({ ...rest, id: newId(), actedAt: new Date().toISOString() });
    await store.drop(act.id);
    await this.flush();
  }

  /** Send what waits, oldest first; one tab at a time, and the server knows each by its id. */
  async flush(everything = false): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await alone(() => this.sendAll(everything));
    } finally {
      this.busy = false;
      await this.render();
    }
  }

  private async sendAll(everything: boolean): Promise<void> {
    const now = everything ? Number.POSITIVE_INFINITY : Date.now();
    const acts = (await store.kept(this.person)).filter(
      (one) => !one.refused && (one.heldUntil ?? 0) <= now,
    );
    const all = await store.findings(this.person);
    const findings = all.filter((one) => one.state === "waiting");
    if (acts.length + findings.length === 0 || !navigator.onLine) return;
    const found = await session(this.sessionUrl);
    this.login = found === "login" || (found !== "later" && found.person !== this.person);
    if (found !== "later") this.reachedAt = Date.now();
    if (found === "later" || found === "login" || this.login) return;
    const told: Told = { done: 0, noted: 0, findings: 0, here: false, clockOff: false };
    if (await this.sendActs(acts, found, told)) await this.sendFindings(findings, found, told);
    this.tell(told);
  }

  private tell(told: Told): void {
    if (told.done > 0) toast(say("acts-sent", { count: told.done }), { tone: "ok" });
    if (told.findings > 0) toast(say("findings-sent", { count: told.findings }), { tone: "ok" });
    if (told.noted > 0) toast(say("acts-noted", { count: told.noted }), { stays: 15_000 });
    if (told.clockOff) toast(say("act-clock-off"), { tone: "bad", stays: 15_000 });
    if (told.done + told.noted + told.findings > 0)
      document.dispatchEvent(new CustomEvent("acts-sent", { detail: { here: told.here } }));
  }

  /** False where the rest has to wait. */
  private async sendActs(acts: Kept[], now: Session, told: Told): Promise<boolean> {
    for (const act of acts) {
      const outcome = await send(act, now.csrf);
      if (this.stops(outcome)) return false;
      if (outcome.is === "refused") await store.keep({ ...act, refused: outcome.because });
      else if ("doubt" in outcome) {
        await store.drop(act.id);
        this.held = this.held.filter((one) => one.id !== act.id);
        told[outcome.is] += 1;
        told.clockOff ||= outcome.doubt === "clock-off";
        told.here ||= act.url.startsWith(`${window.location.pathname}/`);
      }
    }
    return true;
  }

  private async sendFindings(waiting: Finding[], now: Session, told: Told): Promise<void> {
    for (const one of waiting) {
      const outcome = await sendFinding(one, this.findingUrl, now.csrf);
      if (this.stops(outcome)) return;
      if (outcome.is === "refused") {
        await store.keepFinding({ ...one, state: "refused", refused: outcome.because });
      } else if ("doubt" in outcome) {
        const { number, url } = outcome;
        // The photos are on the server: here their room is needed for the next.
        await store.keepFinding({ ...one, state: "sent", parts: [], fields: [], number, url });
        told.findings += 1;
        told.clockOff ||= outcome.doubt === "clock-off";
      }
      await this.render();
    }
  }

  private stops(outcome: Outcome): boolean {
    if (outcome.is === "login") this.login = true;
    return outcome.is === "login" || outcome.is === "later";
  }
}
