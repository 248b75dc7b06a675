// Buttons that do their work in the page: show a password, copy a secret.

export function startButtons() {
  document.addEventListener("click", (event) => {
    const eye = event.target.closest("[data-show-password]");
    if (eye) {
      const field = document.getElementById(eye.dataset.showPassword);
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      eye.setAttribute("aria-pressed", String(shown));
    }
    const copy = event.target.closest("[data-copy]");
    if (copy) takeAlong(document.getElementById(copy.dataset.copy), copy);
  });
}

async function takeAlong(source, button) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.querySelector("use").setAttribute("href", "#i-check");
  } catch {
    // Without TLS the browser keeps the clipboard closed: select it, so that Ctrl C works
    getSelection().selectAllChildren(source);
  }
}
