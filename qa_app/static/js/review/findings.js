// The list of findings: one is current; the same one is current on the waveform.
import { playStretch } from "./player.js";
import { layOutFlags } from "./wave.js";

const list = document.getElementById("cards");
const box = list.closest(".review__scroll");
let currentId = null;
// The one that is chosen when the page opens has not been heard: the first J or K plays it
let unheard = false;

const cards = () => [...list.querySelectorAll(".finding")];
const cardOf = (id) => cards().find((card) => card.dataset.deduction === id) ?? null;

export const current = () => cardOf(currentId);
export const firstPending = () => cards().find((card) => card.dataset.status === "pending") ?? null;

/** Make a card the current one, in sight, and mark its region. */
export function choose(card, { scroll = true } = {}) {
  currentId = card?.dataset.deduction ?? null;
  for (const one of cards()) one.toggleAttribute("aria-current", false);
  card?.setAttribute("aria-current", "true");
  for (const region of document.querySelectorAll(".region")) {
    if (region.dataset.deduction === currentId) region.setAttribute("aria-current", "true");
    else region.removeAttribute("aria-current");
  }
  layOutFlags();
  if (!card || !scroll) return;
  const away = card.getBoundingClientRect().top - box.getBoundingClientRect().top;
  if (away < 0 || away + card.clientHeight > box.clientHeight) box.scrollTop += away - 48;
}

export function listen(card = current()) {
  unheard = false;
  if (card) playStretch(Number(card.dataset.from), Number(card.dataset.to));
}

/** J and K: the next or previous finding, heard at once. */
export function step(by) {
  const all = cards();
  if (!all.length) return;
  if (unheard) {
    listen();
    return;
  }
  const at = all.findIndex((card) => card.dataset.deduction === currentId);
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by));
  choose(all[next]);
  listen(all[next]);
}

/** After a decision: the next one that waits, looking on from here and then from the top. */
export function nextPending(fromId) {
  const all = cards();
  const at = all.findIndex((card) => card.dataset.deduction === fromId);
  const order = [...all.slice(at + 1), ...all.slice(0, at + 1)];
  return order.find((card) => card.dataset.status === "pending") ?? null;
}

/** Put the server's cards in place; the focus stays on the same kind of button. */
export function replaceCards(html) {
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  list.innerHTML = html;
  const card = current();
  choose(card, { scroll: false });
  if (focused && !document.contains(focused)) (card ?? box).querySelector("button")?.focus({ preventScroll: true });
}

export function startFindings() {
  list.addEventListener("click", (event) => {
    const card = event.target.closest(".finding");
    if (card && !event.target.closest(".masked")) choose(card, { scroll: false });
    if (event.target.closest("[data-do=listen]")) listen(card);
  });
  document.getElementById("regions").addEventListener("click", (event) => {
    const region = event.target.closest(".region");
    if (!region) return;
    event.preventDefault();
    const card = cardOf(region.dataset.deduction);
    choose(card);
    listen(card);
  });
  document.getElementById("turns").addEventListener("click", (event) => {
    const spot = event.target.closest("[data-deduction]");
    if (spot) choose(cardOf(spot.dataset.deduction));
  });
  choose(firstPending() ?? cards()[0] ?? null);
  unheard = current() !== null;
}

export { cardOf };
