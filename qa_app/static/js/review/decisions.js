// Decisions: asked of the server, shown as it answers, taken back on wish.
import { post, Refused } from "../request.js";
import { isTyping } from "../keys.js";
import { cardOf, choose, current, firstPending, listen, nextPending, replaceCards } from "./findings.js";
import { hideProblem, showProblem } from "./problem.js";
import { page, remark, say, tell } from "./page.js";
import { showAgain } from "./masks.js";
import { showStatuses } from "./transcript.js";

const done = [];
let busy = false;

/** One change at a time: the next decision rests on the revision that this one gives. */
export async function change(url, body) {
  if (busy) return null;
  busy = true;
  try {
    const answer = await post(url, { ...body, revision: page.revision });
    hideProblem();
    return answer;
  } catch (error) {
    showProblem(error instanceof Refused ? error : null);
    return null;
  } finally {
    busy = false;
  }
}

export function take(answer) {
  page.revision = answer.revision;
  remark("");
  document.getElementById("regions").innerHTML = answer.regions;
  document.getElementById("sum").innerHTML = answer.sum;
  replaceCards(answer.findings);
  showStatuses(answer.statuses);
  showAgain();
  for (const one of document.querySelectorAll("[data-pending]")) one.textContent = String(answer.pending);
  for (const one of document.querySelectorAll("[data-count]")) one.textContent = String(Object.keys(answer.statuses).length);
  for (const one of document.querySelectorAll("[data-score]")) one.textContent = answer.score;
  document.querySelector("[data-do=submit]").classList.toggle("btn--primary", answer.pending === 0);
}

async function decide(card, status, reason = "") {
  const id = card.dataset.deduction;
  const answer = await change(`${page.url}/deductions/${id}`, { status, reason });
  if (!answer) return null;
  take(answer);
  return answer;
}

async function decideAndGoOn(card, status, reason) {
  const id = card.dataset.deduction;
  const answer = await decide(card, status, reason);
  if (!answer) return;
  done.push(id);
  tell(answer.message, { label: say("undo"), run: () => undo(id) });
  const next = nextPending(id);
  if (next) {
    choose(next);
    listen(next);
  } else {
    remark(say("alldecided"));
  }
}

export function confirm(card = current()) {
  if (card?.dataset.status === "pending") decideAndGoOn(card, "confirmed");
}

/** Take back a given decision, or the last one of this visit, or the current one. */
export async function undo(id = null) {
  const known = (one) => one && cardOf(one) && cardOf(one).dataset.status !== "pending";
  let wanted = id;
  while (!wanted && done.length) {
    const last = done.pop();
    if (known(last)) wanted = last;
  }
  wanted ??= known(current()?.dataset.deduction) ? current().dataset.deduction : null;
  if (!known(wanted)) {
    remark(say("nothing_to_undo"));
    return;
  }
  const answer = await decide(cardOf(wanted), "machine");
  if (!answer) return;
  const at = done.indexOf(wanted);
  if (at >= 0) done.splice(at, 1);
  tell(answer.message);
  choose(cardOf(wanted) ?? firstPending());
}

export const remember = (id) => done.push(id);

/* ------------------------------------------------------------- dismissing */

const dialog = document.getElementById("dismissal");
let dismissed = null;

export function dismiss(card = current()) {
  if (card?.dataset.status !== "pending") return;
  dismissed = card.dataset.deduction;
  for (const reasons of dialog.querySelectorAll("[data-kind-of]")) {
    reasons.hidden = reasons.dataset.kindOf !== card.dataset.kind;
  }
  document.getElementById("dismiss-reason").value = "";
  document.getElementById("dismiss-error").hidden = true;
  dialog.showModal();
  dialog.querySelector(".reasons:not([hidden]) button").focus();
}

function sayWhy(reason) {
  dialog.close();
  const card = cardOf(dismissed);
  if (card) decideAndGoOn(card, "dismissed", reason);
}

function startDialog() {
  const words = document.getElementById("dismiss-reason");
  const error = document.getElementById("dismiss-error");
  const submit = (event) => {
    event.preventDefault();
    const reason = words.value.trim();
    error.hidden = [...reason].length >= 6;
    words.toggleAttribute("aria-invalid", !error.hidden);
    if (error.hidden) sayWhy(reason);
    else words.focus();
  };
  document.getElementById("dismissal-form").addEventListener("submit", submit);
  dialog.addEventListener("click", (event) => {
    const quick = event.target.closest("[data-reason]");
    if (quick) sayWhy(quick.dataset.reason);
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const quick = dialog.querySelectorAll(".reasons:not([hidden]) [data-reason]")[Number(event.key) - 1];
    if (event.key === "0" || quick) event.preventDefault();
    if (event.key === "0") words.focus();
    else if (quick) sayWhy(quick.dataset.reason);
  });
}

/* ------------------------------------------------------------- submitting */

export async function submit() {
  const waiting = firstPending();
  if (waiting) {
    const count = document.querySelectorAll(".finding[data-status=pending]").length;
    tell(say("pending", { n: count }));
    choose(waiting);
    listen(waiting);
    return;
  }
  const answer = await change(document.querySelector("[data-do=submit]").dataset.url, {});
  if (!answer) return;
  // The next review page says so and offers to take it back
  if (answer.withdraw) sessionStorage.setItem("tingzheng:submitted", JSON.stringify(answer));
  location.assign(answer.next);
}

export function startDecisions() {
  document.getElementById("cards").addEventListener("click", (event) => {
    const act = event.target.closest("[data-do]")?.dataset.do;
    const card = event.target.closest(".finding");
    if (act === "confirm") confirm(card);
    if (act === "dismiss") dismiss(card);
    if (act === "undo") undo(card.dataset.deduction);
  });
  document.querySelector("[data-do=submit]").addEventListener("click", submit);
  startDialog();
}
