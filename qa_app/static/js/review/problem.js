// What could not be done stays on the page, with the way on: read the page again, or press again.
import { say } from "./page.js";

const notice = document.getElementById("problem");

export function showProblem(refused) {
  notice.querySelector("[data-problem]").textContent = refused ? refused.message : say("unreachable");
  notice.querySelector("[data-reload]").hidden = refused?.status !== 409;
  notice.hidden = false;
}

export function hideProblem() {
  notice.hidden = true;
}

notice.querySelector("[data-reload]").addEventListener("click", (event) => {
  event.preventDefault();
  location.reload();
});
