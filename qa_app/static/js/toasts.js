// Toasts: what just happened, and how to take it back. They leave by themselves, except while one
// points at them or has the focus inside. An error that needs an act is a notice, never a toast.

const SHOWN_MS = 8000;

/** Show a sentence; `action` is { label, run } for the way back. */
export function toast(message, action) {
  const box = document.createElement("div");
  box.className = "toast";
  const words = document.createElement("span");
  words.textContent = message;
  box.append(words);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--sm";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      box.remove();
      action.run();
    });
    box.append(button);
  }
  document.querySelector("[data-toasts]").append(box);
  leaveLater(box);
  return box;
}

function leaveLater(box) {
  const leave = () => {
    if (box.matches(":hover, :focus-within")) setTimeout(leave, SHOWN_MS / 4);
    else box.remove();
  };
  setTimeout(leave, SHOWN_MS);
}

export function startToasts() {
  document.querySelectorAll(".toast").forEach(leaveLater);
}
