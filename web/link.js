// One connection to the server and its successors: hello, answers, heartbeat, reconnect.
// Promises that `up` is only said after a welcome, and that a request is answered or reported as lost.
import { finalSentence, mayReturn, reconnectDelay } from "./backoff.js";

const TICK = 1000;
const PING_AFTER = 5000; // Silence that makes us ask; with PONG_WITHIN and two ticks, a dead link shows within 12 s.
const PONG_WITHIN = 4000;
const LATE_TICK = 2500; // Timers of hidden pages are throttled: then what came may lie unread behind us.
const STEADY_AFTER = 5000; // An `open` proves little: a server that fails at once would be stormed.
const CONNECT_WITHIN = 10000;
const HELLO_FATAL = new Set(["bad_token", "bad_name", "name_taken", "bad_frame"]);

export class Link {
  #world;
  #listener;
  #socket = null;
  #credentials = null;
  #asked = new Map();
  #ref = 0;
  #attempt = 0;
  #cancelRetry = () => {};
  #cancelTick = () => {};
  #opened = 0;
  #heard = 0;
  #pinged = 0;
  #forgiven = false;
  #ticked = 0;
  #appointment = null;
  state = { name: "stopped" };

  /**
   * `world`: open() makes a WebSocket, now() in ms, after(ms, f) returns its cancellation, random().
   * `listener`: state(state), welcome(frame), frame(frame), refused(error).
   */
  constructor(world, listener) {
    this.#world = world;
    this.#listener = listener;
  }

  get up() {
    return this.state.name === "up";
  }

  /** Connects as `{name}` or `{token}`, until stop(). */
  start(credentials) {
    this.#credentials = credentials;
    this.#attempt = 0;
    this.#connect();
  }

  stop() {
    this.#drop();
    this.#become({ name: "stopped" });
  }

  /** Tries at once when we are waiting; asks at once when the connection may be dead. */
  retry() {
    if (this.state.name === "waiting" || this.state.name === "ended") this.#connect();
    else if (this.up && !this.#pinged) this.#ping();
  }

  /** The same, but nobody asked for it: what the server has ended for good stays so. */
  wake() {
    if (this.state.name !== "ended") this.retry();
  }

  /** False if there is no connection to send on. */
  send(frame) {
    if (!this.up) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Sends with a `ref`; `take` gets the answer, an `error`, or an error with code `lost`. */
  ask(frame, take) {
    const ref = String(++this.#ref);
    if (!this.up) {
      take({ type: "error", code: "lost", message: "There is no connection.", ref });
      return;
    }
    this.#asked.set(ref, take);
    this.send({ ...frame, ref });
  }

  #become(state) {
    this.state = state;
    this.#listener.state(state);
  }

  #connect() {
    this.#drop();
    this.#become({ name: "connecting" });
    const socket = this.#world.open();
    this.#socket = socket;
    this.#appointment = null;
    this.#opened = this.#heard = this.#ticked = this.#world.now();
    socket.onopen = () => {
      socket.send(JSON.stringify({ type: "hello", ref: "hello", ...this.#credentials }));
    };
    socket.onmessage = (event) => this.#take(event.data);
    socket.onclose = (event) => this.#lost(event.code);
    this.#cancelTick = this.#world.after(TICK, () => this.#tick());
  }

  /** Forgets the socket at once: the close handshake of a dead link takes minutes. */
  #drop() {
    this.#cancelRetry();
    this.#cancelTick();
    const socket = this.#socket;
    this.#socket = null;
    this.#pinged = 0;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const take of asked) take({ type: "error", code: "lost", message: "The connection was lost." });
  }

  #lost(code, atLeast = 0) {
    this.#drop();
    if (!mayReturn(code)) {
      this.#become({ name: "ended", code, reason: finalSentence(code) });
      return;
    }
    const delay = this.#appointment ?? Math.max(atLeast, reconnectDelay(this.#attempt, this.#world.random));
    this.#attempt += 1;
    this.#become({ name: "waiting", until: this.#world.now() + delay });
    this.#cancelRetry = this.#world.after(delay, () => this.#connect());
  }

  #tick() {
    const now = this.#world.now();
    const late = now - this.#ticked > LATE_TICK;
    this.#ticked = now;
    this.#cancelTick = this.#world.after(TICK, () => this.#tick());
    if (!this.up) {
      if (now - this.#opened >= CONNECT_WITHIN) this.#lost(1006);
      return;
    }
    if (this.#attempt > 0 && now - this.#opened >= STEADY_AFTER) this.#attempt = 0;
    // Once a ping: where every tick is late, a dead link would be forgiven for ever.
    if (late && this.#pinged && !this.#forgiven) {
      this.#pinged = now;
      this.#forgiven = true;
    } else if (this.#pinged && now - this.#pinged >= PONG_WITHIN) this.#lost(1006);
    else if (!this.#pinged && now - this.#heard >= PING_AFTER) this.#ping();
  }

  #ping() {
    this.#pinged = this.#world.now();
    this.#forgiven = false;
    this.send({ type: "ping" });
  }

  #take(data) {
    this.#heard = this.#world.now();
    this.#pinged = 0;
    const frame = JSON.parse(data);
    if (frame.ref === "hello") {
      this.#takeHello(frame);
      return;
    }
    if (frame.type === "bye") this.#appointment = frame.reconnect_after_ms ?? null;
    const take = this.#asked.get(frame.ref);
    this.#asked.delete(frame.ref);
    if (take) take(frame);
    else this.#listener.frame(frame);
  }

  #takeHello(frame) {
    if (frame.type === "welcome") {
      this.#credentials = { token: frame.token };
      this.#become({ name: "up" });
      this.#listener.welcome(frame);
    } else if (HELLO_FATAL.has(frame.code)) {
      this.stop();
      this.#listener.refused(frame);
    } else {
      this.#lost(1013, frame.retry_after_ms ?? 0);
    }
  }
}
