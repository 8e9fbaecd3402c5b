import { metres } from "./lib/geometry";
import { newId } from "./lib/ids";
import { announce, toast } from "./lib/live";
import { shrink } from "./lib/photos";
import { locate, type Position } from "./lib/position";
import { say } from "./lib/words";
import { session } from "./queue/send";
import { type Finding, forget, keepFinding, know, known } from "./queue/store";

/** A walk on duty: every point is on this device first, and goes to the server in pieces. */
type Spot = [at: string, lon: number, lat: number, accuracy: number];

interface Walk {
  id: string;
  person: number;
  startedAt: string;
  endedAt?: string;
  normal?: boolean;
  note?: string;
  /** Points that the server has not said it has. */
  points: Spot[];
  metres: number;
  taken: number;
}

const EVERY = 30_000;
const APART_M = 8;
const MOST = 500; // points of one sending
const NAME = "patrol";

class Patrol {
  private walk: Walk | null = null;
  private last: Spot | null = null;
  private watching = 0;
  private busy = false;
  private readonly person: number;
  private readonly sessionUrl: string;

  constructor(private readonly place: HTMLElement) {
    const queue = document.querySelector<HTMLElement>("[data-queue]");
    this.person = Number(queue?.dataset.person ?? "0");
    this.sessionUrl = queue?.dataset.session ?? "";
  }

  async begin(): Promise<void> {
    const before = await known<Walk>(NAME);
    this.walk = before && before.person === this.person ? before : null;
    this.part("start").addEventListener("click", () => void this.start());
    this.part("stop").addEventListener("click", () => {
      this.part("end").hidden = false;
      this.part("end").querySelector<HTMLElement>("input")?.focus();
    });
    this.part("end").addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      void this.stop(event.target as HTMLFormElement);
    });
    if (this.walk && !this.walk.endedAt) this.watch();
    window.addEventListener("online", () => void this.flush());
    document.addEventListener("visibilitychange", () => void this.flush());
    window.setInterval(() => void this.flush(), EVERY);
    this.show();
    await this.flush();
  }

  private part(name: string): HTMLElement {
    return this.place.querySelector(`[data-patrol-${name}]`) as HTMLElement;
  }

  private async start(): Promise<void> {
    if (this.walk && !this.walk.endedAt) return;
    await this.flush();
    const { person } = this;
    const startedAt = new Date().toISOString();
    this.walk = { id: newId(), person, startedAt, points: [], metres: 0, taken: 0 };
    this.last = null;
    await know(NAME, this.walk);
    this.watch();
    this.show();
    await this.flush();
  }

  private watch(): void {
    if (this.watching || !("geolocation" in navigator)) return;
    this.watching = navigator.geolocation.watchPosition(
      ({ coords, timestamp }) =>
        void this.add([
          this.timeOf(timestamp),
          coords.longitude,
          coords.latitude,
          Math.round(coords.accuracy),
        ]),
      (fault) => this.say("patrol-no-position", { why: fault.message }),
      { enableHighAccuracy: true, maximumAge: 5000 },
    );
  }

  /** A position may be some seconds old, from before the walk. */
  private timeOf(timestamp: number): string {
    const began = Date.parse(this.walk?.startedAt ?? "") || 0;
    return new Date(Math.max(timestamp, began)).toISOString();
  }

  private async add(spot: Spot): Promise<void> {
    const { walk, last } = this;
    if (!walk || walk.endedAt) return;
    const moved = last ? metres([last[1], last[2]], [spot[1], spot[2]]) : 0;
    if (last && moved < APART_M) return;
    walk.points.push(spot);
    walk.metres += moved;
    this.last = spot;
    await know(NAME, walk);
    this.show();
  }

  private async stop(form: HTMLFormElement): Promise<void> {
    if (!this.walk) return;
    navigator.geolocation?.clearWatch(this.watching);
    this.watching = 0;
    const said = new FormData(form);
    this.walk.endedAt = new Date().toISOString();
    this.walk.normal = said.get("all_normal") !== null;
    this.walk.note = String(said.get("note") ?? "");
    await know(NAME, this.walk);
    form.reset();
    form.hidden = true;
    await this.flush();
    if (this.walk) this.say("patrol-ended-waits", {});
  }

  /** Send what the server has not got; it knows each point by its time. */
  private async flush(): Promise<void> {
    const { walk } = this;
    if (!walk || this.busy || !navigator.onLine) return;
    this.busy = true;
    try {
      const now = await session(this.sessionUrl);
      if (typeof now !== "string" && now.person === this.person) await this.send(walk, now.csrf);
    } catch {
      // No line: the points stay here.
    } finally {
      this.busy = false;
      this.show();
    }
  }

  private async send(walk: Walk, csrf: string): Promise<void> {
    const points = walk.points.slice(0, MOST);
    const whole = points.length === walk.points.length;
    const body = {
      client_id: walk.id,
      started_at: walk.startedAt,
      sent_at: new Date().toISOString(),
      points,
      ...(whole && walk.endedAt
        ? { ended_at: walk.endedAt, all_normal: walk.normal ?? false, note: walk.note ?? "" }
        : {}),
    };
    const answer = await fetch(this.place.dataset.patrol ?? "", {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRFToken": csrf,
      },
      body: JSON.stringify(body),
    });
    if (answer.status >= 500 || answer.status === 401 || answer.status === 429) return;
    if (!answer.ok) {
      const { title = "" } = (await answer.json()) as { title?: string };
      navigator.geolocation?.clearWatch(this.watching);
      this.watching = 0;
      this.walk = null;
      await forget(NAME);
      this.say("patrol-refused", { why: title });
      return;
    }
    walk.points = walk.points.slice(points.length);
    walk.taken += points.length;
    await know(NAME, walk);
    if (!whole) await this.send(walk, csrf);
    else if (walk.endedAt) {
      this.walk = null;
      await forget(NAME);
      this.say("patrol-ended", {});
      window.setTimeout(() => window.location.reload(), 1500);
    }
  }

  private say(key: string, values: Record<string, string>): void {
    toast(say(key, values), { stays: 10_000 });
  }

  private show(): void {
    const on = this.walk !== null && !this.walk.endedAt;
    this.part("start").hidden = on;
    this.part("stop").hidden = !on;
    const { walk } = this;
    const time = walk
      ? new Date(walk.startedAt).toLocaleTimeString([], { timeStyle: "short" })
      : "";
    const values = {
      time,
      metres: Math.round(walk?.metres ?? 0),
      points: (walk?.taken ?? 0) + (walk?.points.length ?? 0),
      waiting: walk?.points.length ?? 0,
    };
    this.part("state").textContent = say(on ? "patrol-on" : "patrol-none", values);
  }
}

