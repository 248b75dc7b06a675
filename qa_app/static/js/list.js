// A work list by keyboard: J and K move, Enter opens, X ticks, Esc unticks all; U goes to upload.
import { bind } from "./keys.js";
import "./poll.js";
import "./upload.js";

const table = document.querySelector("[data-list]");
const rows = () => [...table.querySelectorAll("tbody tr")];
const current = () => table.querySelector("tbody tr[aria-current=true]");

function go(step) {
  const all = rows();
  if (all.length === 0) return;
  const at = all.indexOf(current());
  const to = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
  current()?.removeAttribute("aria-current");
  all[to].setAttribute("aria-current", "true");
  all[to].querySelector("a")?.focus({ preventScroll: true });
  all[to].scrollIntoView({ block: "nearest" });
}

function open() {
  const link = (current() ?? rows()[0])?.querySelector(".table__link");
  const start = document.querySelector("[data-primary]");
  if (current() && link) location.href = link.href;
  else if (start) location.href = start.href;
}

function showBatch() {
  const batch = document.querySelector("[data-batch]");
  if (!batch) return;
  const boxes = [...table.querySelectorAll("tbody .check")];
  const ticked = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr").toggleAttribute("data-ticked", box.checked);
  for (const row of rows()) {
    if (row.hasAttribute("data-ticked")) row.setAttribute("aria-selected", "true");
    else row.removeAttribute("aria-selected");
  }
  batch.hidden = ticked.length === 0;
  batch.querySelector("[data-count]").textContent = batch.dataset.words.replace("{n}", ticked.length);
  const all = table.querySelector("[data-tick-all]");
  all.checked = ticked.length > 0 && ticked.length === boxes.length;
  all.indeterminate = ticked.length > 0 && ticked.length < boxes.length;
}

function tickAll(on) {
  for (const box of table.querySelectorAll("tbody .check")) box.checked = on;
  showBatch();
}

if (table) {
  table.addEventListener("change", (event) => {
    if (event.target.matches("[data-tick-all]")) tickAll(event.target.checked);
    else showBatch();
  });
  document.querySelector("[data-untick]")?.addEventListener("click", () => tickAll(false));
  showBatch();
  bind({
    j: () => go(1),
    k: () => go(-1),
    x: () => current()?.querySelector(".check")?.click(),
    Enter: open,
    Escape: () => tickAll(false),
  });
}

// On a narrow window the tabs scroll; the current one must be in sight
document.querySelector(".tabs [aria-current=page]")?.scrollIntoView({ block: "nearest", inline: "center" });

bind({
  u: () => {
    const upload = document.querySelector("[data-upload-link]");
    if (upload) location.href = upload.href;
  },
});
