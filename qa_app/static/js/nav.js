// The navigation drawer of narrow windows.

export function startNavigation() {
  const nav = document.getElementById("nav");
  const button = document.querySelector("[data-toggle-nav]");
  if (!nav || !button) return;

  const show = (open) => {
    nav.toggleAttribute("data-open", open);
    button.setAttribute("aria-expanded", String(open));
    if (open) nav.querySelector("a")?.focus();
  };
  button.addEventListener("click", () => show(!nav.hasAttribute("data-open")));
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".nav, [data-toggle-nav]")) show(false);
  });
  nav.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !nav.hasAttribute("data-open")) return;
    show(false);
    button.focus();
  });
}
