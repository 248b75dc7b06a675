// Keys. A page binds names to acts: bind({ "j": next, "ctrl+enter": submit }).
//
// A single key rests while one types, while an input method composes, while a dialog is open, and
// for people who switched single keys off (WCAG 2.1.4). Ctrl and Esc always work. ⌘ counts as Ctrl.

const acts = new Map();

/** Bind names of keys to functions that take the event; return a function that unbinds them. */
export function bind(bindings) {
  for (const [name, act] of Object.entries(bindings)) acts.set(name, act);
  return () => {
    for (const [name, act] of Object.entries(bindings)) if (acts.get(name) === act) acts.delete(name);
  };
}

/** True where a letter is text and not a command. */
export function isTyping(target) {
  if (!(target instanceof Element)) return false;
  const field = target.closest("input, textarea, select, [contenteditable]");
  return field !== null && !["checkbox", "radio", "button", "submit"].includes(field.type);
}

function nameOf(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("ctrl");
  if (event.altKey) parts.push("alt");
  if (event.shiftKey && event.key.length > 1) parts.push("shift");
  return [...parts, key].join("+");
}

function rests(name, event) {
  if (name.startsWith("ctrl+")) return false;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return true;
  // Enter and Space on a link or a button press it; the page's own meaning would press twice
  if (["Enter", " "].includes(event.key) && event.target.closest("a, button, summary, input, label")) return true;
  return event.key.length === 1 && event.key !== " " && document.documentElement.dataset.singleKeys === "off";
}

export function startKeys() {
  addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    const name = nameOf(event);
    if (name === "Escape" && isTyping(event.target) && !document.querySelector("dialog[open]")) {
      event.target.blur();
      return;
    }
    const act = acts.get(name);
    if (!act || rests(name, event)) return;
    event.preventDefault();
    act(event);
  });
}
