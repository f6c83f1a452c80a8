// A clock, a network and a server for the page's modules: promises that time only moves when a test says so.
import { Keep } from "../../web/keep.js";

/** Deterministic: mulberry32. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export class FakeStorage {
  #values = new Map();
  full = false;
  get length() {
    return this.#values.size;
  }
  key(index) {
    return [...this.#values.keys()][index] ?? null;
  }
  getItem(key) {
    return this.#values.get(key) ?? null;
  }
  setItem(key, value) {
    if (this.full) throw new Error("QuotaExceededError");
    this.#values.set(key, String(value));
  }
  removeItem(key) {
    this.#values.delete(key);
  }
}

/** One page: its clock, timers and sockets. */
export class World {
  #timers = [];
  #ids = 0;
  time = 1700000000000;
  sockets = [];

  constructor({ storage = new FakeStorage(), tab = "tab1", random = randomFrom(1), server = null } = {}) {
    this.storage = storage;
    this.keep = new Keep(storage);
    this.tab = tab;
    this.random = random;
    this.server = server;
    this.now = () => this.time;
  }

  newId() {
    this.#ids += 1;
    return `${this.tab}-${this.#ids}`;
  }

  after(ms, action) {
    const timer = { at: this.time + ms, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  open() {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    this.server?.accept(socket);
    return socket;
  }

  get socket() {
    return this.sockets.at(-1);
  }

  /** Lets time pass, timer by timer. */
  pass(ms) {
    const end = this.time + ms;
    for (;;) {
      const next = this.#timers.filter((each) => each.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.time = Math.max(this.time, next.at);
      next.action();
    }
    this.time = end;
  }
}

/** The page's end of a connection. */
export class FakeSocket {
  sent = [];
  closed = false;
  take = null; // The server's ear.

  send(text) {
    const frame = JSON.parse(text);
    this.sent.push(frame);
    this.take?.(frame);
  }

  close() {
    this.closed = true;
  }

  opens() {
    this.onopen?.();
  }

  says(frame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  ends(code = 1006) {
    this.closed = true;
    this.onclose?.({ code });
  }

  last(type) {
    return this.sent.findLast((frame) => frame.type === type);
  }
}

export const welcome = (name = "Ada") => ({
  type: "welcome",
  ref: "hello",
  user: { id: `id-${name}`, name },
  token: `token-${name}`,
  server: "callboard 0.1.0",
  limits: { text_bytes: 8192 },
  heartbeat_s: 25,
});

export function message(room, seq, text = `text ${seq}`, from = "Grace", id = `m${seq}`) {
  return { type: "message", room, seq, id, from, author: `id-${from}`, text, at: "2026-11-23T17:02:26.123Z" };
}

/** Entries low to high of a room. */
export const run = (low, high, room = "general") =>
  Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => message(room, low + i));
