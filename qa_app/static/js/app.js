// What every page has: navigation, dialogs, tabs, toasts, keys, the theme button.
import { startButtons } from "./buttons.js";
import { startDialogs } from "./dialogs.js";
import { bind, startKeys } from "./keys.js";
import { startNavigation } from "./nav.js";
import { startSubmitOnce } from "./forms.js";
import { startTabs } from "./tabs.js";
import { startThemeButton } from "./theme_button.js";
import { startToasts } from "./toasts.js";

startNavigation();
startButtons();
startDialogs();
startTabs();
startToasts();
startThemeButton();
startSubmitOnce();
startKeys();

bind({
  "?": () => document.getElementById("keys")?.showModal(),
  "/": () => document.querySelector(".search__input")?.focus(),
});
