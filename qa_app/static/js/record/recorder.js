// One reading after another: the microphone's sound as a file, and word of what it hears meanwhile.
//
//   opening                          the browser may be asking for the microphone
//   started                          read now: everything from here on is kept
//   level    { level_db, peak_db }   about 25 times a second
//   speech   { at_s }                somebody began to speak
//   stopped  { blob, mime, duration_s, peak_db, noise_db, speech_db, speech, clipped, verdict, end, wave }
//   cancelled                        forgotten, nothing is kept
//   failed   { reason }              insecure, unsupported, denied, missing, busy, unplugged, hidden
//
// `verdict` is ok, muted, unspoken, quiet, loud or noisy; `speech` is { start_s, end_s } or null; `end` is
// silence, unspoken, limit or hand; `wave` holds one peak in [0, 1] for each WAVE_STEP_S.
import { FRAME_S, Listening } from "./listening.js";
import { NoMicrophone, openMicrophone, releaseMicrophone, restMicrophone } from "./microphone.js";

export const WAVE_STEP_S = FRAME_S / 2;

// Opus is clear for speech from half of this on; a minute is 0.7 MB
const BITS_PER_SECOND = 96_000;
// Chromium and Firefox write the first, older Firefox the second, Safari the third
const FORMATS = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4"];

export class Recorder extends EventTarget {
  #state = "idle";
  #turn = 0;
  #microphone = null;
  #media = null;
  #listening = null;
  #peaks = [];
  #end = null;

  /**
   * `silence_s` after speech ends a recording, `wait_s` without any speech, `max_s` in any case.
   * A word wants a short silence, a passage a long one.
   */
  constructor({ silence_s = 0.9, wait_s = 8, max_s = 20 } = {}) {
    super();
    this.limits = { silence_s, wait_s, max_s };
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) return;
      if (this.#state !== "idle") this.#fail("hidden");
      releaseMicrophone();
    });
  }

  /** "idle", "opening", "recording" or "stopping". */
  get state() {
    return this.#state;
  }

  async start() {
    if (this.#state !== "idle") return;
    const turn = ++this.#turn;
    this.#state = "opening";
    this.#tell("opening");
    try {
      const microphone = await openMicrophone();
      if (turn !== this.#turn) restMicrophone();
      else this.#record(microphone);
    } catch (error) {
      if (!(error instanceof NoMicrophone)) throw error;
      if (turn === this.#turn) this.#fail(error.reason);
    }
  }

  /** Keep what was said until now. */
  stop() {
    if (this.#state === "recording") this.#finish("hand");
    else this.cancel();
  }

  /** Forget it. */
  cancel() {
    if (this.#state === "idle") return;
    this.#letGo();
    this.#tell("cancelled");
  }

  #record(microphone) {
    const chunks = [];
    const mimeType = FORMATS.find((format) => MediaRecorder.isTypeSupported(format));
    const media = new MediaRecorder(microphone.stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
    this.#microphone = microphone;
    this.#media = media;
    this.#listening = new Listening(this.limits);
    this.#peaks = [];
    media.addEventListener("dataavailable", ({ data }) => chunks.push(data));
    media.addEventListener("error", () => this.#fail("busy"));
    media.addEventListener("stop", () => this.#deliver(media, chunks));
    media.addEventListener("start", () => {
      if (this.#media === media) microphone.onframe = (frame) => this.#hear(frame);
    });
    microphone.onlost = () => this.#fail("unplugged");
    media.start();
  }

  #hear(frame) {
    if (this.#state === "opening") {
      this.#state = "recording";
      this.#tell("started");
    }
    if (this.#state !== "recording") return;
    const had = this.#listening.began;
    this.#listening.add(frame);
    this.#peaks.push(...frame.peaks);
    // Every second frame is as often as a screen shows it
    if (this.#peaks.length % (2 * frame.peaks.length) === 0) {
      this.#tell("level", { level_db: frame.level_db, peak_db: 20 * Math.log10(frame.peak + 1e-6) });
    }
    if (!had && this.#listening.began) this.#tell("speech", { at_s: this.#listening.speech.start_s });
    const end = this.#listening.end;
    if (end) this.#finish(end);
  }

  #finish(end) {
    this.#state = "stopping";
    this.#end = end;
    this.#microphone.onframe = null;
    this.#media.stop();
  }

  #deliver(media, chunks) {
    // A lost device ends the recording too, and that was told
    if (this.#media !== media || this.#state !== "stopping") return;
    const mime = media.mimeType || chunks[0]?.type;
    const recording = {
      blob: new Blob(chunks, { type: mime }),
      mime,
      ...this.#listening.measured(),
      end: this.#end,
      wave: Float32Array.from(this.#peaks),
    };
    this.#letGo();
    this.#tell("stopped", recording);
  }

  #fail(reason) {
    if (this.#state === "idle") return;
    this.#letGo();
    this.#tell("failed", { reason });
  }

  /** Be idle again; the microphone stays open for the next reading. */
  #letGo() {
    this.#turn += 1;
    this.#state = "idle";
    const [microphone, media] = [this.#microphone, this.#media];
    this.#microphone = this.#media = null;
    if (microphone) microphone.onframe = microphone.onlost = null;
    if (media && media.state !== "inactive") media.stop();
    restMicrophone();
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
