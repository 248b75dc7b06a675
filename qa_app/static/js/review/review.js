// The review page: everything can be done by keys, and every key has a button.
import { bind } from "../keys.js";
import { post, Refused } from "../request.js";
import { open as openAddition, startAddition } from "./addition.js";
import { confirm, dismiss, startDecisions, submit, undo } from "./decisions.js";
import { current, listen, startFindings, step } from "./findings.js";
import { startMasks, toggleNearest } from "./masks.js";
import { focusNote, saveNow, startNote } from "./note.js";
import { page, say, tell } from "./page.js";
import { faster, isLooping, nudge, seek, startPlayer, toggle, toggleLoop, toggleSkip } from "./player.js";
import { showProblem } from "./problem.js";
import { assign, hear, move, startSides } from "./sides.js";
import { startSound, toggleRaw } from "./sound.js";
import { startTranscript, stepTurn } from "./transcript.js";
import { startWave } from "./wave.js";

const showTab = (name) => {
  const tab = document.getElementById(`tab-${name}`);
  if (tab.offsetParent) tab.click();
};

const loop = () => toggleLoop(Number(current()?.dataset.from ?? NaN), Number(current()?.dataset.to ?? NaN));

async function nextCall() {
  const link = document.getElementById("next");
  if (link && (await saveNow())) location.assign(link.href);
}

async function submitAll() {
  if (await saveNow()) submit();
}

const showRefusal = (error) => showProblem(error instanceof Refused ? error : null);

startPlayer();
startSound(showRefusal);
startWave();
startTranscript();
startFindings();
startMasks();
document.querySelector("[data-do=loop]").addEventListener("click", loop);

// A search result leads to its words
const at = Number(new URLSearchParams(location.search).get("at"));
if (at > 0) seek(at);

bind({
  " ": toggle,
  ArrowLeft: () => nudge(-3),
  ArrowRight: () => nudge(3),
  ArrowUp: () => stepTurn(-1),
  ArrowDown: () => stepTurn(1),
  "[": () => faster(-1),
  "]": () => faster(1),
  j: () => { showTab("findings"); step(1); if (isLooping()) listen(); },
  k: () => { showTab("findings"); step(-1); if (isLooping()) listen(); },
  l: loop,
  s: toggleSkip,
  r: toggleNearest,
  o: () => toggleRaw().catch(showRefusal),
  n: nextCall,
  Enter: () => listen(),
});

if (page.deciding) {
  startDecisions();
  startAddition();
  startNote();
  document.querySelector("[data-do=submit]").addEventListener("click", (event) => {
    event.stopImmediatePropagation();
    submitAll();
  }, { capture: true });
  bind({
    y: () => confirm(),
    x: () => dismiss(),
    a: () => { showTab("findings"); openAddition(); },
    z: () => undo(),
    m: () => { showTab("scorecard"); focusNote(); },
    "ctrl+Enter": () => { if (!document.querySelector("dialog[open]")) submitAll(); },
  });
}

if (page.correcting) {
  startSides();
  bind({
    1: () => hear(0),
    2: () => hear(1),
    3: () => assign(0),
    4: () => assign(1),
    v: () => move(),
  });
}

// What was submitted on the page before this one can be taken back from here
const before = sessionStorage.getItem("tingzheng:submitted");
if (before) {
  sessionStorage.removeItem("tingzheng:submitted");
  const { message, withdraw } = JSON.parse(before);
  tell(message, {
    label: say("withdraw"),
    run: async () => {
      await post(withdraw).catch(() => {});
      location.assign(withdraw.replace(/\/withdraw$/, ""));
    },
  });
}
