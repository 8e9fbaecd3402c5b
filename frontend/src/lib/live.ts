/** Words that appear without a page load: read out by screen readers, shown as toasts. */
function region(id: string, politeness: "polite" | "assertive"): HTMLElement {
  const found = document.getElementById(id);
  if (found) return found;
  const made = document.createElement("div");
  made.id = id;
  made.className = id === "toasts" ? "toasts" : "visually-hidden";
  made.setAttribute("aria-live", politeness);
  document.body.append(made);
  return made;
}

/** Read `sentence` out to screen readers without showing it. */
export function announce(sentence: string): void {
  const line = document.createElement("p");
  line.textContent = sentence;
  region("announcements", "assertive").replaceChildren(line);
}

interface Toast {
  tone?: "ok" | "bad" | "info";
  /** Kept until dismissed by another toast with the same key. */
  key?: string;
  /** Milliseconds before it goes; 0 keeps it. */
  stays?: number;
  undo?: { word: string; act: () => void };
}

/** Show a short sentence at the foot of the page, with an undo where there is one. */
export function toast(sentence: string, options: Toast = {}): void {
  const box = document.createElement("div");
  box.className = `toast toast-${options.tone ?? "info"}`;
  const text = document.createElement("p");
  text.textContent = sentence;
  box.append(text);
  const { key, undo } = options;
  if (key) {
    dropToast(key);
    box.dataset.key = key;
  }
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-quiet";
    button.textContent = undo.word;
    button.addEventListener("click", () => {
      box.remove();
      undo.act();
    });
    box.append(button);
  }
  region("toasts", "polite").append(box);
  const stays = options.stays ?? 6000;
  if (stays > 0) window.setTimeout(() => box.remove(), stays);
}

/** Take the kept toast `key` away. */
export function dropToast(key: string): void {
  for (const box of document.querySelectorAll<HTMLElement>(".toast[data-key]")) {
    if (box.dataset.key === key) box.remove();
  }
}
