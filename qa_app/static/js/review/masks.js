// Masked numbers: shown one at a time, asked of the server, which writes it down.
import { post, Refused } from "../request.js";
import { current } from "./findings.js";
import { page, remark, say } from "./page.js";
import { showProblem } from "./problem.js";
import { currentTurn } from "./transcript.js";

const shown = new Map();

const same = (datum) => document.querySelectorAll(`.masked[data-datum="${datum}"]`);

function write(button, value) {
  const words = button.querySelector(".masked__text");
  button.dataset.mask ??= words.textContent;
  words.textContent = value ?? button.dataset.mask;
  button.setAttribute("aria-pressed", String(value !== null));
}

async function toggle(button) {
  const { datum } = button.dataset;
  const alike = datum ? same(datum) : [button];
  if (button.getAttribute("aria-pressed") === "true") {
    shown.delete(datum);
    for (const one of alike) write(one, null);
    return;
  }
  try {
    const answer = datum
      ? await post(`${page.url}/reveal`, { datum: Number(datum) })
      : await post(`${page.url}/reveal-number`);
    if (datum) shown.set(datum, answer.value);
    for (const one of alike) write(one, answer.value);
  } catch (error) {
    showProblem(error instanceof Refused ? error : null);
  }
}

/** Cards that the server drew anew come masked; what one had opened stays open. */
export function showAgain() {
  for (const [datum, value] of shown) for (const button of same(datum)) write(button, value);
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
