// The model and one's own reading, to be heard in turn.
//
//   playing { who, at_s }   while something is heard; `who` is model or mine
//   silent                  nothing is heard any more
//   failed  { who }         it cannot be fetched or decoded
//
// Sounds are decoded whole: a browser cannot seek in what its own recorder wrote, and one syllable
// of it is to be heard alone.
import { bind } from "../keys.js";
import { waveOf } from "./waveform.js";

const PAUSE_S = 0.35;
// A breath around a syllable, so that its first sound is heard
const LEAD_S = 0.03;

export class Player extends EventTarget {
  #sounds = new Map();
  #context = null;
  #source = null;
  #turn = 0;

  /** Take a sound, a Blob or an address, as "model" or "mine"; returns { duration_s, wave }. */
  async load(who, from) {
    this.stop();
    this.#sounds.delete(who);
    try {
      const bytes = await (from instanceof Blob ? from : await fetched(from)).arrayBuffer();
      const sound = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(bytes);
      this.#sounds.set(who, sound);
      this.#ready();
      return { duration_s: sound.duration, wave: waveOf(sound) };
    } catch {
      this.#ready();
      this.#tell("failed", { who });
      return null;
    }
  }

  forget(who) {
    this.stop();
    this.#sounds.delete(who);
    this.#ready();
  }

  has(who) {
    return this.#sounds.has(who);
  }

  /** Let one be heard, or a stretch of it; pressed again while it is heard, it stops. */
  async play(who, { from_s = 0, to_s = Infinity } = {}) {
    const same = this.playing === who && to_s === Infinity;
    this.stop();
    if (!same) await this.#row([[who, from_s, to_s]], who);
  }

  /** The model, then one's own, until stopped or heard once each. */
  async alternate() {
    const same = this.playing === "both";
    this.stop();
    if (!same) await this.#row([["model", 0, Infinity], ["mine", 0, Infinity]], "both");
  }

  stop() {
    this.#turn += 1;
    const was = this.playing;
    this.playing = null;
    this.#source?.stop();
    this.#source = null;
    if (was) this.#tell("silent");
  }

  /** Bind [data-play=model|mine|both] inside `root`, and the keys 1, 2, 3; returns what unbinds the keys. */
  bind(root) {
    const acts = { model: () => this.play("model"), mine: () => this.play("mine"), both: () => this.alternate() };
    this.buttons = [...root.querySelectorAll("[data-play]")];
    for (const button of this.buttons) button.addEventListener("click", () => acts[button.dataset.play]());
    const mark = () => {
      for (const one of this.buttons) one.setAttribute("aria-pressed", String(one.dataset.play === this.playing));
    };
    this.addEventListener("playing", mark);
    this.addEventListener("silent", mark);
    this.#ready();
    return bind({ 1: acts.model, 2: acts.mine, 3: acts.both });
  }

  /** A button for what is not there yet is not there either. */
  #ready() {
    for (const button of this.buttons ?? []) {
      const who = button.dataset.play;
      button.hidden = who === "both" ? this.#sounds.size < 2 : !this.#sounds.has(who);
    }
  }

  async #row(parts, name) {
    const turn = ++this.#turn;
    if (parts.some(([who]) => !this.#sounds.has(who))) return;
    this.#context ??= new AudioContext();
    await this.#context.resume();
    if (turn !== this.#turn) return;
    this.playing = name;
    for (const [at, [who, from_s, to_s]] of parts.entries()) {
      if (at) await new Promise((resolve) => setTimeout(resolve, 1000 * PAUSE_S));
      if (turn !== this.#turn) return;
      await this.#hear(who, from_s, to_s, turn);
    }
    if (turn === this.#turn) this.stop();
  }

  #hear(who, from_s, to_s, turn) {
    const buffer = this.#sounds.get(who);
    const from = Math.max(0, from_s - LEAD_S);
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(this.#context.destination);
    const began = this.#context.currentTime;
    source.start(0, from, Math.min(buffer.duration, to_s + LEAD_S) - from);
    this.#source = source;
    const show = () => {
      if (turn !== this.#turn || this.#source !== source) return;
      this.#tell("playing", { who, at_s: from + this.#context.currentTime - began });
      requestAnimationFrame(show);
    };
    show();
    return new Promise((resolve) => source.addEventListener("ended", resolve, { once: true }));
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

async function fetched(url) {
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.blob();
}
