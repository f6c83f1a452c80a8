// A server of callboard.v1 in memory, that loses connections and refuses posts as its random source wants.
// Promises what docs/protocol.md promises, and nothing more: a page that trusts in more is found out.
import { message, welcome } from "./world.mjs";

export class FakeServer {
  rooms = new Map();
  connections = new Set();

  constructor(random) {
    this.random = random;
  }

  accept(socket) {
    const connection = { socket, inbox: [], outbox: [], joined: new Set(), refused: new Map(), name: "" };
    this.connections.add(connection);
    socket.take = (frame) => connection.inbox.push(frame);
    connection.outbox.push(null); // The opening itself.
  }

  log(room) {
    if (!this.rooms.has(room)) this.rooms.set(room, []);
    return this.rooms.get(room);
  }

  /** One small step of one connection. False if there was nothing to do. */
  step() {
    const busy = [...this.connections].filter(({ socket, inbox, outbox }) => {
      return !socket.closed && (inbox.length > 0 || outbox.length > 0);
    });
    if (busy.length === 0) return false;
    const connection = busy[Math.floor(this.random() * busy.length)];
    const reads = connection.inbox.length > 0 && (connection.outbox.length === 0 || this.random() < 0.5);
    if (reads) this.take(connection, connection.inbox.shift());
    else {
      const frame = connection.outbox.shift();
      if (frame === null) connection.socket.opens();
      else connection.socket.says(frame);
    }
    return true;
  }

  /** Loses a connection with all that is on its way, in both directions. */
  cut() {
    const open = [...this.connections].filter(({ socket }) => !socket.closed);
    if (open.length === 0) return;
    const connection = open[Math.floor(this.random() * open.length)];
    this.connections.delete(connection);
    connection.socket.ends(1006);
  }

  take(connection, frame) {
    const { outbox } = connection;
    if (frame.type === "hello") {
      connection.name = frame.name ?? frame.token.slice("token-".length);
      outbox.push({ ...welcome(connection.name), ref: frame.ref });
    } else if (frame.type === "join") this.join(connection, frame);
    else if (frame.type === "post") this.post(connection, frame);
    else if (frame.type === "ping") outbox.push({ type: "pong", ref: frame.ref });
    else if (frame.type === "history") this.history(connection, frame);
  }

  join(connection, { room, ref, last, after, epoch }) {
    const log = this.log(room);
    connection.joined.add(room);
    const answer = { type: "joined", ref, room, epoch: "e1", first: 1, head: log.length, members: 1 };
    if (after === undefined || epoch !== "e1") {
      const entries = log.slice(-(last ?? 50));
      connection.outbox.push({ ...answer, mode: "fresh", entries, more: entries.length < log.length });
      return;
    }
    const rest = log.slice(after);
    if (rest.length <= 3) {
      connection.outbox.push({ ...answer, mode: "resumed", entries: rest, more: false });
      return;
    }
    connection.outbox.push({ ...answer, mode: "paged", entries: rest.slice(0, 3), more: true });
    for (let i = 3; i < rest.length; i += 3) {
      const page = { type: "history", room, entries: rest.slice(i, i + 3), more: i + 3 < rest.length, resume: true };
      connection.outbox.push(page);
    }
  }

  post(connection, { room, id, text }) {
    const log = this.log(room);
    const waiting = connection.refused.get(room);
    if (!connection.joined.has(room)) throw new Error("a post to a room that is not joined");
    const refuse = waiting ? !waiting.has(id) : this.random() < 0.1;
    if (refuse) {
      connection.refused.set(room, (waiting ?? new Set()).add(id));
      connection.outbox.push({ type: "error", code: "busy", message: "later", retry_after_ms: 200, id, room });
      return;
    }
    connection.refused.delete(room);
    const author = `id-${connection.name}`;
    let entry = log.find((each) => each.author === author && each.id === id);
    const duplicate = entry !== undefined;
    if (entry && entry.text !== text) throw new Error("an id came again with another text");
    if (!entry) {
      entry = message(room, log.length + 1, text, connection.name, id);
      log.push(entry);
    }
    const receipt = { type: "posted", room, id, seq: entry.seq, at: entry.at, duplicate };
    const first = this.random() < 0.5;
    if (first) connection.outbox.push(receipt);
    for (const each of this.connections) {
      if (!duplicate && each.joined.has(room)) each.outbox.push(entry);
    }
    if (!first) connection.outbox.push(receipt);
  }

  history(connection, { room, ref, before, after, limit }) {
    const log = this.log(room);
    const entries = before === undefined ? log.slice(after, after + limit) : log.slice(Math.max(0, before - 1 - limit), before - 1);
    connection.outbox.push({ type: "history", ref, room, entries, more: before === undefined
      ? (entries.at(-1)?.seq ?? log.length) < log.length : (entries[0]?.seq ?? 1) > 1 });
  }
}
