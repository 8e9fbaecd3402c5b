import { metres } from "./geometry";
import { announce } from "./live";
import { locate } from "./position";
import { say } from "./words";

/** Whoever begins says how far from the place they stand; far away asks why, here and on the server.
    Without a position it goes on without one: a cellar has none. */
const FAR_M = 200;

function hidden(form: HTMLFormElement, name: string, value: number): void {
  const made = document.createElement("input");
  made.type = "hidden";
  made.name = name;
  made.value = String(value);
  form.prepend(made);
}

/** The field in which one says why; made once. */
function why(form: HTMLFormElement, away: number): HTMLTextAreaElement {
  const field = document.createElement("div");
  field.className = "field";
  const label = document.createElement("label");
  label.textContent = say("arrive-why");
  const hint = document.createElement("p");
  hint.className = "hint";
  hint.textContent = say("arrive-far", { metres: away });
  const area = document.createElement("textarea");
  area.name = "reason";
  area.rows = 2;
  area.maxLength = 500;
  area.required = true;
  area.id = label.htmlFor = `f-arrive-${Math.random().toString(36).slice(2)}`;
  hint.id = `${area.id}-hint`;
  area.setAttribute("aria-describedby", hint.id);
  field.append(label, hint, area);
  form.prepend(field);
  return area;
}

function goOn(form: HTMLFormElement): void {
  if (typeof form.requestSubmit === "function") form.requestSubmit();
  else form.submit();
}

async function measure(form: HTMLFormElement): Promise<void> {
  form.dataset.arrived = "asking";
  form.setAttribute("aria-busy", "true");
  try {
    const at = await locate();
    const [lon = 0, lat = 0] = (form.dataset.arrive ?? "").split(",").map(Number);
    const away = Math.round(metres([at.lon, at.lat], [lon, lat]));
    hidden(form, "lon", at.lon);
    hidden(form, "lat", at.lat);
    hidden(form, "accuracy_m", Math.round(at.accuracy));
    form.dataset.arrived = "1";
    if (away - at.accuracy > FAR_M) {
      why(form, away).focus();
      announce(say("arrive-far", { metres: away }));
      return;
    }
    announce(say("arrive-at", { metres: away }));
    goOn(form);
  } catch {
    form.dataset.arrived = "1";
    goOn(form);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

/** Ask for the position when somebody begins, before anything else hears of it. */
export function startArrivals(): void {
  window.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || !form.dataset.arrive) return;
      if (form.dataset.arrived === "1") {
        const area = form.querySelector<HTMLTextAreaElement>("textarea[name=reason]");
        if (!area || area.value.trim()) return;
        area.focus();
      } else if (!form.dataset.arrived) void measure(form);
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
}
