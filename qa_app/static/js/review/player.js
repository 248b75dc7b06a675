// The sound: play, seek, speed, passing over silence, looping or playing one stretch.
import { page } from "./page.js";

const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
// A little before and after a stretch, so that one hears how it begins and ends
const LEAD_S = 1.0;
const TAIL_S = 0.8;
// Leave a breath at both ends of a silence that is passed over
const BREATH_S = 0.35;

const audio = document.getElementById("audio");
const listeners = new Set();
const button = document.querySelector("[data-do=play]");
let stretch = null;
let skipping = false;
let looping = false;
let seekingTo = null;

export const onTime = (act) => listeners.add(act);
export const isPlaying = () => !audio.paused;
export const isLooping = () => looping;
export const now = () => seekingTo ?? audio.currentTime;

function tell() {
  for (const act of listeners) act(now());
}

function tick() {
  if (audio.paused) return;
  step();
  tell();
  requestAnimationFrame(tick);
}

function step() {
  const at = audio.currentTime;
  if (stretch && at >= stretch.to) {
    if (looping) seek(stretch.from, { keepStretch: true });
    else {
      stretch = null;
      audio.pause();
    }
    return;
  }
  if (!skipping || audio.seeking) return;
  const gap = page.silences.find(([from, to]) => at >= from + BREATH_S && at < to - BREATH_S);
  // A stretch that was asked for is heard whole: its silence may be the finding
  if (gap && !stretch) seek(gap[1] - BREATH_S / 2);
}

export function seek(at, { keepStretch = false } = {}) {
  if (!keepStretch) stretch = null;
  seekingTo = Math.min(Math.max(0, at), Math.max(0, page.duration - 0.01));
  audio.currentTime = seekingTo;
  tell();
}

audio.addEventListener("seeked", () => {
  seekingTo = null;
  tell();
});

export async function play() {
  // The numbers are still being covered, and the page says so
  if (!audio.hasAttribute("src")) return;
  try {
    await audio.play();
  } catch (error) {
    if (error.name === "AbortError") return;
    if (error.name !== "NotAllowedError") showError();
  }
}

export const pause = () => audio.pause();
export const toggle = () => (audio.paused ? play() : audio.pause());
export const nudge = (by) => seek(now() + by);

/** Play from a moment on. */
export function playFrom(at) {
  seek(at);
  return play();
}

/** Play a stretch with a little lead; it ends by itself, or goes round while looping. */
export function playStretch(from, to) {
  seek(Math.max(0, from - LEAD_S), { keepStretch: true });
  stretch = { from: Math.max(0, from - LEAD_S), to: Math.min(page.duration - 0.05, Math.max(to, from + 0.5) + TAIL_S) };
  return play();
}

function press(name, on) {
  document.querySelector(`[data-do=${name}]`)?.setAttribute("aria-pressed", String(on));
}

export function toggleSkip() {
  skipping = !skipping;
  press("skip", skipping);
}

/** Looping needs a stretch: that of the finding which is current. */
export function toggleLoop(from, to) {
  looping = !looping;
  press("loop", looping);
  if (looping && Number.isFinite(from)) playStretch(from, to);
}

export function setSpeed(speed) {
  audio.playbackRate = speed;
  audio.preservesPitch = true;
  for (const one of document.querySelectorAll("[data-speed]")) {
    one.setAttribute("aria-pressed", String(Number(one.dataset.speed) === speed));
  }
}

export function faster(by) {
  const at = SPEEDS.indexOf(audio.playbackRate);
  setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at + by))]);
}

function showButton() {
  const playing = !audio.paused;
  button.setAttribute("aria-label", playing ? button.dataset.pauseLabel : button.dataset.playLabel);
  button.querySelector("use").setAttribute("href", playing ? "#i-pause" : "#i-play");
}

function showError() {
  document.getElementById("sound-error").hidden = false;
}

export function startPlayer() {
  audio.addEventListener("play", () => {
    showButton();
    requestAnimationFrame(tick);
  });
  audio.addEventListener("pause", () => {
    showButton();
    tell();
  });
  audio.addEventListener("error", showError);
  button.addEventListener("click", toggle);
  for (const one of document.querySelectorAll("[data-speed]")) {
    one.addEventListener("click", () => {
      // On a narrow page only the speed in use is shown: pressing it takes the next one
      const shown = [...document.querySelectorAll("[data-speed]")].filter((other) => other.offsetParent);
      if (shown.length > 1) setSpeed(Number(one.dataset.speed));
      else setSpeed(SPEEDS[(SPEEDS.indexOf(audio.playbackRate) + 1) % SPEEDS.length]);
    });
  }
  document.querySelector("[data-do=skip]").addEventListener("click", toggleSkip);
  const volume = document.getElementById("volume");
  volume.addEventListener("input", () => { audio.volume = volume.value / 100; });
}
