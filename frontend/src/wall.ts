import "./styles/tokens.css";
import "./styles/wall.css";
import { learnFrom, readPageTime, serverNow } from "./lib/clock";
import { startCountdowns } from "./lib/countdown";
import { showMap } from "./map";

// A screen that nobody touches: it must say by itself when what it shows is old, and come back by
// itself when the server does.

const SECOND = 1000;

function words(template: string | undefined, seconds: number): string {
  return (template ?? "").replace("{seconds}", String(seconds));
}

function start(wall: HTMLElement): void {
  const parts = wall.querySelector<HTMLElement>("[data-wall-parts]");
  const age = wall.querySelector<HTMLElement>("[data-wall-age]");
  const clock = wall.querySelector<HTMLElement>("[data-wall-clock]");
  const stale = Number(wall.dataset.stale ?? "60");
  let fresh = Date.now();

  const tell = (): void => {
    const seconds = Math.max(0, Math.round((Date.now() - fresh) / SECOND));
    const old = seconds >= stale;
    document.documentElement.classList.toggle("wall-old", old);
    if (age) age.textContent = words(old ? age.dataset.old : age.dataset.fresh, seconds);
    if (clock) {
      const zone = { timeZone: clock.dataset.wallClock, hour12: false };
      const now = new Date(serverNow());
      clock.textContent = now.toLocaleTimeString(document.documentElement.lang, zone);
    }
  };
  const ask = async (): Promise<void> => {
    const answer = await fetch(wall.dataset.wall ?? "", {
      credentials: "same-origin",
      cache: "no-store",
    });
    learnFrom(answer.headers);
    // A key that has ended, or a login that did: the page itself says what to do.
    if (answer.status === 401 || answer.status === 404 || answer.redirected) {
      window.location.reload();
      return;
    }
    if (!answer.ok || !parts) throw new Error(String(answer.status));
    parts.innerHTML = await answer.text();
    fresh = Date.now();
  };
  const round = async (): Promise<void> => {
    try {
      await ask();
    } catch {
      // Said by the age; asked again at the next turn.
    }
    window.setTimeout(() => void round(), Number(wall.dataset.every ?? "10") * SECOND);
  };
  tell();
  window.setInterval(tell, SECOND);
  window.setTimeout(() => void round(), Number(wall.dataset.every ?? "10") * SECOND);
}

document.documentElement.classList.add("has-scripts");
readPageTime();
startCountdowns();
for (const place of document.querySelectorAll<HTMLElement>("[data-map]")) showMap(place);
const wall = document.querySelector<HTMLElement>("[data-wall]");
if (wall) start(wall);
