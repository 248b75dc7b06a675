// A deduction that the inspector adds: clause, stretch of the call, reason.
import { change, remember, take, undo } from "./decisions.js";
import { cardOf, choose } from "./findings.js";
import { clock, page, say, seconds, tell } from "./page.js";
import { now, playStretch } from "./player.js";
import { drawnStretch, showStretch } from "./wave.js";

// What one has just heard and wants to note is about this long
const USUAL_S = 4;

const form = document.getElementById("addition");
const error = document.getElementById("add-error");

function stretch() {
  return { from: seconds(form.elements.start.value), to: seconds(form.elements.end.value) };
}

function write({ from, to }) {
  form.elements.start.value = clock(from);
  form.elements.end.value = clock(to);
}

export function open() {
  if (form.hidden) {
    const at = now();
    write(drawnStretch() ?? { from: Math.max(0, at - USUAL_S), to: Math.max(at, Math.min(1, page.duration)) });
    showStretch(stretch());
  }
  form.hidden = false;
  form.closest(".review__scroll").scrollTop = 0;
  form.elements.criterion.focus();
}

function close() {
  form.hidden = true;
  error.hidden = true;
  form.reset();
  showStretch(null);
  document.activeElement?.blur();
}

function refuse(sentence, field) {
  error.querySelector("span").textContent = sentence;
  error.hidden = false;
  field?.focus();
}

async function send() {
  const { from, to } = stretch();
  if (!(from < to)) {
    refuse(say("times"), form.elements.start);
    return;
  }
  if (!form.reportValidity()) return;
  const answer = await change(`${page.url}/deductions`, {
    criterion: form.elements.criterion.value,
    start_s: from,
    end_s: to,
    reason: form.elements.reason.value,
  });
  if (!answer) return;
  take(answer);
  close();
  remember(answer.added);
  choose(cardOf(answer.added));
  tell(answer.message, { label: say("undo"), run: () => undo(answer.added) });
}

export function startAddition() {
  document.querySelector("[data-do=add]").addEventListener("click", open);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  form.addEventListener("click", (event) => {
    const act = event.target.closest("[data-do]")?.dataset.do;
    if (act === "cancel-add") close();
    if (act === "listen-range") playStretch(stretch().from, stretch().to);
  });
  form.addEventListener("input", () => {
    const { from, to } = stretch();
    if (from < to && to <= page.duration + 1) showStretch({ from, to });
  });
  form.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (!sends && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (sends) send();
    else close();
  });
  // Drawing on the waveform fills in the times; drawing first opens the form with them
  document.addEventListener("stretch", () => { if (!form.hidden) write(drawnStretch()); });
  addEventListener("stretch:over", () => {
    if (form.hidden) open();
    else write(drawnStretch());
  });
}
