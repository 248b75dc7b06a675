// Which sound is heard: numbers covered, or as it was spoken, which the server writes down.
import { post, request } from "../request.js";

const EVERY_MS = 3000;

const audio = document.getElementById("audio");
const button = document.querySelector("[data-do=raw]");
const waiting = document.getElementById("sound-waiting");
const covered = audio.dataset.src;
let raw = null;

/** Go on where the other sound was, as fast and as loud, playing or not. */
function change(url) {
  const { currentTime, playbackRate, paused } = audio;
  audio.addEventListener("loadedmetadata", () => {
    audio.currentTime = currentTime;
    audio.playbackRate = playbackRate;
    if (!paused) audio.play().catch(() => {});
  }, { once: true });
  audio.src = url;
}

const isRaw = () => button?.getAttribute("aria-pressed") === "true";

/** Change to the raw sound, or back; what the server refuses is thrown. */
export async function toggleRaw() {
  if (!button) return;
  if (isRaw()) {
    button.setAttribute("aria-pressed", "false");
    if (waiting && !waiting.hidden) {
      audio.pause();
      audio.removeAttribute("src");
      audio.load();
    } else change(covered);
    return;
  }
  raw ??= (await post(button.dataset.url)).url;
  button.setAttribute("aria-pressed", "true");
  change(raw);
}

async function ask() {
  try {
    const state = await request(waiting.dataset.url);
    if (state.failed) location.reload();
    else if (state.ready) {
      waiting.hidden = true;
      if (!isRaw()) change(covered);
      return;
    }
  } catch {
    // Nobody answers: ask again later
  }
  setTimeout(ask, EVERY_MS);
}

export function startSound(showProblem) {
  button?.addEventListener("click", () => toggleRaw().catch(showProblem));
  if (waiting?.dataset.url) setTimeout(ask, EVERY_MS);
}
