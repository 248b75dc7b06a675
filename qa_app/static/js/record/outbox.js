// Recordings on their way: kept on this machine until the server has them, sent in their order.
//
//   count    { count, why }          how many wait, and why: null, offline, unreachable, signed_out
//   sent     { id, answer, fields }  the server has it; `answer` is its JSON
//   refused  { id, status, message, answer, fields }   it will not have it, ever
//   unkept   { id }                  the browser stores nothing: it lives as long as this page
//
// Each is sent as a form with `recording`, `person` and its fields, under its own id as
// Idempotency-Key, so that what was received and not acknowledged is not received twice. An answer
// without JSON is the page for signing in and acknowledges nothing; a server that finds somebody
// else signed in than `person` answers 401, and the recording waits.
import { Refused, request } from "../request.js";
import { allKept, forget, keep, newId } from "./store.js";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const PATIENCE_MS = 60_000;
const LOCK = "tingzheng-outbox";

const ENDINGS = { "audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "m4a" };
// Of these one may hope: too slow, too early, too often, being answered right now
const PASSING = new Set([408, 425, 429]);
const PASSING_CODES = new Set(["idempotency_key_in_use"]);
// The whole server rests; with another 5xx only this one recording may be its trouble
const RESTING = new Set([429, 502, 503, 504]);

export class Outbox extends EventTarget {
  #user;
  #unkept = new Map();
  #sending = null;
  #again = false;
  #wait_ms = FIRST_WAIT_MS;
  #timer = 0;
  #why = null;
  #channel = new BroadcastChannel(LOCK);

  /** The outbox of one person: what another left on this machine waits until they sign in. */
  constructor(user) {
    super();
    this.#user = user;
    this.#channel.onmessage = ({ data }) => this.#show(data.name, data.detail);
    addEventListener("online", () => this.hurry());
    addEventListener("offline", () => this.#count("offline"));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.hurry();
    });
    addEventListener("beforeunload", (event) => {
      if (this.#unkept.size) event.preventDefault();
    });
    this.hurry();
  }

  /** Keep a recording and send it as soon as possible; returns its id. */
  async add(url, blob, fields = {}) {
    const mime = blob.type.split(";")[0];
    // Safari's private windows keep bytes, but no Blob
    const entry = { id: newId(), user: this.#user, url, fields, mime, bytes: await blob.arrayBuffer() };
    try {
      await keep(entry);
    } catch {
      this.#unkept.set(entry.id, entry);
      this.#show("unkept", { id: entry.id });
    }
    this.hurry();
    return entry.id;
  }

  /** Try now, whatever the waiting time. */
  hurry() {
    clearTimeout(this.#timer);
    this.#wait_ms = FIRST_WAIT_MS;
    return this.#send();
  }

  async #waiting() {
    const kept = await allKept().catch(() => []);
    return [...kept.filter((entry) => entry.user === this.#user), ...this.#unkept.values()];
  }

  async #count(why) {
    this.#why = why;
    const count = (await this.#waiting()).length;
    this.#show("count", { count, why: count ? this.#why : null });
    return count;
  }

  async #send() {
    if (this.#sending) {
      this.#again = true;
      return this.#sending;
    }
    this.#sending = navigator.locks.request(LOCK, () => this.#round()).finally(() => { this.#sending = null; });
    return this.#sending;
  }

  /** One after the other, by one page at a time; what failed is tried again later. */
  async #round() {
    let why;
    let after_s;
    do {
      this.#again = false;
      why = null;
      await this.#count(this.#why);
      for (const entry of await this.#waiting()) {
        const trouble = await this.#deliver(entry);
        if (!trouble) continue;
        ({ why, after_s } = trouble);
        if (trouble.all) break;
      }
    } while (this.#again && why === null);
    const count = await this.#count(why);
    if (!count) this.#wait_ms = FIRST_WAIT_MS;
    else this.#tryLater(after_s);
  }

  #tryLater(after_s) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), Math.max(this.#wait_ms, (after_s ?? 0) * 1000));
    this.#wait_ms = Math.min(2 * this.#wait_ms, LONGEST_WAIT_MS);
  }

  /** Send one; null when it is over, else why not: `all` when no other would fare better. */
  async #deliver(entry) {
    const { id, user, url, fields, mime, bytes } = entry;
    if (navigator.onLine === false) return { why: "offline", all: true };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("person", user);
    form.append("recording", new Blob([bytes], { type: mime }), `${id}.${ENDINGS[mime] ?? "bin"}`);
    try {
      const answer = await request(url, {
        method: "POST",
        form,
        headers: { "Idempotency-Key": id },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (answer === null) return { why: "signed_out", all: true };
      await this.#over(id, "sent", { id, answer, fields });
      return null;
    } catch (error) {
      if (!(error instanceof Refused)) return { why: "unreachable", all: true };
      return this.#refused(error, id, fields);
    }
  }

  async #refused({ status, message, body, after_s }, id, fields) {
    if (status === 401 || body?.code === "csrf") return { why: "signed_out", all: true };
    if (status >= 500 || PASSING.has(status) || PASSING_CODES.has(body?.code)) {
      return { why: "unreachable", all: RESTING.has(status), after_s };
    }
    await this.#over(id, "refused", { id, status, message, answer: body, fields });
    return null;
  }

  async #over(id, name, detail) {
    this.#unkept.delete(id);
    await forget(id).catch(() => {});
    this.#show(name, detail);
    // The page that recorded it may be another one than the page that sent it
    this.#channel.postMessage({ name, detail });
    await this.#count(this.#why);
  }

  #show(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
