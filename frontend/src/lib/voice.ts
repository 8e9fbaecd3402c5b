import { announce, toast } from "./live";
import { replaceFiles } from "./photos";
import { say } from "./words";

/** A voice note of at most a minute, where the browser can record one. */
const BITS = 24_000;
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

function typeOf(): string | undefined {
  return TYPES.find((one) => MediaRecorder.isTypeSupported(one));
}

class Voice {
  private recorder: MediaRecorder | null = null;
  private began = 0;
  private timer = 0;
  private readonly most: number;
  private readonly button: HTMLButtonElement;
  private readonly input: HTMLInputElement;
  private readonly seconds: HTMLInputElement;
  private readonly list: HTMLElement;

  constructor(frame: HTMLElement) {
    this.most = Number(frame.dataset.voice ?? "60");
    this.button = frame.querySelector("button") as HTMLButtonElement;
    this.input = frame.querySelector("input[type=file]") as HTMLInputElement;
    this.seconds = frame.querySelector("input[name=voice_seconds]") as HTMLInputElement;
    this.list = frame.querySelector("[data-voice-list]") as HTMLElement;
    frame.hidden = false;
    this.button.addEventListener("click", () => void this.press());
    this.input.addEventListener("change", () => this.show());
  }

  private async press(): Promise<void> {
    if (this.recorder) {
      this.recorder.stop();
      return;
    }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      this.record(stream);
    } catch {
      toast(say("voice-denied"), { tone: "bad", stays: 10_000 });
    }
  }

  private record(stream: MediaStream): void {
    const type = typeOf();
    const options = { audioBitsPerSecond: BITS, ...(type ? { mimeType: type } : {}) };
    const recorder = new MediaRecorder(stream, options);
    const parts: Blob[] = [];
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      for (const track of stream.getTracks()) track.stop();
      this.stopped(new Blob(parts, { type: recorder.mimeType }));
    });
    this.recorder = recorder;
    this.began = Date.now();
    recorder.start();
    this.button.setAttribute("aria-pressed", "true");
    announce(say("voice-recording"));
    this.timer = window.setInterval(() => this.tick(), 500);
    this.tick();
  }

  private get length(): number {
    return Math.round((Date.now() - this.began) / 1000);
  }

  private tick(): void {
    this.write(say("voice-stop", { seconds: this.length, most: this.most }));
    if (this.length >= this.most) this.recorder?.stop();
  }

  private stopped(sound: Blob): void {
    window.clearInterval(this.timer);
    this.recorder = null;
    this.button.setAttribute("aria-pressed", "false");
    this.write(say("voice-again"));
    this.seconds.value = String(Math.min(this.length, this.most));
    const end = sound.type.includes("mp4") ? "m4a" : sound.type.includes("ogg") ? "ogg" : "webm";
    replaceFiles(this.input, [new File([sound], `voice.${end}`, { type: sound.type })]);
    this.show();
    announce(say("voice-recorded", { seconds: this.seconds.value }));
  }

  private write(word: string): void {
    const text = this.button.querySelector("span") ?? this.button;
    text.textContent = word;
  }

  /** What was recorded can be heard and thrown away. */
  private show(): void {
    for (const old of this.list.querySelectorAll("audio")) URL.revokeObjectURL(old.src);
    const file = this.input.files?.[0];
    if (!file) {
      this.list.replaceChildren();
      return;
    }
    const player = document.createElement("audio");
    player.controls = true;
    player.src = URL.createObjectURL(file);
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "button button-quiet";
    drop.textContent = say("voice-drop");
    drop.addEventListener("click", () => {
      this.input.value = "";
      this.seconds.value = "";
      this.show();
    });
    this.list.replaceChildren(player, drop);
  }
}

/** Let a voice note be recorded; the field stays hidden where the browser cannot. */
export function startVoice(frame: HTMLElement): void {
  const can = "MediaRecorder" in window && navigator.mediaDevices?.getUserMedia !== undefined;
  if (can) new Voice(frame);
}
