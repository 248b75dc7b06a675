// The transcript: follows the sound, a word pressed is heard, words are found.
import { page, say } from "./page.js";
import { now, onTime, play, playFrom, seek } from "./player.js";

const box = document.querySelector("#transcript .review__scroll");
const turns = [...document.querySelectorAll(".turn")].map((element) => ({
  element,
  start: Number(element.dataset.start),
  end: Number(element.dataset.end),
}));
const words = [...document.querySelectorAll(".word")].map((element) => ({ element, start: Number(element.dataset.s) }));
words.sort((one, other) => one.start - other.start);
const follow = document.getElementById("follow");
// Once a word has been said it is no longer the one being said
const LONGEST_WORD_S = 0.8;

let turn = null;
let word = null;

/** The last of a sorted list that began by now. */
function lastBegun(list, at) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].start <= at + 0.02) low = middle + 1;
    else high = middle;
  }
  return low ? list[low - 1] : null;
}

function mark(old, fresh) {
  if (old === fresh) return fresh;
  old?.element.removeAttribute("aria-current");
  fresh?.element.setAttribute("aria-current", "true");
  return fresh;
}

function showTime(at) {
  const begun = lastBegun(words, at);
  word = mark(word, begun && at - begun.start < LONGEST_WORD_S ? begun : null);
  const before = turn;
  turn = mark(turn, lastBegun(turns, at));
  if (turn && turn !== before && follow.checked) centre(turn.element);
}

function centre(element) {
  const away = element.getBoundingClientRect().top - box.getBoundingClientRect().top;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  box.scrollTo({
    top: box.scrollTop + away - (box.clientHeight - element.clientHeight) / 2,
    behavior: calm || Math.abs(away) > 2 * box.clientHeight ? "auto" : "smooth",
  });
}

export const currentTurn = () => turn?.element ?? null;

/** Go to the next turn, or back to the previous one. */
export function stepTurn(by) {
  const at = turn ? turns.indexOf(turn) : -1;
  const next = turns[Math.min(turns.length - 1, Math.max(0, at + by))];
  if (next) seek(next.start);
}

/** Marks in the text take the state of their findings. */
export function showStatuses(statuses) {
  for (const element of document.querySelectorAll("#turns [data-deduction]")) {
    const status = statuses[element.dataset.deduction];
    if (status) element.dataset.status = status;
  }
}

function startFinding() {
  const form = document.getElementById("find");
  const field = document.getElementById("in-call");
  const count = document.getElementById("found");
  const highlight = window.Highlight ? new Highlight() : null;
  if (highlight) CSS.highlights.set("found", highlight);
  let ranges = [];
  let at = -1;

  const look = () => {
    highlight?.clear();
    ranges = [];
    at = -1;
    const wanted = field.value.trim().toLowerCase();
    if (wanted) for (const one of turns) ranges.push(...rangesIn(one, wanted));
    for (const found of ranges) highlight?.add(found.range);
    count.textContent = wanted ? (ranges.length ? String(ranges.length) : say("none")) : "";
  };
  const next = (by) => {
    if (!ranges.length) return;
    at = (at + by + ranges.length) % ranges.length;
    const found = ranges[at];
    count.textContent = say("found", { n: at + 1, total: ranges.length });
    seek(found.start);
    centre(found.turn.element);
  };
  field.addEventListener("input", look);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    next(1);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.shiftKey || event.isComposing) return;
    event.preventDefault();
    next(-1);
  });
}

function rangesIn(turn, wanted) {
  const text = turn.element.querySelector(".turn__text");
  const nodes = [];
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  let whole = "";
  while (walker.nextNode()) {
    nodes.push({ node: walker.currentNode, from: whole.length });
    whole += walker.currentNode.data.toLowerCase();
  }
  const place = (offset, atEnd) => {
    const one = nodes.findLast(({ from }) => (atEnd ? from < offset : from <= offset));
    return [one.node, offset - one.from];
  };
  const found = [];
  for (let i = whole.indexOf(wanted); i >= 0; i = whole.indexOf(wanted, i + wanted.length)) {
    const range = new Range();
    range.setStart(...place(i, false));
    range.setEnd(...place(i + wanted.length, true));
    const said = range.startContainer.parentElement.closest(".word");
    found.push({ range, turn, start: said ? Number(said.dataset.s) : turn.start });
  }
  return found;
}

export function startTranscript() {
  onTime(showTime);
  document.getElementById("turns").addEventListener("click", (event) => {
    const time = event.target.closest("[data-play-from]");
    if (time) playFrom(Number(time.dataset.playFrom));
    const pressed = event.target.closest(".word");
    // Whoever is marking words with the mouse does not want to hear them
    if (pressed && getSelection().isCollapsed) {
      seek(Number(pressed.dataset.s));
      play();
    }
  });
  follow.addEventListener("change", () => { if (follow.checked && turn) centre(turn.element); });
  document.querySelector(".review__switch").addEventListener("tabchange", () => { if (turn) centre(turn.element); });
  startFinding();
  const asked = Number(page.root.dataset.at);
  if (asked > 0) seek(asked);
  else showTime(now());
}
