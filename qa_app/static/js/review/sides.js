// Who is who: the agent's voice is named, a turn is put on the other side, both sides are swapped.
// Each is followed by the page with the new score.
import { change } from "./decisions.js";
import { saveNow } from "./note.js";
import { page, remark, say } from "./page.js";
import { playStretch } from "./player.js";
import { currentTurn } from "./transcript.js";

const dialog = document.getElementById("rescoring");
const panel = document.getElementById("voices");
const swap = document.getElementById("swap");
let act = null;

/** The machine's proposals are made anew: it asks only when somebody has decided on one. */
function ask(next) {
  act = next;
  if (document.querySelector(".finding:not([data-status=pending]):not([data-added])")) dialog.showModal();
  else act();
}

async function send(name, body) {
  if (!(await saveNow())) return;
  const answer = await change(`${page.url}/${name}`, body);
  if (answer) location.assign(answer.next);
}

const button = (act, voice) => panel?.querySelector(`[data-do=${act}][data-voice="${voice}"]`);

/** Hear a sample of a voice. */
export function hear(voice) {
  const sample = button("hear-voice", voice);
  if (sample) playStretch(Number(sample.dataset.from), Number(sample.dataset.to));
}

/** Say that a voice is the agent's. To confirm what the machine took it for changes nothing else. */
export function assign(voice) {
  if (!button("assign-voice", voice)) return;
  const confirms = button("hear-voice", voice)?.dataset.channel === "agent";
  const tell = () => send("voice", { voice });
  if (confirms) tell();
  else ask(tell);
}

/** Put a turn on the other side: the one that is heard, unless another is meant. */
export function move(turn = currentTurn()) {
  const mover = turn?.querySelector("[data-do=move]");
  if (!mover) remark(say("nothing_to_move"));
  else ask(() => send("utterance", { utterance: Number(mover.dataset.utterance), voice: Number(mover.dataset.voice) }));
}

export function startSides() {
  panel?.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-do]");
    if (pressed?.dataset.do === "hear-voice") hear(Number(pressed.dataset.voice));
    if (pressed?.dataset.do === "assign-voice") assign(Number(pressed.dataset.voice));
  });
  document.getElementById("turns").addEventListener("click", (event) => {
    if (event.target.closest("[data-do=move]")) move(event.target.closest(".turn"));
  });
  swap?.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(async () => { if (await saveNow()) swap.submit(); });
  });
  dialog.querySelector("[data-sure]").addEventListener("click", () => {
    dialog.close();
    act();
  });
}
