// When somebody began to speak, when they are done, and whether it can be judged: from the level
// of each 20 ms, without any sound and without a clock.

export const FRAME_S = 0.02;

// The room is the softest tenth of the last five seconds
const RECENT = 250;
const ROOM_SHARE = 0.1;
// Speech stands this far above the room and this little below its own loud moments, so that a
// colleague two desks away neither begins a recording nor keeps it going
const ABOVE_ROOM_DB = 10;
const BELOW_SPEECH_DB = 25;
const SOFTEST_DB = -55;
// The space bar's own noise is over sooner than any syllable
const BEGINS_WITHIN = 7;
const BEGINS_WITH = 5;
// A switched-off microphone gives zeros, which no room does
const DEAD_DB = -90;

// The judge refuses what is softer than -50 dB at its loudest, and full scale in 0.4 % of it
const QUIET_DB = -45;
const CLIPPED_SHARE = 0.004;
const NOISY_DB = 12;
const LOUD_ROOM_DB = -45;

/** Listens to one reading, frame by frame. */
export class Listening {
  #levels = [];
  #lastLoud = -1;
  #first = -1;
  #speech_db = null;
  #room_db = DEAD_DB;
  #clipped_s = 0;
  #peak = 0;

  constructor({ silence_s, wait_s, max_s }) {
    this.limits = { silence_s, wait_s, max_s };
  }

  /** Take the next 20 ms; `level_db`, `peak` in [0, 1], `clipped_s`. */
  add({ level_db, peak = 0, clipped_s = 0 }) {
    this.#levels.push(level_db);
    this.#peak = Math.max(this.#peak, peak);
    this.#clipped_s += clipped_s;
    const recent = this.#levels.slice(-RECENT);
    this.#room_db = room(recent);
    const least = this.#least();
    const last = recent.slice(-BEGINS_WITHIN).map((level) => level > least);
    if (!this.began && count(last) >= BEGINS_WITH) this.#begin(last, least);
    // One loud frame alone is a click
    if (this.began && last.at(-1) && last.at(-2)) this.#lastLoud = this.#levels.length - 1;
    if (this.began) this.#speech_db = speechLevel(recent, least) ?? this.#speech_db;
  }

  /** The first frame of the run that is speech, looking back to where it rose out of the room. */
  #begin(last, least) {
    let at = this.#levels.length - last.length + last.indexOf(true);
    while (at > 0 && this.#levels[at - 1] > least) at -= 1;
    this.#first = at;
    this.#lastLoud = this.#levels.length - 1;
  }

  #least() {
    const own = this.#speech_db === null ? SOFTEST_DB : this.#speech_db - BELOW_SPEECH_DB;
    return Math.max(this.#room_db + ABOVE_ROOM_DB, own, SOFTEST_DB);
  }

  get began() {
    return this.#first >= 0;
  }

  get duration_s() {
    return this.#levels.length * FRAME_S;
  }

  /** Where the speech lies, or null. */
  get speech() {
    return this.began ? { start_s: this.#first * FRAME_S, end_s: (this.#lastLoud + 1) * FRAME_S } : null;
  }

  /** Why the recording is over by itself: "silence", "limit", "unspoken", or null while it goes on. */
  get end() {
    const { silence_s, wait_s, max_s } = this.limits;
    const now = this.duration_s;
    if (now >= max_s) return "limit";
    if (!this.began) return now >= wait_s ? "unspoken" : null;
    return now - this.speech.end_s >= silence_s ? "silence" : null;
  }

  /** What was measured, and the verdict: "ok", "muted", "unspoken", "quiet", "loud" or "noisy". */
  measured() {
    const outside = this.#levels.filter((_, at) => at < this.#first || at > this.#lastLoud);
    const measured = {
      duration_s: this.duration_s,
      peak_db: 20 * Math.log10(this.#peak + 1e-6),
      noise_db: median(outside.filter((level) => level > DEAD_DB)) ?? this.#room_db,
      speech_db: this.#speech_db,
      speech: this.speech,
      clipped: this.began && this.#clipped_s > CLIPPED_SHARE * (this.speech.end_s - this.speech.start_s),
    };
    return { ...measured, verdict: verdictOn(measured, this.#levels) };
  }
}

function verdictOn({ noise_db, speech_db, clipped }, levels) {
  if (levels.every((level) => level < DEAD_DB)) return "muted";
  if (speech_db === null) return noise_db > LOUD_ROOM_DB ? "noisy" : "unspoken";
  if (clipped) return "loud";
  if (speech_db < QUIET_DB) return "quiet";
  return speech_db - noise_db < NOISY_DB ? "noisy" : "ok";
}

function room(levels) {
  const alive = levels.filter((level) => level > DEAD_DB).sort((one, other) => one - other);
  return alive[Math.floor(alive.length * ROOM_SHARE)] ?? DEAD_DB;
}

/** How loud the loud moments are: what nine tenths of the speech stay below. */
function speechLevel(levels, least) {
  const loud = levels.filter((level) => level > least).sort((one, other) => one - other);
  return loud[Math.floor(loud.length * 0.9)] ?? null;
}

function median(levels) {
  return levels.sort((one, other) => one - other)[Math.floor(levels.length / 2)] ?? null;
}

const count = (flags) => flags.filter(Boolean).length;
