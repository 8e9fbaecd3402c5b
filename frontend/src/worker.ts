/** The service worker: the shell and its files answer without a signal; everything else is asked
    of the server. What it keeps is said by the server before this script (web/phone.py). */
interface Keeping {
  version: string;
  shell: string;
  files: string[];
}

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Waiting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Scope {
  KEPT: Keeping;
  location: Location;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(kind: "install" | "activate", act: (event: Waiting) => void): void;
  addEventListener(kind: "fetch", act: (event: Fetching) => void): void;
}

const worker = self as unknown as Scope;
const { version, shell, files } = worker.KEPT;
const PREFIX = "gridtrack-shell-";
const NAME = PREFIX + version;
/** So long a page may take before the shell answers in its place: one bar of signal is none. */
const PATIENCE = 8000;

// A page that leads to the log-in must not be kept as the shell.
const fresh = (url: string): Request => new Request(url, { cache: "reload", redirect: "error" });

async function keepAll(): Promise<void> {
  const cache = await caches.open(NAME);
  await cache.addAll([shell, ...files].map(fresh));
  await worker.skipWaiting();
}

async function takeOver(): Promise<void> {
  const old = (await caches.keys()).filter((one) => one.startsWith(PREFIX) && one !== NAME);
  for (const name of old) await caches.delete(name);
  await worker.clients.claim();
}

async function kept(url: string): Promise<Response | undefined> {
  return (await caches.open(NAME)).match(url);
}

async function file(request: Request): Promise<Response> {
  return (await kept(request.url)) ?? fetch(request);
}

async function page(request: Request): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await fetch(request, { signal: stop.signal });
  } catch (fault) {
    const found = await kept(shell);
    if (found) return found;
    throw fault;
  } finally {
    clearTimeout(timer);
  }
}

worker.addEventListener("install", (event) => event.waitUntil(keepAll()));
worker.addEventListener("activate", (event) => event.waitUntil(takeOver()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (files.includes(url.pathname)) event.respondWith(file(request));
});
