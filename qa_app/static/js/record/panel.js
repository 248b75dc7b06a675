// The recorder on a page: its button and the space bar, the level, and a sentence for whatever
// happens. The page listens on the [data-recorder] element:
//
//   recorded   a recording that can be judged (what "stopped" of recorder.js tells)
//   unfit      one that cannot; the sentence says why, and it does not count
//   sent       { id, answer, fields } of the outbox
//   refused    { id, status, message, answer, fields } of the outbox
import { bind } from "../keys.js";
import { Meter } from "./meter.js";
import { Outbox } from "./outbox.js";
import { Recorder } from "./recorder.js";

export class Panel {
  #words;
  #waiting;

  /** `player`, if there is one, is silent while somebody reads. */
  constructor(root, { player = null } = {}) {
    this.root = root;
    this.#words = JSON.parse(root.dataset.texts);
    this.button = root.querySelector(".recorder__button");
    this.meter = new Meter(root.querySelector(".level"), this.#words.level);
    this.recorder = new Recorder({
      silence_s: Number(root.dataset.silenceS),
      wait_s: Number(root.dataset.waitS),
      max_s: Number(root.dataset.maxS),
    });
    this.outbox = new Outbox(root.dataset.user);
    this.#waiting = document.querySelector("[data-outbox]");
    this.#followRecorder(player);
    this.#followOutbox();
    this.button.addEventListener("click", () => this.toggle());
    this.unbind = bind({
      // A space bar that is held down is pressed once
      " ": (event) => { if (!event.repeat) this.toggle(); },
    });
    this.#show("ready", "ready");
  }

  toggle() {
    if (this.recorder.state === "idle") this.recorder.start();
    else this.recorder.stop();
  }

  /** Keep a recording until the server has it; `fields` travel with it and come back with its answer. */
  send(url, recording, fields = {}) {
    return this.outbox.add(url, recording.blob, { ...fields, duration_s: recording.duration_s.toFixed(2) });
  }

  /** Say one of this page's own sentences. */
  say(sentence) {
    this.root.querySelector("[data-say]").textContent = sentence;
  }

  #followRecorder(player) {
    const { recorder, meter } = this;
    recorder.addEventListener("opening", () => {
      player?.stop();
      meter.clear();
      this.#show("opening", "opening");
    });
    recorder.addEventListener("started", () => this.#show("recording", "started"));
    recorder.addEventListener("level", ({ detail }) => meter.show(detail));
    recorder.addEventListener("speech", () => this.#show("recording", "speech"));
    recorder.addEventListener("cancelled", () => this.#show("ready", "ready"));
    recorder.addEventListener("failed", ({ detail }) => this.#show("failed", detail.reason));
    recorder.addEventListener("stopped", ({ detail }) => {
      meter.keep(detail.peak_db);
      if (detail.verdict === "ok") this.#show("ready", detail.end === "limit" ? "limit" : "kept");
      else this.#show("unfit", detail.verdict);
      this.#tell(detail.verdict === "ok" ? "recorded" : "unfit", detail);
    });
  }

  #followOutbox() {
    const { outbox } = this;
    for (const name of ["sent", "refused"]) {
      outbox.addEventListener(name, ({ detail }) => this.#tell(name, detail));
    }
    outbox.addEventListener("refused", ({ detail }) => {
      this.root.dataset.state = "failed";
      this.say(this.#words.refused.replace("{why}", detail.message));
    });
    outbox.addEventListener("unkept", () => { this.unkept = true; });
    outbox.addEventListener("count", ({ detail }) => this.#showWaiting(detail));
  }

  /** Recordings that are just being sent are nobody's worry; those that cannot be are. */
  #showWaiting({ count, why }) {
    this.#waiting.hidden = count === 0 || why === null;
    const words = this.#words[this.unkept && why ? "unkept" : why] ?? "";
    this.#waiting.querySelector("[data-outbox-text]").textContent = words.replace("{n}", count);
    this.#waiting.dataset.count = String(count);
  }

  #show(state, name) {
    this.root.dataset.state = state;
    this.say(this.#words[name].replace("{s}", this.root.dataset.maxS));
    const busy = state === "recording" || state === "opening";
    this.button.setAttribute("aria-label", busy ? this.#words.stop : this.#words.start);
    this.button.querySelector("use").setAttribute("href", busy ? "#i-stop" : "#i-mic");
  }

  #tell(name, detail) {
    this.root.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
