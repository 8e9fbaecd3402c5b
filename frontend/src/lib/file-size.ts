import { toast } from "./live";
import { say } from "./words";

const MILLION = 1_000_000;

/** A file that the server would refuse is not sent at all: minutes of sending for nothing. */
export function startFileSizes(): void {
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.dataset.mostBytes) return;
    const most = Number(input.dataset.mostBytes);
    const file = input.files?.[0];
    if (!file || file.size <= most) return;
    input.value = "";
    toast(say("file-too-large", { name: file.name, most: most / MILLION }), { tone: "bad" });
  });
}
