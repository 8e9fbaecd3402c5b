import { forgetSent } from "./lib/draft";
import { input } from "./lib/place";

/** Number and code to keep: as a picture on the phone, and back into the form from the QR code. */

const WIDE = 640;
const HIGH = 900;
const EDGE = 48;
const QR = 420;

interface Said {
  name: string;
  number: string;
  code: string;
  words: string[];
}

function line(
  pen: CanvasRenderingContext2D,
  text: string,
  size: number,
  y: number,
  bold = false,
): void {
  pen.font = `${bold ? "700 " : ""}${size}px system-ui, sans-serif`;
  pen.fillText(text, WIDE / 2, y, WIDE - 2 * EDGE);
}

/** The same code as on the page: segno's path is strokes of one module's height. */
function drawCode(pen: CanvasRenderingContext2D, svg: SVGSVGElement): void {
  const side = svg.viewBox.baseVal.width || 1;
  pen.save();
  pen.translate((WIDE - QR) / 2, 330);
  pen.scale(QR / side, QR / side);
  for (const path of svg.querySelectorAll("path[stroke]")) {
    pen.stroke(new Path2D(path.getAttribute("d") ?? ""));
  }
  pen.restore();
}

function picture(said: Said, svg: SVGSVGElement | null): string {
  const canvas = document.createElement("canvas");
  canvas.width = WIDE;
  canvas.height = HIGH;
  const pen = canvas.getContext("2d");
  if (!pen) return "";
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, WIDE, HIGH);
  pen.fillStyle = pen.strokeStyle = "#111";
  pen.textAlign = "center";
  line(pen, said.name, 26, 70);
  line(pen, said.number, 54, 170, true);
  line(pen, said.code, 54, 260, true);
  if (svg) drawCode(pen, svg);
  for (const [n, word] of said.words.entries()) line(pen, word, 24, 800 + 38 * n);
  return canvas.toDataURL("image/png");
}

function keep(button: HTMLButtonElement): void {
  const { name = "", number = "", code = "", words = "" } = button.dataset;
  const svg = document.querySelector<SVGSVGElement>("[data-qr] svg");
  const url = picture({ name, number, code, words: words.split("|") }, svg);
  const shown = document.querySelector<HTMLElement>("[data-kept]");
  if (!url || !shown) return;
  // Shown as well: browsers inside other apps download nothing, but a long press keeps a picture.
  const image = shown.querySelector("img");
  if (image) image.src = url;
  shown.hidden = false;
  const link = document.createElement("a");
  link.href = url;
  link.download = `${number}.png`;
  link.click();
  shown.scrollIntoView({ block: "center" });
}

document.querySelector("[data-keep]")?.addEventListener("click", (event) => {
  keep(event.currentTarget as HTMLButtonElement);
});

// The QR code carries the code behind the #, which no server and no log ever sees.
const form = document.querySelector<HTMLFormElement>("form[data-track]");
const given = decodeURIComponent(window.location.hash.slice(1));
if (form && /^[A-Za-z0-9]{4,12}$/.test(given)) {
  const field = input(form, "code");
  if (field && !field.value) field.value = given;
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
}

forgetSent();
