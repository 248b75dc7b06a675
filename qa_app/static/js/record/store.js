// What waits to be sent, on this machine's disk: IndexedDB, which a reload and a restart survive.

const NAME = "tingzheng";
const STORE = "recordings";

let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new DOMException("Another page holds the old form", "InvalidStateError"));
  });
  return opened;
}

async function within(mode, act) {
  const transaction = (await database()).transaction(STORE, mode);
  const asked = act(transaction.objectStore(STORE));
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
  return asked.result;
}

/** Everything kept, the oldest first: ids begin with the time. */
export const allKept = () => within("readonly", (store) => store.getAll());
export const keep = (entry) => within("readwrite", (store) => store.put(entry));
export const forget = (id) => within("readwrite", (store) => store.delete(id));

/** A new id: UUID version 7 as 32 hex digits, as the server makes them. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = BigInt(Date.now());
  for (let at = 0; at < 6; at += 1) bytes[at] = Number((now >> BigInt(8 * (5 - at))) & 255n);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
