import { toast } from "./live";
import { replaceFiles, shrink } from "./photos";
import { say } from "./words";

function preview(list: HTMLElement, files: File[]): void {
  for (const old of list.querySelectorAll("img")) URL.revokeObjectURL(old.src);
  list.replaceChildren(
    ...files.map((file) => {
      const item = document.createElement("li");
      const image = document.createElement("img");
      image.alt = file.name;
      image.src = URL.createObjectURL(file);
      const size = document.createElement("span");
      size.textContent = say("kilobytes", { size: Math.max(1, Math.round(file.size / 1000)) });
      item.append(image, size);
      return item;
    }),
  );
}

/** Make what is chosen in a photo field small, and show it. */
export function startPhotoField(field: HTMLInputElement): void {
  const list = field.closest(".field")?.querySelector<HTMLElement>("[data-photo-list]");
  if (!list) return;
  const most = Number(field.dataset.most ?? "6");
  field.addEventListener("change", async () => {
    const chosen = Array.from(field.files ?? []);
    if (chosen.length > most) toast(say("too-many-photos", { most }), { tone: "bad" });
    list.setAttribute("aria-busy", "true");
    const small: File[] = [];
    // One after the other: two 12-megapixel canvases at once end a cheap phone's tab.
    for (const file of chosen.slice(0, most)) small.push(await shrink(file));
    replaceFiles(field, small);
    list.removeAttribute("aria-busy");
    preview(list, small);
  });
}
