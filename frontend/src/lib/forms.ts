/** Small help for plain forms; every one of them also works without it. */

/** Move focus to the error summary or the heading that the server marked. */
export function focusMarked(root: ParentNode = document): void {
  root.querySelector<HTMLElement>("[data-focus]")?.focus({ preventScroll: false });
}

/** Links in an error summary put the cursor in the field they name. */
function jump(event: Event): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>(".error-summary a[href^='#']");
  if (!link) return;
  const field = document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const control = field.matches("input, select, textarea")
    ? field
    : field.querySelector<HTMLElement>("input, select, textarea, button");
  control?.focus();
  field.scrollIntoView({ block: "center" });
}

/** A second tap on a slow line must not send a second time. */
function guardSubmit(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending === "1") {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "1";
  window.setTimeout(() => delete form.dataset.sending, 8000);
}

/** A choice that shows or hides what belongs to it: <input data-shows="id">. */
function reveal(input: HTMLInputElement | HTMLSelectElement): void {
  for (const part of document.querySelectorAll<HTMLElement>(`[data-shown-by="${input.name}"]`)) {
    const values = (part.dataset.shownFor ?? "").split(" ");
    const chosen =
      input instanceof HTMLInputElement && input.type === "checkbox"
        ? String(input.checked)
        : input.value;
    part.hidden = !values.includes(chosen);
  }
}

function revealAll(): void {
  const names = new Set<string>();
  for (const part of document.querySelectorAll<HTMLElement>("[data-shown-by]")) {
    names.add(part.dataset.shownBy ?? "");
  }
  for (const name of names) {
    const field = document.querySelector<HTMLInputElement>(
      `select[name="${name}"], input[type=checkbox][name="${name}"], input[name="${name}"]:checked`,
    );
    if (field) reveal(field);
  }
}

// Safari 14 has no requestSubmit.
function send(form: HTMLFormElement | null): void {
  if (!form) return;
  if (typeof form.requestSubmit === "function") form.requestSubmit();
  else form.submit();
}

/** A counter under a text field with a limit. */
function count(area: HTMLTextAreaElement): void {
  const shown = document.getElementById(`${area.id}-count`);
  if (shown) shown.textContent = `${area.value.length} / ${area.maxLength}`;
}

/** Copy a number or code with one tap. */
async function copy(button: HTMLElement): Promise<void> {
  const text = button.dataset.copy ?? "";
  try {
    await navigator.clipboard.writeText(text);
    button.dataset.copied = "1";
    button.textContent = button.dataset.copiedWord ?? button.textContent;
  } catch {
    // No clipboard outside HTTPS: the number stays on the page and can be selected.
    button.hidden = true;
  }
}

/** Hang the helpers on the document once; they serve parts that arrive later too. */
export function startForms(): void {
  document.addEventListener("click", (event) => {
    jump(event);
    const target = (event.target as Element).closest<HTMLElement>("[data-copy], [data-print]");
    if (target?.dataset.copy) void copy(target);
    if (target?.hasAttribute("data-print")) window.print();
  });
  document.addEventListener("submit", guardSubmit);
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) reveal(field);
    if (field instanceof HTMLSelectElement && field.hasAttribute("data-submit-on-change")) {
      send(field.form);
    }
  });
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLTextAreaElement) count(event.target);
  });
  revealAll();
  for (const area of document.querySelectorAll<HTMLTextAreaElement>("textarea[maxlength]"))
    count(area);
  focusMarked();
}
