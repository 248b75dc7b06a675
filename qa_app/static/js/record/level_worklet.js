// Runs beside the microphone, in the sound's own thread: measures each 20 ms of what comes in.
// The page hears of { level_db, peak, clipped_s, peaks } and never sees the samples.

const FRAME_S = 0.02;
// Bars of the drawn wave in a frame
const PEAKS = 2;
// Hum of the mains and of fans is no speech; measured levels leave it out
const LOWEST_HZ = 80;
// The judge on the server refuses what stays at the microphone's end for as long as this
const FULL = 0.985;
const FULL_FOR_S = 0.00025;

class LevelMeter extends AudioWorkletProcessor {
  constructor() {
    super();
    this.frame = Math.round(sampleRate * FRAME_S);
    this.bar = this.frame / PEAKS;
    this.longest = Math.max(2, Math.round(sampleRate * FULL_FOR_S));
    const turn = 2 * Math.PI * (LOWEST_HZ / sampleRate);
    this.keep = 1 / (1 + turn);
    this.before = this.passed = 0;
    this.run = 0;
    this.clear();
  }

  clear() {
    this.count = this.energy = this.peak = this.clipped = 0;
    this.peaks = new Array(PEAKS).fill(0);
  }

  process([[samples]]) {
    for (const sample of samples ?? []) this.take(sample);
    return true;
  }

  take(sample) {
    this.passed = this.keep * (this.passed + sample - this.before);
    this.before = sample;
    this.energy += this.passed * this.passed;
    const size = Math.abs(sample);
    this.peak = Math.max(this.peak, size);
    const bar = Math.min(PEAKS - 1, Math.floor(this.count / this.bar));
    this.peaks[bar] = Math.max(this.peaks[bar], size);
    this.run = size >= FULL ? this.run + 1 : 0;
    if (this.run === this.longest) this.clipped += this.longest;
    else if (this.run > this.longest) this.clipped += 1;
    this.count += 1;
    if (this.count < this.frame) return;
    this.port.postMessage({
      level_db: 10 * Math.log10(this.energy / this.frame + 1e-12),
      peak: this.peak,
      clipped_s: this.clipped / sampleRate,
      peaks: this.peaks,
    });
    this.clear();
  }
}

registerProcessor("level-meter", LevelMeter);
