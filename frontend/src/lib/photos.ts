/** Photos are made small before they travel: a stairwell has one bar of signal. */
const LONGEST_SIDE = 1600;
const QUALITY = 0.8;
// Below this a photo goes as it is: shrinking would cost more time than sending.
const SMALL_ENOUGH = 400_000;

function decode(file: File): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const url = URL.createObjectURL(file);
    const image = new Image();
    image.addEventListener("load", () => {
      URL.revokeObjectURL(url);
      resolve(image);
    });
    image.addEventListener("error", () => {
      URL.revokeObjectURL(url);
      reject(new Error("not-an-image"));
    });
    image.src = url;
  });
}

function draw(image: HTMLImageElement): HTMLCanvasElement | null {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.naturalWidth * scale);
  canvas.height = Math.round(image.naturalHeight * scale);
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** `file` at most 1600 px long as JPEG; the file itself where the browser cannot or need not. */
export async function shrink(file: File): Promise<File> {
  if (!file.type.startsWith("image/")) return file;
  try {
    const image = await decode(file);
    const long = Math.max(image.naturalWidth, image.naturalHeight);
    if (long <= LONGEST_SIDE && file.size <= SMALL_ENOUGH) return file;
    const canvas = draw(image);
    const blob = await new Promise<Blob | null>((done) => {
      if (canvas) canvas.toBlob(done, "image/jpeg", QUALITY);
      else done(null);
    });
    if (!blob || blob.size >= file.size) return file;
    const name = file.name.replace(/\.[^.]*$/, "");
    return new File([blob], `${name || "photo"}.jpg`, { type: "image/jpeg" });
  } catch {
    // HEIC in an old kernel: the server reads it.
    return file;
  }
}

/** Put `files` into the input in place of those chosen; false where the browser cannot. */
export function replaceFiles(input: HTMLInputElement, files: File[]): boolean {
  try {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    input.files = transfer.files;
    return input.files?.length === files.length;
  } catch {
    return false;
  }
}
