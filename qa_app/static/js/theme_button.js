// The button that changes between light and dark, and tells the server what was chosen.
import { post } from "./request.js";

export function startThemeButton() {
  const root = document.documentElement;
  for (const button of document.querySelectorAll("[data-toggle-theme]")) {
    button.addEventListener("click", () => {
      const theme = root.dataset.theme === "dark" ? "light" : "dark";
      root.dataset.themeChoice = theme;
      root.dataset.theme = theme;
      // A choice that could not be kept still holds for this page
      post(button.dataset.toggleTheme, { theme }).catch(() => {});
    });
  }
}
