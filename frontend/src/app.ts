import "./styles/index.css";
import htmx from "htmx.org";
import { startArrivals } from "./lib/arrive";
import { learnFrom, readPageTime } from "./lib/clock";
import { startCountdowns } from "./lib/countdown";
import { csrfToken } from "./lib/csrf";
import { startFileSizes } from "./lib/file-size";
import { focusMarked, startForms } from "./lib/forms";
import { toast } from "./lib/live";
import { refreshAll, startPolling } from "./lib/poll";
import { say } from "./lib/words";

interface RequestContext {
  request?: { method: string; headers: Record<string, string> };
  response?: { raw: Response };
  text?: string;
  sourceElement?: Element;
}

function contextOf(event: Event): RequestContext | null {
  return (event as CustomEvent<{ ctx?: RequestContext }>).detail?.ctx ?? null;
}

function isWholePage(text: string | undefined): boolean {
  return (text ?? "").trimStart().slice(0, 15).toLowerCase().startsWith("<!doctype");
}

function headingOf(page: string): string {
  const heading = new DOMParser().parseFromString(page, "text/html").querySelector("h1");
  return heading?.textContent?.trim() ?? "";
}

// Long work that is over leads on by itself; without scripts the same link is pressed.
function goOnward(event: Event): void {
  const part = event.target instanceof Element ? event.target : null;
  const link = part?.querySelector<HTMLAnchorElement>("a[data-onward]");
  if (link) window.location.assign(link.href);
}

function startHtmx(): void {
  document.addEventListener("htmx:config:request", (event) => {
    const context = contextOf(event);
    const request = context?.request;
    if (request && request.method.toUpperCase() !== "GET") {
      request.headers["X-CSRFToken"] = csrfToken();
    }
  });
  document.addEventListener("htmx:after:request", (event) => {
    const context = contextOf(event);
    const answer = context?.response?.raw;
    if (!answer) return;
    learnFrom(answer.headers);
    if (!answer.ok && isWholePage(context.text)) {
      // An error is a page of its own: it must not be put inside this one.
      event.preventDefault();
      if (answer.status === 401) window.location.reload();
      else toast(headingOf(context.text ?? "") || say("not-sent"), { tone: "bad" });
    }
  });
  document.addEventListener("htmx:after:swap", (event) => {
    // A poll swaps too, but made no request of htmx: only what a person did asks for fresh lists.
    if (!contextOf(event)?.request) return;
    if (event.target instanceof Element) focusMarked(event.target);
    refreshAll();
  });
  document.addEventListener("htmx:error", (event) => {
    const source = contextOf(event)?.sourceElement;
    const kept = source?.matches("form[data-act]") && document.querySelector("[data-queue]");
    if (!kept) toast(say("not-sent"), { tone: "bad" });
  });
  htmx.process(document.body);
}

// The map costs more bytes than everything else together: only pages that show one load it.
async function startMaps(): Promise<void> {
  const places = document.querySelectorAll<HTMLElement>("[data-map]:not([data-map-waits])");
  if (places.length > 0) {
    const { showMap } = await import("./map");
    for (const place of places) showMap(place);
  }
  const files = document.querySelectorAll<HTMLElement>("[data-import-preview]");
  if (files.length > 0) {
    const { previewMap } = await import("./map/preview");
    for (const place of files) previewMap(place);
  }
  const editions = document.querySelectorAll<HTMLElement>("[data-edition]:not([data-map-waits])");
  if (editions.length > 0) {
    const { editionMap } = await import("./map/edition");
    for (const place of editions) editionMap(place);
  }
  const findings = document.querySelector<HTMLElement>("[data-findings]");
  if (findings) (await import("./map/findings")).startFindings(findings);
}

async function startDifferences(): Promise<void> {
  const holder = document.querySelector<HTMLElement>("[data-differences]");
  if (!holder) return;
  const { showDifferences } = await import("./map/differences");
  await showDifferences(holder);
}

async function startEstates(): Promise<void> {
  const holder = document.querySelector<HTMLElement>("[data-zones]");
  if (!holder) return;
  const { startZones } = await import("./zones/start");
  startZones(holder);
}

async function startPhotos(): Promise<void> {
  const fields = document.querySelectorAll<HTMLInputElement>("input[type=file][data-most]");
  if (fields.length === 0) return;
  const { startPhotoField } = await import("./lib/photo-field");
  for (const field of fields) startPhotoField(field);
}

async function startBoards(): Promise<void> {
  const board = document.querySelector<HTMLElement>("[data-board]");
  if (!board) return;
  const { startBoard } = await import("./board");
  startBoard(board);
}

async function startActs(): Promise<void> {
  const place = document.querySelector<HTMLElement>("[data-queue]");
  if (!place) return;
  document.addEventListener("acts-sent", (event) => {
    refreshAll();
    if ((event as CustomEvent<{ here: boolean }>).detail.here) showAnew();
  });
  void startWorker(place);
  const { startQueue } = await import("./queue/start");
  await startQueue(place);
}

/** The pages of whoever works here also open without a signal, from the second visit on. */
async function startWorker(place: HTMLElement): Promise<void> {
  const script = place.dataset.worker;
  if (!script || !("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(script);
  } catch {
    // A private window, or plain HTTP: everything works but the opening without a signal.
  }
}

/** What may be done with this matter has changed: load it again, unless somebody is writing. */
function showAnew(): void {
  const areas = document.querySelectorAll<HTMLTextAreaElement>("main textarea");
  if (Array.from(areas).every((one) => one.value === "")) window.location.reload();
}

async function startVoices(): Promise<void> {
  const fields = document.querySelectorAll<HTMLElement>("[data-voice]");
  if (fields.length === 0) return;
  const { startVoice } = await import("./lib/voice");
  for (const field of fields) startVoice(field);
}

document.documentElement.classList.add("has-scripts");
readPageTime();
startHtmx();
startForms();
startFileSizes();
startArrivals();
startCountdowns();
startPolling();
document.addEventListener("polled", goOnward);
void startMaps();
void startDifferences();
void startEstates();
void startPhotos();
void startBoards();
void startVoices();
void startActs();
