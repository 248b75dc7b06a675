// A call that is being processed: how far it is, and on to the review when it is done.
import { request } from "../request.js";

const EVERY_MS = 2000;
const box = document.getElementById("waiting");

async function ask() {
  try {
    const state = await request(box.dataset.url);
    if (state.status === "processed" || state.status === "failed") {
      location.reload();
      return;
    }
    box.querySelector("[data-stage]").textContent = state.stage;
    box.querySelector("[data-percent]").textContent = `${state.percent}%`;
    box.querySelector("progress").value = state.percent;
  } catch {
    // The server is being restarted, or the connection rests: ask again
  }
  setTimeout(ask, EVERY_MS);
}

if (box) setTimeout(ask, EVERY_MS);
