// When a page comes back after its connection ended: promises the waits and the close codes of docs/protocol.md.

/** Milliseconds before the n-th attempt: full jitter, so that a restarted server is not stormed. */
export function reconnectDelay(attempt, random) {
  return random() * Math.min(30000, 2000 * 2 ** attempt);
}

const FINAL_CODES = new Set([1002, 1003, 1007, 1008, 1009]);

/** True if a connection that was closed with this code may be opened again. */
export function mayReturn(code) {
  return !FINAL_CODES.has(code) && !(code >= 4500 && code < 5000);
}

const SENTENCES = {
  1009: "A message was larger than the server takes.",
  4500: "The server did not hear who you are in time.",
  4501: "The server ended this connection because of abuse.",
  4502: "You have too many connections open. Close other tabs or clients first.",
};

/** Why a connection does not come back by itself, for people. */
export function finalSentence(code) {
  return SENTENCES[code] ?? `The server refused this page (code ${code}).`;
}
