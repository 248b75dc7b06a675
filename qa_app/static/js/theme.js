// The theme, before the first paint: a classic script in <head>, so the page never flashes.
// The server knows a signed-in person's choice; "auto" asks the system and follows its changes.
"use strict";

(function chooseTheme() {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const choice = root.dataset.themeChoice;
    root.dataset.theme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
  };
  show();
  dark.addEventListener("change", show);
})();
