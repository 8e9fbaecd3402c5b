import { choose, whenChosen } from "./lib/chosen";

// The board by keyboard, its one selection, and the boxes of acts on many. Everything here has a
// plain link or form behind it; this makes it fast.

const OFF = "gridtrack-board-keys";
const ROW = "tr[data-matter]";

function places(): HTMLAnchorElement[] {
  return [...document.querySelectorAll<HTMLAnchorElement>("[data-board] a[data-row]")];
}

function current(): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-board] ${ROW}[data-current]`);
}

function mark(row: HTMLElement | null): void {
  for (const other of document.querySelectorAll(`[data-board] ${ROW}[data-current]`)) {
    if (other !== row) other.removeAttribute("data-current");
  }
  row?.setAttribute("data-current", "");
}

function placeOf(row: HTMLElement): [number, number] | undefined {
  const text = row.querySelector<HTMLElement>("[data-at]")?.dataset.at;
  const [lon, lat] = (text ?? "").split(",").map(Number);
  return lon !== undefined && lat !== undefined && text ? [lon, lat] : undefined;
}

function take(row: HTMLElement): void {
  if (row.hasAttribute("data-current")) return;
  mark(row);
  choose({ number: row.dataset.matter ?? "", at: placeOf(row), from: "list" });
}

function startSelection(board: HTMLElement): void {
  board.addEventListener("focusin", (event) => {
    const row = (event.target as Element).closest<HTMLElement>(ROW);
    if (row) take(row);
  });
  whenChosen(({ number, from }) => {
    if (from === "list") return;
    const rows = [...document.querySelectorAll<HTMLElement>(`[data-board] ${ROW}`)];
    const row = rows.find((one) => one.dataset.matter === number) ?? null;
    mark(row);
    row?.scrollIntoView({ block: "nearest" });
  });
}

function step(by: 1 | -1): void {
  const links = places();
  const here = current()?.querySelector<HTMLAnchorElement>("a[data-row]");
  const at = here ? links.indexOf(here) : -1;
  const next = links[at < 0 && by < 0 ? links.length - 1 : at + by];
  next?.focus();
}

// ---- the boxes -------------------------------------------------------------------------------

const picked = new Set<string>();

function idOf(box: HTMLInputElement): string {
  return box.value.split(".")[0] ?? "";
}

function boxes(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>("input[name=pick]")];
}

function tell(): void {
  const count = document.querySelector<HTMLElement>("[data-bulk-count]");
  if (!count) return;
  const words = picked.size > 0 ? count.dataset.some : count.dataset.none;
  count.textContent = (words ?? "").replace("{count}", String(picked.size));
  count.closest("form")?.classList.toggle("bulk-some", picked.size > 0);
}

// A list that was put in anew knows nothing of what was chosen; what left it is chosen no more.
function restore(): void {
  const there = new Set(boxes().map(idOf));
  for (const one of picked) if (!there.has(one)) picked.delete(one);
  for (const box of boxes()) box.checked = picked.has(idOf(box));
  tell();
}

function pick(box: HTMLInputElement): void {
  if (box.checked) picked.add(idOf(box));
  else picked.delete(idOf(box));
  tell();
}

function startBoxes(): void {
  for (const box of boxes()) if (box.checked) picked.add(idOf(box));
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box instanceof HTMLInputElement && box.name === "pick") pick(box);
  });
  document.addEventListener("polled", restore);
  tell();
}

function boxOf(row: HTMLElement | null): HTMLInputElement | null {
  const own = row?.querySelector<HTMLInputElement>("input[name=pick]");
  const number = row?.dataset.matter;
  const same = `#list ${ROW}[data-matter="${number}"] input[name=pick]`;
  return own ?? (number ? document.querySelector<HTMLInputElement>(same) : null);
}

function toggle(): void {
  const box = boxOf(current());
  if (!box) return;
  box.checked = !box.checked;
  pick(box);
}

function assign(): void {
  const box = boxOf(current());
  if (picked.size === 0 && box) {
    box.checked = true;
    pick(box);
  }
  if (picked.size === 0) return;
  document.querySelector<HTMLButtonElement>("[data-bulk] button[value=assign]")?.click();
}

function leave(): void {
  picked.clear();
  restore();
}

// ---- keys ------------------------------------------------------------------------------------

function isOff(): boolean {
  try {
    return window.localStorage.getItem(OFF) === "off";
  } catch {
    return false; // storage may be forbidden: then the keys simply work
  }
}

function remember(on: boolean): void {
  try {
    window.localStorage.setItem(OFF, on ? "on" : "off");
  } catch {
    // nothing to remember it in
  }
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])"))
  );
}

function sheet(): HTMLDialogElement | null {
  return document.querySelector<HTMLDialogElement>("[data-keys]");
}

function openSheet(): void {
  const box = sheet();
  // Safari before 15.4 knows no dialogs: it then lies in the page like anything else.
  if (box?.showModal) box.showModal();
  else box?.setAttribute("open", "");
}

const ACTS: Record<string, () => void> = {
  j: () => step(1),
  k: () => step(-1),
  x: toggle,
  a: assign,
  "/": () => document.querySelector<HTMLInputElement>("[data-search]")?.select(),
  "?": openSheet,
  Escape: leave,
};

function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || sheet()?.open) return;
    if (typing(event.target)) {
      if (event.key === "Escape") (event.target as HTMLElement).blur();
      return;
    }
    const act = ACTS[event.key];
    if (!act || (isOff() && event.key !== "?")) return;
    event.preventDefault();
    act();
  });
  document.querySelector("[data-keys-open]")?.addEventListener("click", openSheet);
  const on = document.querySelector<HTMLInputElement>("[data-keys-on]");
  if (!on) return;
  on.checked = !isOff();
  on.addEventListener("change", () => remember(on.checked));
}

export function startBoard(board: HTMLElement): void {
  startSelection(board);
  startBoxes();
  startKeys();
}
