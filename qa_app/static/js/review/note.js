// Words to the agent: kept on this machine with each stroke, on the server a moment later.
import { post, Refused } from "../request.js";
import { kept, say } from "./page.js";
import { showProblem } from "./problem.js";

const CALM_MS = 800;
const AGAIN_MS = 5000;

const field = document.getElementById("note");
const status = document.getElementById("saved");
let timer = null;
let saved = field?.value;

async function save() {
  clearTimeout(timer);
  timer = null;
  const words = field.value;
  if (words === saved) return true;
  try {
    const answer = await post(field.dataset.url, { note: words });
    saved = words;
    if (field.value === words) kept.remove("note");
    status.textContent = answer.message;
    return true;
  } catch (error) {
    if (error instanceof Refused) showProblem(error);
    else {
      status.textContent = say("noted");
      timer = setTimeout(save, AGAIN_MS);
    }
    return false;
  }
}

/** True when nothing is left to save. */
export const saveNow = () => (field ? save() : Promise.resolve(true));
export const focusNote = () => field?.focus();

export function startNote() {
  if (!field) return;
  const draft = kept.get("note");
  if (draft !== null && draft !== field.value) {
    field.value = draft;
    save();
  }
  field.addEventListener("input", () => {
    kept.set("note", field.value);
    clearTimeout(timer);
    timer = setTimeout(save, CALM_MS);
  });
  field.addEventListener("blur", save);
}
