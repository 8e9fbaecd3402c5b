import "./styles/index.css";
import htmx from "htmx.org";
import { learnFrom, readPageTime } from "./lib/clock";
import { startCountdowns } from "./lib/countdown";
import { focusMarked, startForms } from "./lib/forms";
import { toast } from "./lib/live";
import { refreshAll, startPolling } from "./lib/poll";
import { say } from "./lib/words";

interface RequestContext {
  request?: { method: string; headers: Record<string, string> };
  response?: { raw: Response };
}

function contextOf(event: Event): RequestContext | null {
  return (event as CustomEvent<{ ctx?: RequestContext }>).detail?.ctx ?? null;
}

const token = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";

function startHtmx(): void {
  document.addEventListener("htmx:config:request", (event) => {
    const context = contextOf(event);
    const request = context?.request;
    if (request && request.method.toUpperCase() !== "GET") {
      request.headers["X-CSRFToken"] = token();
    }
  });
  document.addEventListener("htmx:after:request", (event) => {
    const answer = contextOf(event)?.response?.raw;
    if (answer) learnFrom(answer.headers);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    // A poll swaps too, but made no request of htmx: only what a person did asks for fresh lists.
    if (!contextOf(event)?.request) return;
    if (event.target instanceof Element) focusMarked(event.target);
    refreshAll();
  });
  document.addEventListener("htmx:error", () => toast(say("not-sent"), { tone: "bad" }));
  htmx.process(document.body);
}

// The map costs more bytes than everything else together: only pages that show one load it.
async function startMaps(): Promise<void> {
  const places = document.querySelectorAll<HTMLElement>("[data-map]:not([data-map-waits])");
  if (places.length === 0) return;
  const { showMap } = await import("./map");
  for (const place of places) showMap(place);
}

async function startPhotos(): Promise<void> {
  const fields = document.querySelectorAll<HTMLInputElement>("input[type=file][data-most]");
  if (fields.length === 0) return;
  const { startPhotoField } = await import("./lib/photo-field");
  for (const field of fields) startPhotoField(field);
}

document.documentElement.classList.add("has-scripts");
readPageTime();
startHtmx();
startForms();
startCountdowns();
startPolling();
void startMaps();
void startPhotos();
