// Requests to our own server: the CSRF token goes along, a refusal becomes an Error with its sentence.

export function csrfToken() {
  return document.querySelector("meta[name=csrf-token]").content;
}

export class Refused extends Error {
  constructor(message, status, body, after_s = null) {
    super(message);
    this.status = status;
    this.body = body;
    this.after_s = after_s;
  }
}

/** Ask for JSON; throw Refused with the server's sentence, or a TypeError when nobody answers. */
export async function request(url, { method = "GET", json, form, headers: more = {}, signal } = {}) {
  const headers = { ...more, Accept: "application/json", "X-CSRFToken": csrfToken() };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(url, {
    method,
    headers,
    signal,
    credentials: "same-origin",
    body: json === undefined ? form : JSON.stringify(json),
  });
  const isJson = answer.headers.get("Content-Type")?.includes("json");
  const body = isJson ? await answer.json() : null;
  if (!answer.ok) {
    const after_s = Number(answer.headers.get("Retry-After")) || null;
    throw new Refused(body?.detail ?? answer.statusText, answer.status, body, after_s);
  }
  return body;
}

export const post = (url, json = {}) => request(url, { method: "POST", json });
