import { Place } from "./lib/place";

/** The pages of the door-plate book: a plate's point, and the coverage map. */

// The map brings its styles along: only the page that shows it loads it.
async function startCoverage(): Promise<void> {
  const frames = document.querySelectorAll<HTMLElement>("[data-coverage]");
  if (frames.length === 0) return;
  const { showStrays } = await import("./map/strays");
  for (const frame of frames) showStrays(frame);
}

for (const form of document.querySelectorAll<HTMLFormElement>("[data-place-form]")) new Place(form);
void startCoverage();
