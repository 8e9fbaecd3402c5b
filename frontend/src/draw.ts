import { Drawing } from "./draw/drawing";
import type { Mode } from "./draw/stage";
import { dropToast, toast } from "./lib/live";
import { say } from "./lib/words";
import "./styles/draw.css";

const POLL_MS = 8000;

/** Watch for others who save; nothing of this page is lost, they are only told of. */
async function watch(drawing: Drawing): Promise<void> {
  try {
    const found = document.hidden ? null : await drawing.server.state();
    if (found && found.revision > drawing.ledger.revision)
      drawing.page.theirs(say("draw-theirs", { by: found.by, at: found.at }));
  } catch {
    // The next look may succeed; saving says what is wrong.
  }
  window.setTimeout(() => void watch(drawing), POLL_MS);
}

/** Load what others saved, and put what is drawn here on top of it. */
async function rebase(drawing: Drawing): Promise<void> {
  drawing.page.close();
  await drawing.quietly(async () => {
    const found = await drawing.server.stateNow();
    await drawing.reload();
    if (!found) return;
    const dropped = await drawing.ledger.rebase(found.revision);
    await drawing.page.refresh(found.revision);
    drawing.page.theirs("");
    dropToast("draw");
    const { length: count } = dropped;
    if (count > 0)
      toast(say("draw-dropped", { count, why: dropped.join(" ") }), { tone: "bad", stays: 0 });
    else toast(say("draw-rebased"), { tone: "ok" });
  });
}

function press(drawing: Drawing, target: Element): void {
  const mode = target.closest<HTMLElement>("[data-draw-mode]")?.dataset.drawMode;
  if (mode) drawing.turnTo(mode as Mode);
  const acts: Record<string, () => unknown> = {
    undo: () => drawing.undo(),
    redo: () => drawing.redo(),
    delete: () => drawing.deleteVertex(),
    save: () => drawing.save(),
    reload: () => rebase(drawing),
    rebase: () => rebase(drawing),
    close: () => drawing.page.close(),
  };
  acts[target.closest<HTMLElement>("[data-draw-do]")?.dataset.drawDo ?? ""]?.();
}

function submit(drawing: Drawing, event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (form.hasAttribute("data-draw-choose")) {
    const code = form.querySelector<HTMLInputElement>("input[name=grid]")?.value.trim() ?? "";
    // What the map does not have the server may: then the page is loaded anew with it.
    if (drawing.find(code)) event.preventDefault();
    return;
  }
  if (!form.dataset.drawForm) return;
  event.preventDefault();
  event.stopPropagation();
  drawing.submitted(form);
}

function key(drawing: Drawing, event: KeyboardEvent): void {
  if (event.target instanceof Element && event.target.matches("input, textarea, select")) return;
  const held = event.ctrlKey || event.metaKey;
  const name = event.key.toLowerCase();
  if (held && name === "z" && !event.shiftKey) void drawing.undo();
  else if (held && (name === "y" || name === "z")) void drawing.redo();
  else if (name === "escape") drawing.turnTo("move");
  else if (name === "delete") drawing.deleteVertex();
  else return;
  event.preventDefault();
}

function start(root: HTMLElement): void {
  const place = root.querySelector<HTMLElement>("[data-edition]");
  if (!place) return;
  const drawing = new Drawing(root, place);
  root.addEventListener("click", (event) => press(drawing, event.target as Element));
  root.addEventListener("submit", (event) => submit(drawing, event));
  root.querySelector("[data-draw-level]")?.addEventListener("change", (event) => {
    drawing.turnTo("move", Number((event.target as HTMLSelectElement).value));
  });
  document.addEventListener("keydown", (event) => key(drawing, event));
  window.addEventListener("beforeunload", (event) => {
    if (drawing.ledger.count > 0) event.preventDefault();
  });
  window.setTimeout(() => void watch(drawing), POLL_MS);
}

for (const root of document.querySelectorAll<HTMLElement>("[data-draw]")) start(root);
