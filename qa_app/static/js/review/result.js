// The agent's result: hear the place of each deduction; a draft objection is never lost.
import { startSound } from "./sound.js";

const LEAD_S = 1.0;
const TAIL_S = 0.8;

const root = document.getElementById("result");
const audio = document.getElementById("audio");
const whole = document.getElementById("whole");
let playing = null;
let until = Infinity;

/* ------------------------------------------------------------------ sound */

function show(button, on) {
  button?.setAttribute("aria-pressed", String(on));
  button?.querySelector("use").setAttribute("href", on ? "#i-pause" : "#i-play");
}

async function hear(button, from, to) {
  // The numbers are still being covered, and the page says so
  if (!audio.hasAttribute("src")) return;
  if (playing === button && !audio.paused) {
    audio.pause();
    return;
  }
  show(playing, false);
  playing = button;
  until = to;
  if (from !== null) audio.currentTime = Math.max(0, from);
  try {
    await audio.play();
  } catch (error) {
    if (error.name !== "AbortError") document.getElementById("sound-error").hidden = false;
  }
}

for (const button of document.querySelectorAll("button[data-from]")) {
  button.addEventListener("click", () =>
    hear(button, Number(button.dataset.from) - LEAD_S, Number(button.dataset.to) + TAIL_S));
}
whole.addEventListener("click", () => hear(whole, playing === whole ? null : 0, Infinity));
audio.addEventListener("play", () => show(playing, true));
audio.addEventListener("pause", () => show(playing, false));
audio.addEventListener("timeupdate", () => { if (audio.currentTime >= until) audio.pause(); });

startSound(() => { document.getElementById("sound-error").hidden = false; });

/* ----------------------------------------------------------------- drafts */

const key = (deduction) => `tingzheng:${root.dataset.user}:${root.dataset.call}:objection:${deduction}`;

function keep(deduction, text) {
  try {
    if (text) localStorage.setItem(key(deduction), text);
    else localStorage.removeItem(key(deduction));
    return true;
  } catch {
    return false;
  }
}

function kept(deduction) {
  try { return localStorage.getItem(key(deduction)) ?? ""; } catch { return ""; }
}

// Only when the server says that it has an objection may the draft of it go
const filed = new URLSearchParams(location.search).get("filed");
if (filed) {
  keep(filed, "");
  history.replaceState(null, "", location.pathname + location.hash);
}

for (const box of document.querySelectorAll("[data-objection]")) {
  const deduction = box.dataset.objection;
  const field = box.querySelector("textarea");
  const count = box.querySelector("[data-count-of]");
  const status = box.querySelector("[data-draft]");
  const tally = () => {
    count.textContent = count.dataset.words
      .replace("{n}", String([...field.value].length))
      .replace("{most}", count.dataset.most);
  };
  field.value = kept(deduction);
  if (field.value) box.open = true;
  tally();
  field.addEventListener("input", () => {
    tally();
    if (keep(deduction, field.value)) status.textContent = status.dataset.words;
  });
  box.addEventListener("toggle", () => { if (box.open && !field.value) field.focus(); });
  box.querySelector("[data-fold]").addEventListener("click", () => {
    box.open = false;
    box.querySelector("summary").focus();
  });
}
