// Work that is going on elsewhere: while [data-busy] stands on the page, it is asked for again
// every two seconds and each element with [data-live] and an id is replaced if it changed.
// Ticked rows, the focus and an open dialog stay as they are.

const EVERY_MS = 2000;
const SLOWEST_MS = 30000;

let wait = EVERY_MS;
const known = new Map();

const live = (root) => root.querySelectorAll("[data-live][id]");
for (const element of live(document)) known.set(element.id, element.outerHTML);

/** Fetch this page again and take over what changed. */
export async function refresh() {
  const answer = await fetch(location.href, { credentials: "same-origin", headers: { "X-Background": "1" } });
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  addNewRows(fresh);
  for (const element of live(fresh)) {
    const old = document.getElementById(element.id);
    if (!old || known.get(element.id) === element.outerHTML) continue;
    known.set(element.id, element.outerHTML);
    if (old.contains(document.activeElement) && document.activeElement !== document.body) keepFocus(old, element);
    else old.replaceWith(document.adoptNode(element));
  }
}

/** Rows that came in since the page was opened stand where the server puts them. */
function addNewRows(fresh) {
  const rows = document.querySelector("[data-live-rows]");
  const freshRows = fresh.querySelector("[data-live-rows]");
  if (!rows || !freshRows) return;
  [...freshRows.children].forEach((row, index) => {
    if (document.getElementById(row.id)) return;
    known.set(row.id, row.outerHTML);
    rows.insertBefore(document.importNode(row, true), rows.children[index] ?? null);
  });
}

function keepFocus(old, element) {
  const index = [...old.querySelectorAll("a, button, input")].indexOf(document.activeElement);
  const ticked = [...old.querySelectorAll("input:checked")].map((box) => box.value);
  const taken = document.adoptNode(element);
  old.replaceWith(taken);
  for (const box of taken.querySelectorAll("input[type=checkbox]")) box.checked = ticked.includes(box.value);
  taken.querySelectorAll("a, button, input")[index]?.focus();
}

async function ask() {
  const resting = document.hidden || document.querySelector("dialog[open], [data-live-rows] input:checked");
  if (!resting && document.querySelector("[data-busy]")) {
    try {
      await refresh();
      wait = EVERY_MS;
    } catch {
      // The server rests or is being restarted: ask less and less often, never give up
      wait = Math.min(wait * 2, SLOWEST_MS);
    }
  }
  setTimeout(ask, wait);
}

setTimeout(ask, wait);
addEventListener("uploads:over", () => refresh().catch(() => {}));
