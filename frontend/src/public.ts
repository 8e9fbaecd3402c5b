import "./styles/index.css";
import { readPageTime } from "./lib/clock";
import { startCountdowns } from "./lib/countdown";
import { startForms } from "./lib/forms";

/** The pages of residents: no lists that refresh, no queue, so no htmx: half of the bytes of
    app.ts, on a phone that may be old and a line that may be slow. */

async function startPhotos(): Promise<void> {
  const fields = document.querySelectorAll<HTMLInputElement>("input[type=file][data-most]");
  if (fields.length === 0) return;
  const { startPhotoField } = await import("./lib/photo-field");
  for (const field of fields) startPhotoField(field);
}

document.documentElement.classList.add("has-scripts");
readPageTime();
startForms();
startCountdowns();
void startPhotos();
