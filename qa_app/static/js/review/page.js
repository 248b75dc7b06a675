// What the server told this page: addresses, texts, and the revision that decisions are made on.
import { toast } from "../toasts.js";

const root = document.getElementById("review");

export const page = {
  root,
  url: root.dataset.url,
  duration: Number(root.dataset.duration),
  silences: JSON.parse(root.dataset.silences),
  deciding: root.dataset.deciding === "yes",
  correcting: root.dataset.correcting === "yes",
  revision: Number(root.dataset.revision),
  texts: JSON.parse(root.dataset.texts),
};

export const say = (name, values = {}) =>
  page.texts[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);

/** 98.83 is 01:38.8; without tenths 01:38. An hour and more begins with hours. */
export function clock(seconds, tenths = true) {
  const total = Math.max(0, Math.floor(seconds * 10 + 1e-6));
  const whole = Math.floor(total / 10);
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = two(Math.floor(whole / 60) % 60);
  return `${hours ? `${hours}:` : ""}${minutes}:${two(whole % 60)}${tenths ? `.${total % 10}` : ""}`;
}

/** The seconds of 01:38.5, 98.5 or 1:02:03; NaN for anything else. */
export function seconds(text) {
  const parts = text.trim().replaceAll("：", ":").split(":");
  if (parts.length > 3 || parts.some((part) => !/^\d+(\.\d+)?$/.test(part))) return NaN;
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** Keep what was written on this machine too, so that a broken connection loses nothing. */
export const kept = {
  key: (name) => `tingzheng:${root.dataset.user}:${root.dataset.call}:${name}`,
  get(name) {
    try { return localStorage.getItem(this.key(name)); } catch { return null; }
  },
  set(name, text) {
    try { localStorage.setItem(this.key(name), text); } catch { /* a private window keeps nothing */ }
  },
  remove(name) {
    try { localStorage.removeItem(this.key(name)); } catch { /* a private window kept nothing */ }
  },
};

let last = null;

/** Say what just happened; decisions come fast, so only the newest stays in sight. */
export function tell(message, action) {
  last?.remove();
  last = toast(message, action);
}

/** A word in the corner of the page: saved, found, nothing to do. */
export function remark(message) {
  document.getElementById("saved").textContent = message;
}
