// The model above, one's own below: waveforms on one scale of time, tone curves in one frame.
//
// A reading is { wave, start_s, end_s, pitch }: `wave` holds one peak in [0, 1] for each 10 ms,
// start and end are where its speech lies, `pitch` is [{ t_s, hz }] of its voiced moments. Times
// are seconds of its own sound; both are drawn from where their speech begins.

const STEP_S = 0.01;
const SPACE = "http://www.w3.org/2000/svg";
const WIDTH = 300;
const LEFT = 30;
const PLOT = WIDTH - LEFT;
const TONES_HEIGHT = 72;
const ROWS = { model: { top: 80, height: 36 }, mine: { top: 120, height: 36 } };
// The voice of one speaker spans about an octave and a half in reading (Chao's five levels)
const SPAN_SEMITONES = 18;
// A gap in the voice that is longer is a voiceless sound, and the curve breaks there
const GAP_S = 0.04;

/** One peak for each 10 ms of a decoded sound. */
export function waveOf(sound) {
  const step = Math.round(sound.sampleRate * STEP_S);
  const wave = new Float32Array(Math.ceil(sound.length / step));
  for (let channel = 0; channel < sound.numberOfChannels; channel += 1) {
    sound.getChannelData(channel).forEach((sample, at) => {
      const bar = Math.floor(at / step);
      wave[bar] = Math.max(wave[bar], Math.abs(sample));
    });
  }
  return wave;
}

/** Draw two readings into an svg; `words` names model, mine, high, low and alt with {model}, {mine}. */
export function drawComparison(svg, { model, mine, words }) {
  const rows = { model: framed(model), mine: framed(mine) };
  const longest_s = Math.max(...Object.values(rows).map((row) => row?.length_s ?? 0), STEP_S);
  const x = (row, t_s) => LEFT + (PLOT * (t_s - row.start_s)) / longest_s;
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${WIDTH} 156`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", alternative(rows, words));
  draw(svg, "rect", { class: "curve__frame", x: LEFT, width: PLOT, height: TONES_HEIGHT, rx: 4 });
  draw(svg, "path", { class: "curve__grid", d: `M${LEFT} 12H${WIDTH}M${LEFT} 36H${WIDTH}M${LEFT} 60H${WIDTH}` });
  draw(svg, "text", { class: "curve__text", x: 0, y: 16 }, words.high);
  draw(svg, "text", { class: "curve__text", x: 0, y: 64 }, words.low);
  for (const [who, row] of Object.entries(rows)) {
    const { top, height } = ROWS[who];
    const own = who === "mine" ? " curve__text--mine" : "";
    draw(svg, "text", { class: `curve__text${own}`, x: 0, y: top + height / 2 + 4 }, words[who]);
    draw(svg, "rect", { class: "curve__frame", x: LEFT, y: top, width: PLOT, height, rx: 4 });
    if (!row) continue;
    draw(svg, "path", { class: `curve__wave curve__wave--${who}`, d: wavePath(row, ROWS[who], (t_s) => x(row, t_s)) });
    draw(svg, "path", { class: `curve__${who}`, d: tonePath(row, (t_s) => x(row, t_s)) });
    draw(svg, "line", { class: "curve__head", "data-head": who, y1: top, y2: top + height, visibility: "hidden" });
  }
  svg.showTime = (who, at_s) => moveHead(svg, rows, who, at_s, x);
}

function framed(reading) {
  if (!reading) return null;
  const { wave, pitch = [], start_s = 0, end_s = wave.length * STEP_S } = reading;
  return { wave, pitch, start_s, end_s, length_s: end_s - start_s };
}

function alternative({ model, mine }, words) {
  const length = (row) => (row ? row.length_s.toFixed(1) : words.none);
  return words.alt.replace("{model}", length(model)).replace("{mine}", length(mine));
}

/** The mirrored peaks; each reading fills its own row, for a soft voice is no fault of the sounds. */
function wavePath(row, { top, height }, x) {
  const from = Math.max(0, Math.floor(row.start_s / STEP_S));
  const part = Array.from(row.wave.slice(from, Math.ceil(row.end_s / STEP_S)));
  if (!part.length) return "";
  const loudest = Math.max(...part, 1e-3);
  const middle = top + height / 2;
  const spot = (peak, at, side) => {
    const y = middle + side * Math.max(0.4, (peak / loudest) * (height / 2 - 2));
    return `${x((from + at) * STEP_S).toFixed(1)} ${y.toFixed(1)}`;
  };
  const above = part.map((peak, at) => spot(peak, at, -1));
  const below = part.map((peak, at) => spot(peak, at, 1)).reverse();
  return `M${[...above, ...below].join(" ")}z`;
}

/** Pitch in semitones about the speaker's own middle, so that a deep voice lies beside a high one. */
function tonePath({ pitch, start_s, end_s }, x) {
  const voiced = pitch.filter(({ t_s, hz }) => hz > 0 && t_s >= start_s && t_s <= end_s);
  if (!voiced.length) return "";
  const semitones = voiced.map(({ hz }) => 12 * Math.log2(hz));
  const middle = (Math.max(...semitones) + Math.min(...semitones)) / 2;
  let path = "";
  voiced.forEach(({ t_s }, at) => {
    const share = Math.min(0.5, Math.max(-0.5, (semitones[at] - middle) / SPAN_SEMITONES));
    const y = TONES_HEIGHT / 2 - share * (TONES_HEIGHT - 8);
    const joined = at > 0 && t_s - voiced[at - 1].t_s <= GAP_S;
    path += `${joined ? "L" : "M"}${x(t_s).toFixed(1)} ${y.toFixed(1)}`;
  });
  return path;
}

function moveHead(svg, rows, who, at_s, x) {
  for (const head of svg.querySelectorAll("[data-head]")) {
    const row = rows[head.dataset.head];
    const shown = head.dataset.head === who && at_s >= row.start_s && at_s <= row.end_s;
    head.setAttribute("visibility", shown ? "visible" : "hidden");
    if (!shown) continue;
    head.setAttribute("x1", x(row, at_s));
    head.setAttribute("x2", x(row, at_s));
  }
}

function draw(parent, name, attributes, text = "") {
  const shape = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
  shape.textContent = text;
  parent.append(shape);
}
