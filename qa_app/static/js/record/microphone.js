// The microphone: asked for once, kept open for a while, so that the next reading begins at once
// and Firefox and Safari do not ask again for every word.

const KEPT_OPEN_MS = 60_000;
// A device that was opened and gives nothing, as one that another program holds
const FIRST_SOUND_MS = 4_000;

// What is judged must be what was said. Noise suppression takes f, h and s for noise and eats the
// ends of n and ng; echo cancellation filters and resamples; automatic gain hides that the
// microphone is overdriven and lifts the room between the words.
const SOUND = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
  channelCount: { ideal: 1 },
};

const REASONS = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
};

/** Why there is no sound, by a name that the page has a sentence for. */
export class NoMicrophone extends Error {
  constructor(reason, cause) {
    super(`No microphone: ${reason}`, { cause });
    this.reason = reason;
  }
}

/** An open microphone: `stream` to record, and each 20 ms measured, given to `onframe`. */
class Microphone {
  onframe = null;
  onlost = null;

  constructor(stream, context) {
    this.stream = stream;
    this.context = context;
    this.track = stream.getAudioTracks()[0];
    this.track.addEventListener("ended", () => this.lose());
    context.addEventListener("statechange", () => {
      if (context.state === "interrupted") this.lose();
    });
  }

  get isOpen() {
    return this.track.readyState === "live" && this.context.state === "running";
  }

  /** Connect the meter; resolves when the first sound has come through. */
  async measure() {
    await this.context.audioWorklet.addModule(new URL("./level_worklet.js", import.meta.url));
    const meter = new AudioWorkletNode(this.context, "level-meter", {
      channelCount: 1,
      channelCountMode: "explicit",
    });
    this.context.createMediaStreamSource(this.stream).connect(meter);
    // It says nothing there; what leads nowhere is not run by every browser
    meter.connect(this.context.destination);
    await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new NoMicrophone("busy")), FIRST_SOUND_MS);
      meter.port.onmessage = ({ data }) => {
        clearTimeout(late);
        resolve();
        this.onframe?.(data);
      };
    });
  }

  lose() {
    this.close();
    this.onlost?.();
  }

  close() {
    this.track.stop();
    if (this.context.state !== "closed") this.context.close();
  }
}

let open = null;
let closing = 0;

/** Open the microphone, or take the one that is still open; throws NoMicrophone. */
export async function openMicrophone() {
  clearTimeout(closing);
  if (open?.isOpen) return open;
  releaseMicrophone();
  if (!isSecureContext) throw new NoMicrophone("insecure");
  if (!navigator.mediaDevices || !window.MediaRecorder || !window.AudioWorkletNode) throw new NoMicrophone("unsupported");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: SOUND });
  } catch (error) {
    throw new NoMicrophone(REASONS[error.name] ?? "busy", error);
  }
  const microphone = new Microphone(stream, new AudioContext());
  try {
    await microphone.context.resume();
    await microphone.measure();
  } catch (error) {
    microphone.close();
    throw error instanceof NoMicrophone ? error : new NoMicrophone("busy", error);
  }
  open = microphone;
  return microphone;
}

/** Nobody reads now: close it soon, unless somebody does. */
export function restMicrophone() {
  clearTimeout(closing);
  closing = setTimeout(releaseMicrophone, KEPT_OPEN_MS);
}

export function releaseMicrophone() {
  clearTimeout(closing);
  open?.close();
  open = null;
}

addEventListener("pagehide", releaseMicrophone);
