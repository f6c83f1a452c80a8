// Brings what lies outside of a room's window. Promises one question at a time for each room, so that a page that
// comes late is never put where another one already is.
import { PAGE } from "./room_log.js";

export class Paging {
  #link;
  #changed;
  #loading = new Set();

  /** `changed(room, what)` is told when a window is another one: "loaded" or "replaced". */
  constructor(link, changed) {
    this.#link = link;
    this.#changed = changed;
  }

  /** The connection is gone; no answer comes any more. */
  lost() {
    this.#loading.clear();
  }

  older(room) {
    if (room.log.older) this.#page(room, { before: room.log.low });
  }

  newer(room) {
    if (!room.log.live) this.#page(room, { after: room.log.high });
  }

  #page(room, asked) {
    if (this.#loading.has(room) || !room.joined) return;
    this.#loading.add(room);
    this.#link.ask({ type: "history", room: room.name, ...asked, limit: PAGE }, (answer) => {
      this.#loading.delete(room);
      if (answer.type === "error") return;
      room.log.takeHistory(answer.entries, answer.more, asked);
      this.#changed(room, "loaded");
    });
  }

  /** Puts the window around `seq`, or at the end without it; `done` is called when it stands, or `failed` with why not. */
  show(room, seq, done, failed) {
    const middle = seq === undefined ? room.log.position + 1 : seq + PAGE / 2;
    this.#link.ask({ type: "history", room: room.name, before: middle, limit: PAGE }, (answer) => {
      if (answer.type === "error") {
        failed(answer.message);
        return;
      }
      room.log.replace(answer.entries);
      this.#changed(room, "replaced");
      done();
    });
  }
}
