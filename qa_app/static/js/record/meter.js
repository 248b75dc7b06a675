// The level meter: cells that light up, and the same as role=meter with a word for it.

const LOWEST_DB = -54;
// Speech whose peaks stay below is too soft to be judged; above, the microphone is at its end
const SOFT_DB = -34;
const HOT_DB = -3;
// Falls slowly enough to be read, 40 dB a second at 25 shows a second
const FALL_DB = 1.6;

const zoneOf = (peak_db) => (peak_db < SOFT_DB ? "quiet" : peak_db > HOT_DB ? "loud" : "good");

export class Meter {
  #shown_db = LOWEST_DB;

  /** `root` is an svg.level with its cells; `words` names the zones quiet, good, loud and last. */
  constructor(root, words) {
    this.root = root;
    this.words = words;
    this.cells = [...root.querySelectorAll(".level__cell")];
    root.setAttribute("aria-valuemin", String(LOWEST_DB));
    root.setAttribute("aria-valuemax", "0");
    this.clear();
  }

  show({ peak_db }) {
    this.#draw(Math.max(peak_db, this.#shown_db - FALL_DB));
    this.root.setAttribute("aria-valuetext", this.words[zoneOf(this.#shown_db)]);
  }

  /** After a recording: how loud it was. */
  keep(peak_db) {
    this.#draw(peak_db);
    this.root.setAttribute("aria-valuetext", this.words.last.replace("{zone}", this.words[zoneOf(peak_db)]));
  }

  clear() {
    this.#draw(LOWEST_DB);
    this.root.setAttribute("aria-valuetext", this.words.none);
  }

  #draw(db) {
    this.#shown_db = Math.min(0, Math.max(LOWEST_DB, db));
    this.root.setAttribute("aria-valuenow", String(Math.round(this.#shown_db)));
    const lit = Math.round(this.cells.length * (1 - this.#shown_db / LOWEST_DB));
    this.cells.forEach((cell, at) => cell.classList.toggle("level__cell--on", at < lit));
  }
}