/** Camera first: each photo is a draft with the place of now, to be filled in later. */
async function capture(field: HTMLInputElement): Promise<void> {
  const person = Number(document.querySelector<HTMLElement>("[data-queue]")?.dataset.person ?? "0");
  const files = Array.from(field.files ?? []);
  field.value = "";
  const at: Position | null = await locate().catch(() => null);
  for (const file of files) {
    const small = await shrink(file);
    const bytes = await small.arrayBuffer();
    const place: [string, string][] = at
      ? [
          ["lon", at.lon.toFixed(6)],
          ["lat", at.lat.toFixed(6)],
          ["accuracy_m", String(Math.round(at.accuracy))],
        ]
      : [];
    const finding: Finding = {
      id: newId(),
      person,
      state: "draft",
      about: small.name,
      fields: [...place, ["datum", "wgs84"]],
      parts: [{ field: "photos", name: small.name, type: small.type, bytes }],
      actedAt: new Date().toISOString(),
    };
    try {
      await keepFinding(finding);
    } catch {
      toast(say("storage-full"), { tone: "bad", stays: 15_000 });
      return;
    }
  }
  const word = say(at ? "captured" : "captured-nowhere", { count: files.length });
  toast(word, { tone: "ok" });
  announce(word);
  document.dispatchEvent(new CustomEvent("polled"));
}

const place = document.querySelector<HTMLElement>("[data-patrol]");
if (place) void new Patrol(place).begin();
const camera = document.querySelector<HTMLInputElement>("[data-capture]");
camera?.addEventListener("change", () => void capture(camera));
