// The waveform: the played part, the head, flags that do not cover each other, a stretch drawn by hand.
import { clock, page } from "./page.js";
import { onTime, seek } from "./player.js";

const LANE_POINTS = 800;
const GLYPH_ONLY = 18;
const GAP = 3;
const DRAG_PX = 6;

const plot = document.getElementById("wave");
const selection = document.getElementById("selection");
const clockFace = document.querySelector("[data-clock]");
let drawn = null;

/** The stretch that was drawn on the waveform, or null. */
export const drawnStretch = () => drawn;

export function showStretch(stretch) {
  drawn = stretch;
  const percent = (at) => (100 * at) / page.duration;
  selection.setAttribute("x", `${stretch ? percent(stretch.from) : 0}%`);
  selection.setAttribute("width", stretch ? `${percent(stretch.to - stretch.from)}%` : "0");
}

function showTime(at) {
  const share = page.duration ? Math.min(1, at / page.duration) : 0;
  plot.querySelector("#played rect").setAttribute("width", String(share * LANE_POINTS));
  const head = plot.querySelector(".wave__head");
  head.setAttribute("x1", `${share * 100}%`);
  head.setAttribute("x2", `${share * 100}%`);
  plot.querySelector(".wave__grip").setAttribute("cx", `${share * 100}%`);
  clockFace.textContent = clock(at);
}

/** Flags lie side by side: one that finds no room shows its glyph alone, or waits to be current. */
export function layOutFlags() {
  const width = plot.getBoundingClientRect().width;
  const narrow = getComputedStyle(plot.querySelector(".region__text") ?? plot).display === "none";
  const regions = [...plot.querySelectorAll(".region")].map((region) => {
    const tag = region.querySelector(".region__tag");
    const x = (parseFloat(region.querySelector(".region__area").getAttribute("x")) / 100) * width;
    return { region, tag, x, full: narrow ? GLYPH_ONLY : Number(tag.dataset.width) };
  });
  regions.sort((one, other) => one.x - other.x);
  // The current flag is always whole; the others take what room it leaves
  const current = regions.find((one) => one.region.getAttribute("aria-current") === "true");
  const taken = current ? [place(current, current.full, width)] : [];
  for (const one of regions) {
    if (one === current) continue;
    const room = [one.full, GLYPH_ONLY].find((size) => free(at(one, size, width), size, taken));
    one.tag.toggleAttribute("data-out", room === undefined);
    if (room !== undefined) taken.push(place(one, room, width));
  }
  current?.tag.removeAttribute("data-out");
}

const at = (one, size, width) => Math.min(one.x, width - size);
const free = (left, size, taken) => taken.every(([from, to]) => left + size + GAP <= from || left >= to + GAP);

function place(one, size, width) {
  const left = at(one, size, width);
  one.tag.setAttribute("transform", `translate(${left - one.x} 0)`);
  one.tag.toggleAttribute("data-glyph", size === GLYPH_ONLY);
  one.tag.querySelector(".region__flag").setAttribute("width", String(size));
  return [left, left + size];
}

function secondsAt(event) {
  const box = plot.getBoundingClientRect();
  const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  return share * page.duration;
}

function startDrawing() {
  let start = null;
  plot.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    start = { x: event.clientX, at: secondsAt(event), drawing: false };
  });
  addEventListener("pointermove", (event) => {
    if (!start) return;
    if (!start.drawing && Math.abs(event.clientX - start.x) < DRAG_PX) return;
    start.drawing = true;
    const here = secondsAt(event);
    showStretch({ from: Math.min(start.at, here), to: Math.max(start.at, here) });
    plot.dispatchEvent(new CustomEvent("stretch", { bubbles: true }));
  });
  addEventListener("pointerup", (event) => {
    if (!start) return;
    const { drawing, at: from } = start;
    start = null;
    if (drawing) {
      // What ends on a region is no press of it
      addEventListener("click", (click) => { click.preventDefault(); click.stopPropagation(); }, { capture: true, once: true });
      setTimeout(() => dispatchEvent(new Event("stretch:over")), 0);
    } else if (!event.target.closest(".region")) {
      showStretch(null);
      seek(from);
    }
  });
  // A region is a link; dragging it away would draw nothing
  plot.addEventListener("dragstart", (event) => event.preventDefault());
}

export function startWave() {
  onTime(showTime);
  startDrawing();
  new ResizeObserver(layOutFlags).observe(plot);
  layOutFlags();
}
