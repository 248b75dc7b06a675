// Recordings dropped or chosen: sent a few at a time, each with its own progress, its own sentence
// when it was refused, and a way to try again without choosing it a second time.
import { csrfToken } from "./request.js";

const AT_ONCE = 2;

const dock = document.querySelector("[data-uploads]");
if (dock) start();

function start() {
  const words = JSON.parse(dock.dataset.texts);
  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const list = dock.querySelector(".uploads");
  const model = document.getElementById("upload-row");
  const chooser = document.querySelector("[data-upload-input]");
  const metadata = document.querySelector("form[data-upload-metadata]");
  const uploads = [];

  function add(files) {
    if (metadata && !metadata.reportValidity()) return;
    for (const file of files) {
      const row = model.content.firstElementChild.cloneNode(true);
      row.querySelector(".upload__name").textContent = file.name;
      row.querySelector(".upload__name").title = file.name;
      list.append(row);
      const upload = { file, row, fields: metadata ? [...new FormData(metadata)] : [], sent: 0 };
      uploads.push(upload);
      row.querySelector("[data-again]").addEventListener("click", () => again(upload));
      row.querySelector("[data-remove]").addEventListener("click", () => remove(upload));
      if (file.size === 0) show(upload, "failed", say("empty"));
      else if (file.size > Number(dock.dataset.maxBytes)) show(upload, "failed", say("large", { size: megabytes(file.size) }));
      else show(upload, "waiting", say("waiting"));
    }
    dock.hidden = false;
    next();
  }

  function show(upload, state, detail) {
    upload.row.dataset.state = state;
    upload.state = state;
    upload.detail = detail;
    upload.row.querySelector(".upload__detail").textContent = detail;
    const glyph = { failed: "alert", done: "check" }[state] ?? "file";
    upload.row.querySelector("use").setAttribute("href", `#i-${glyph}`);
    upload.row.querySelector("[data-percent]").textContent = state === "busy" ? percent(upload) : "";
    upload.row.querySelector("[data-again]").hidden = state !== "failed" || !upload.mayTryAgain;
    upload.row.querySelector("[data-remove]").hidden = state !== "failed";
    sum();
  }

  function sum() {
    const total = uploads.reduce((bytes, one) => bytes + one.file.size, 0);
    const sent = uploads.reduce((bytes, one) => bytes + (over(one) ? one.file.size : one.sent), 0);
    const share = total ? Math.floor((100 * sent) / total) : 100;
    const left = uploads.filter((one) => !over(one)).length;
    dock.querySelector("[data-title]").textContent = left
      ? say("sending", { n: uploads.length })
      : say("sent", { n: uploads.filter((one) => one.state === "done").length });
    dock.querySelector("progress").value = share;
    dock.querySelector("progress").hidden = left === 0;
    dock.querySelector("[data-share]").textContent = left ? `${share}%` : "";
    const failed = uploads.filter((one) => one.state === "failed");
    const problem = dock.querySelector(".dock__problem");
    problem.hidden = failed.length === 0;
    problem.querySelector("span").textContent =
      failed.length === 1 ? say("problem", { name: failed[0].file.name }) : say("problems", { n: failed.length });
  }

  function next() {
    const busy = uploads.filter((one) => one.state === "busy").length;
    uploads.filter((one) => one.state === "waiting").slice(0, AT_ONCE - busy).forEach(send);
    if (uploads.length && uploads.every(over)) dispatchEvent(new CustomEvent("uploads:over"));
  }

  function send(upload) {
    const form = new FormData();
    for (const [name, value] of upload.fields) if (name !== "csrf_token") form.append(name, value);
    form.append("recording", upload.file, upload.file.name);
    const xhr = new XMLHttpRequest();
    xhr.open("POST", dock.dataset.uploads);
    xhr.setRequestHeader("X-CSRFToken", csrfToken());
    xhr.setRequestHeader("Accept", "application/json");
    xhr.responseType = "json";
    xhr.upload.addEventListener("progress", (event) => {
      upload.sent = Math.min(event.loaded, upload.file.size);
      show(upload, "busy", say("progress", { sent: megabytes(upload.sent), size: megabytes(upload.file.size) }));
    });
    xhr.addEventListener("load", () => {
      const answer = xhr.response;
      if (xhr.status < 300 && answer) {
        const link = upload.row.querySelector("[data-open]");
        link.href = answer.url;
        link.hidden = false;
        show(upload, "done", answer.message);
      } else {
        // A recording that cannot be read stays unreadable; a full disk or a busy server passes
        upload.mayTryAgain = xhr.status >= 500 || xhr.status === 429;
        show(upload, "failed", answer?.detail ?? say("refused", { status: xhr.status }));
      }
      next();
    });
    xhr.addEventListener("error", () => {
      upload.mayTryAgain = true;
      show(upload, "failed", say("unreachable"));
      next();
    });
    show(upload, "busy", say("starting"));
    xhr.send(form);
  }

  function again(upload) {
    upload.sent = 0;
    show(upload, "waiting", say("waiting"));
    next();
  }

  function remove(upload) {
    upload.row.remove();
    uploads.splice(uploads.indexOf(upload), 1);
    sum();
    dock.hidden = uploads.length === 0;
  }

  for (const button of document.querySelectorAll("[data-choose-files]")) button.addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    add(chooser.files);
    chooser.value = "";
  });

  // The whole page takes what is dropped; the frame shows where
  const target = document.querySelector(".drop") ?? document.querySelector(".page__body");
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    target.setAttribute("data-over", "");
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) target.removeAttribute("data-over");
  });
  addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    target.removeAttribute("data-over");
    add(event.dataTransfer.files);
  });

  addEventListener("beforeunload", (event) => {
    if (uploads.some((one) => !over(one))) event.preventDefault();
  });
}

const over = (upload) => upload.state === "done" || upload.state === "failed";
const percent = (upload) => `${Math.floor((100 * upload.sent) / upload.file.size)}%`;
const megabytes = (bytes) => `${(bytes / 1048576).toFixed(1)} MB`;
