// Masked numbers: shown one at a time, asked of the server, which writes it down.
import { post, Refused } from "../request.js";
import { current } from "./findings.js";
import { page, remark, say } from "./page.js";
import { showProblem } from "./problem.js";
import { currentTurn } from "./transcript.js";

const shown = new Map();

// What has a row is asked for by it, a number that no rule named by its place; else it is the customer's.
function asked({ datum, place }) {
  if (datum) return { key: `[data-datum="${datum}"]`, path: "reveal", body: { datum: Number(datum) } };
  if (!place) return { key: "[data-number]", path: "reveal-number" };
  const [utterance, start] = place.split("-").map(Number);
  return { key: `[data-place="${place}"]`, path: "reveal", body: { utterance, start } };
}

const same = (key) => document.querySelectorAll(`.masked${key}`);

function write(button, value) {
  const words = button.querySelector(".masked__text");
  button.dataset.mask ??= words.textContent;
  words.textContent = value ?? button.dataset.mask;
  button.setAttribute("aria-pressed", String(value !== null));
}

async function toggle(button) {
  const { key, path, body } = asked(button.dataset);
  if (button.getAttribute("aria-pressed") === "true") {
    shown.delete(key);
    for (const one of same(key)) write(one, null);
    return;
  }
  try {
    const answer = await post(`${page.url}/${path}`, body);
    shown.set(key, answer.value);
    for (const one of same(key)) write(one, answer.value);
  } catch (error) {
    showProblem(error instanceof Refused ? error : null);
  }
}

/** Cards that the server drew anew come masked; what one had opened stays open. */
export function showAgain() {
  for (const [key, value] of shown) for (const button of same(key)) write(button, value);
}

/** R: what the current finding is about, else what its quotation or the turn that is heard hides. */
export function toggleNearest() {
  const spot = document.querySelector(`.spot[data-deduction="${current()?.dataset.deduction}"]`);
  const button = [spot, current(), currentTurn()].map((place) => place?.querySelector("button.masked")).find(Boolean);
  if (button) toggle(button);
  else remark(say("nothing_masked"));
}

export function startMasks() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.masked");
    if (button) toggle(button);
  });
}
