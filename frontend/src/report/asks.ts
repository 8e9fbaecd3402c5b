import { csrfToken } from "../lib/csrf";
import { set } from "../lib/place";

/** Parts of a form page that the server fills in while the form is filled in.

    `data-asks` is the address, `data-asks-of` the fields that are sent to it, `data-asks-when` those
    that must not be empty before (else all of them), `data-asks-seen` the field that then says that
    the answer was shown. No line, no answer: the form works without.
*/

const WAIT_MS = 500;
const GIVE_UP_MS = 8000;

function field(form: HTMLFormElement, name: string): string {
  const control = form.elements.namedItem(name);
  return control && "value" in control ? String(control.value).trim() : "";
}

class Asking {
  private asked = "";
  private waiting = 0;
  private running: AbortController | null = null;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly part: HTMLElement,
  ) {
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    this.later();
  }

  private names(of: string | undefined): string[] {
    return (of ?? this.part.dataset.asksOf ?? "").split(" ").filter(Boolean);
  }

  private later(): void {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.ask(), WAIT_MS);
  }

  private async ask(): Promise<void> {
    const ready = this.names(this.part.dataset.asksWhen).every((name) => field(this.form, name));
    const body = new FormData();
    for (const name of this.names(undefined)) body.set(name, field(this.form, name));
    const key = ready ? [...body.values()].join("\n") : "";
    if (key === this.asked) return;
    this.asked = key;
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    const patience = window.setTimeout(() => running.abort(), GIVE_UP_MS);
    try {
      this.show(ready ? await this.answer(body, running.signal) : "");
      if (ready && this.part.dataset.asksSeen) set(this.form, this.part.dataset.asksSeen, "1");
    } catch {
      // No line, or another question came meanwhile: the next change asks again.
      if (this.running === running) this.asked = "";
    } finally {
      window.clearTimeout(patience);
    }
  }

  private async answer(body: FormData, signal: AbortSignal): Promise<string> {
    const headers = { "X-CSRFToken": csrfToken() };
    const url = this.part.dataset.asks ?? "";
    const answer = await fetch(url, { method: "POST", body, headers, signal });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  }

  private show(html: string): void {
    const page = new DOMParser().parseFromString(html, "text/html");
    this.part.replaceChildren(...Array.from(page.body.childNodes));
    this.form.dispatchEvent(new Event("asked"));
  }
}

/** Let the parts of this page ask about `form`. */
export function startAsks(form: HTMLFormElement): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-asks]")) new Asking(form, part);
}
