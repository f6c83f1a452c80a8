// A room as its reader has it: log, place read, draft, who types. Promises that they survive a reload.
import { RoomLog } from "./room_log.js";
import { advanced, mentions, unreadCount } from "./unread.js";

const TYPING_SHOWN = 6000;
const TYPING_SAID = 3000;

export class Room {
  #keep;
  #key;
  #saidTyping = -Infinity;
  #typing = new Map();

  constructor(name, user, keep) {
    this.name = name;
    this.log = new RoomLog();
    this.#keep = keep;
    this.#key = (what) => `${user}.${what}.${name}`;
    this.mentioned = 0;
    this.members = 0;
    this.problem = "";
    this.line = null; // The first entry that was new when the reader came; stays until they leave.
    this.lineAt = null;
    this.joined = false;
    this.heldUnread = false;
    this.reloadRead();
  }

  get unread() {
    return unreadCount(this.read, this.log.epoch, this.log.position);
  }

  reloadRead() {
    this.read = this.#keep.json(this.#key("read"), null);
    if (this.unread === 0) this.mentioned = 0;
  }

  /** The reader has seen `entry`, or on first sight of the room begins there. */
  sawUpTo(entry) {
    const read = advanced(this.read, this.log.epoch, entry);
    if (read === this.read) return false;
    this.read = read;
    if (this.unread === 0) this.mentioned = 0;
    return this.#keep.setJson(this.#key("read"), read);
  }

  /** Among what is unread and loaded: while the page was closed, nobody counted. */
  countMentions({ id, name }) {
    const news = this.unread > 0 ? this.log.entries.slice(-this.unread) : [];
    this.mentioned = news.filter((each) => each.author !== id && each.type === "message" && mentions(each.text, name)).length;
  }

  /** On purpose: from this entry on all is new again. */
  markUnread(seq) {
    this.read = { seq: seq - 1, epoch: this.log.epoch, at: null };
    this.line = seq;
    this.heldUnread = true;
    this.#keep.setJson(this.#key("read"), this.read);
  }

  /** The reader comes: what is new now gets the line. */
  enter() {
    this.line = this.unread > 0 ? (this.read.epoch === this.log.epoch ? this.read.seq : 0) + 1 : null;
    this.lineAt = this.read?.at ?? null;
  }

  leave() {
    this.line = null;
    this.problem = "";
    this.heldUnread = false;
  }

  get draft() {
    return this.#keep.get(this.#key("draft")) ?? "";
  }

  set draft(text) {
    if (text === this.draft) return;
    if (text === "") this.#keep.remove(this.#key("draft"));
    else this.#keep.set(this.#key("draft"), text);
  }

  takeTyping(from, now) {
    this.#typing.set(from, now);
  }

  stopTyping(from) {
    return this.#typing.delete(from);
  }

  /** Who typed within the last seconds. */
  typing(now) {
    for (const [name, at] of this.#typing) {
      if (now - at >= TYPING_SHOWN) this.#typing.delete(name);
    }
    return [...this.#typing.keys()];
  }

  /** True if it is time to tell the others again. */
  mayTellTyping(now) {
    if (now - this.#saidTyping < TYPING_SAID) return false;
    this.#saidTyping = now;
    return true;
  }
}
