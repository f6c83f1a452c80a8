// The page without its looks: who we are, our rooms, what is sent and what came. Knows no DOM.
// Promises that everything shown comes from the server's log or from the outbox, and tells who listens.
import { Link } from "./link.js";
import { Outbox } from "./outbox.js";
import { Paging } from "./paging.js";
import { forgetAuthor, isRooms, keepRoom, keptRooms } from "./remembered.js";
import { Room } from "./room.js";
import { mentions } from "./unread.js";

const TYPING_CHECK = 1000;

export class Chat {
  #world;
  #listeners = new Map();
  #lostAt = 0;
  me = null;
  rooms = new Map();
  current = null;
  limits = { text_bytes: 8192, name_chars: 50, room_chars: 64 };
  server = "";
  firstServer = "";

  /** `world`: what Link asks for, and keep, tab, newId(). */
  constructor(world) {
    this.#world = world;
    this.keep = world.keep;
    this.tab = world.tab;
    this.link = new Link(world, {
      state: (state) => this.#linkIs(state),
      welcome: (frame) => this.#takeWelcome(frame),
      frame: (frame) => this.#take(frame),
      refused: (error) => this.#takeRefusal(error),
    });
    this.paging = new Paging(this.link, (room, change) => this.#tell("log", { room, arrived: [], change }));
    world.after(TYPING_CHECK, () => this.#checkTyping());
  }

  on(what, listener) {
    this.#listeners.set(what, [...(this.#listeners.get(what) ?? []), listener]);
  }

  #tell(what, value) {
    for (const listener of this.#listeners.get(what) ?? []) listener(value);
  }

  // -- who we are ---------------------------------------------------------------------------------

  /** As the author of the last visit; false if there is none. */
  resume() {
    const me = this.keep.json("me", null);
    if (!me?.token) return false;
    this.#become(me);
    this.link.start({ token: me.token });
    return true;
  }

  /** The claim makes the same hello the same author, should its answer be lost on the way. */
  signIn(name) {
    this.link.start({ name, claim: this.#world.newId() });
  }

  /** Without the token nobody is this author again, so nothing of theirs stays. */
  signOut() {
    this.link.stop();
    this.keep.remove("me");
    forgetAuthor(this.keep, this.me.id);
    this.#forgetMe();
    this.#tell("signed");
  }

  #forgetMe() {
    this.me = null;
    this.current = null;
    this.rooms.clear();
    this.outbox = undefined;
  }

  #become(me) {
    const known = this.me?.id === me.id;
    this.me = me;
    if (known) return;
    this.rooms.clear();
    this.current = null; // Of somebody else, if this tab slept while another one signed out and in.
    this.outbox = new Outbox(this.keep, me.id, this.#world.tab, this.#world);
    for (const name of keptRooms(this.keep, me.id)) this.#add(name);
    for (const name of this.outbox.rooms()) this.#add(name);
    this.#tell("signed");
  }

  #takeWelcome(frame) {
    const me = { id: frame.user.id, name: frame.user.name, token: frame.token };
    this.limits = { ...this.limits, ...frame.limits };
    this.server = frame.server;
    this.firstServer ||= frame.server;
    this.keep.setJson("me", me);
    this.#become(me);
    for (const room of this.rooms.values()) this.#join(room);
    this.#tell("state", this.link.state);
  }

  #takeRefusal(error) {
    const name = this.me?.name ?? "";
    if (error.code === "bad_token") this.keep.remove("me");
    this.#forgetMe();
    this.#tell("signed");
    this.#tell("refused", { ...error, name });
  }

  #linkIs(state) {
    if (state.name !== "up") {
      for (const room of this.rooms.values()) {
        if (room.joined) this.#lostAt = this.#world.now();
        room.joined = false;
      }
      this.paging.lost();
      this.outbox?.lost();
    }
    this.#tell("state", state);
    if (this.current) this.#tell("pending", this.current);
  }

  // -- rooms --------------------------------------------------------------------------------------

  #add(name) {
    const room = this.rooms.get(name) ?? new Room(name, this.me.id, this.keep);
    this.rooms.set(name, room);
    return room;
  }

  /** Into a room that somebody else brought: another tab, or a post that one left behind. */
  #joinToo(name) {
    if (this.rooms.has(name)) return;
    const room = this.#add(name);
    if (this.link.up) this.#join(room);
  }

  /** The other tabs' joins and leaves. What is on the screen, or has to be sent, stays. */
  #mergeRooms() {
    const names = keptRooms(this.keep, this.me.id);
    const needed = this.outbox.rooms();
    for (const name of names) this.#joinToo(name);
    for (const room of [...this.rooms.values()]) {
      if (!names.has(room.name) && room !== this.current && !needed.has(room.name)) this.#leave(room);
    }
  }

  #leave(room) {
    this.rooms.delete(room.name);
    room.joined = false;
    if (this.link.up) this.link.ask({ type: "leave", room: room.name }, () => {});
  }

  /** Goes into a room, which is joined or created first if we are not in it. */
  open(name) {
    if (this.current?.name === name) return this.current;
    this.current?.leave();
    this.#joinToo(name);
    const room = this.rooms.get(name);
    this.current = room;
    room.enter();
    keepRoom(this.keep, this.me.id, name, true);
    this.#tell("opened", room);
    this.#tell("rooms");
    return room;
  }

  forget(room) {
    this.#leave(room);
    if (this.current === room) this.current = null;
    keepRoom(this.keep, this.me.id, room.name, false);
    this.#tell("rooms");
  }

  #join(room) {
    const away = this.#lostAt ? this.#world.now() - this.#lostAt : 0;
    this.link.ask({ type: "join", room: room.name, ...room.log.joinFields(away) }, (answer) => {
      if (answer.code === "lost") return;
      if (answer.type === "error") this.#refusedRoom(room, answer);
      else this.#takeJoined(room, answer);
    });
  }

  #refusedRoom(room, error) {
    room.problem = error.message;
    if (error.retry_after_ms !== undefined) {
      this.#world.after(error.retry_after_ms, () => {
        if (this.link.up && !room.joined && this.rooms.get(room.name) === room) this.#join(room);
      });
    }
    this.#tell("log", { room, arrived: [] });
    this.#tell("rooms");
  }

  #takeJoined(room, frame) {
    const before = room.log.position;
    const fresh = room.log.epoch !== frame.epoch;
    const change = room.log.takeJoined(frame);
    room.joined = true;
    room.problem = "";
    room.members = frame.members;
    if (!room.read) room.sawUpTo(room.log.entries.at(-1) ?? { seq: frame.head, at: null });
    if (fresh) room.countMentions(this.me);
    if (fresh && this.current === room) room.enter();
    if (change === "reset") room.problem = "This room began anew on the server; something may be missing.";
    const arrived = fresh ? [] : frame.entries.filter((entry) => entry.seq > before);
    this.#arrived(room, arrived, change);
    this.outbox.settle(room.name, room.log.position);
    this.#tell("presence", room);
    this.pump(room);
  }

  // -- what comes ---------------------------------------------------------------------------------

  #take(frame) {
    const room = this.rooms.get(frame.room);
    if (frame.type === "posted") this.#takeReceipt(room, frame);
    else if (frame.type === "error") this.#takeError(frame);
    else if (!room) return;
    else if (frame.type === "history" && frame.resume) this.#takeResumed(room, frame);
    else if (frame.type === "presence") this.#takePresence(room, frame);
    else if (frame.type === "typing") {
      room.takeTyping(frame.from, this.#world.now());
      this.#tell("typing", room);
    } else if (frame.seq !== undefined) this.#takeLive(room, frame);
  }

  #takeLive(room, entry) {
    const before = room.log.position;
    if (!room.log.takeLive(entry)) this.#join(room);
    else if (room.log.position !== before) this.#arrived(room, [entry], "");
  }

  #takeResumed(room, frame) {
    const before = room.log.position;
    if (!room.log.takePage(frame)) this.#join(room);
    else this.#arrived(room, frame.entries.filter((entry) => entry.seq > before), "");
  }

  #takePresence(room, frame) {
    room.members = frame.members;
    for (const name of frame.left) room.stopTyping(name);
    this.#tell("presence", room);
  }

  #arrived(room, entries, change) {
    const others = [];
    for (const entry of entries) {
      if (room.stopTyping(entry.from)) this.#tell("typing", room);
      if (entry.author === this.me.id) {
        // Whoever writes has read what stood directly above.
        if (room.read && room.read.seq === entry.seq - 1) room.sawUpTo(entry);
        this.outbox.drop(entry.id);
        continue;
      }
      if (entry.type !== "message") continue;
      const mentioned = mentions(entry.text, this.me.name);
      if (mentioned) room.mentioned += 1;
      others.push({ entry, mentioned });
    }
    this.#tell("log", { room, arrived: others, change });
    this.#tell("rooms");
  }

  #takeReceipt(room, frame) {
    const item = this.outbox.stored(frame.id, frame.seq);
    // Its message may have come before: then a resume has brought it, and nothing more will come.
    if (item && room && room.log.position >= frame.seq && !room.log.joining) this.outbox.drop(frame.id);
    if (!room) return;
    this.#tell("pending", room);
    this.pump(room);
  }

  #takeError(frame) {
    if (!frame.id) return;
    const room = this.rooms.get(frame.room);
    const wait = this.outbox.refused(frame.id, frame);
    if (!room) return;
    this.#tell("pending", room);
    if (wait > 0) this.#world.after(wait + 1, () => this.pump(room));
    else this.pump(room);
  }

  #checkTyping() {
    this.#world.after(TYPING_CHECK, () => this.#checkTyping());
    if (this.current) this.#tell("typing", this.current);
    if (this.current && this.outbox.ofRoom(this.current.name).length > 0) this.#tell("pending", this.current);
  }

  // -- what we send -------------------------------------------------------------------------------

  post(room, text) {
    const item = this.outbox.add(room.name, text);
    this.#tell("pending", room);
    this.pump(room);
    return item;
  }

  /** Sends of this room what may be sent now. */
  pump(room) {
    if (!this.link.up || !room.joined) return;
    for (const item of this.outbox.sendable(room.name)) {
      this.outbox.sent(item.id);
      this.link.send({ type: "post", room: room.name, id: item.id, text: item.text });
    }
    this.#tell("pending", room);
  }

  retry(room, id) {
    this.outbox.retry(id);
    this.link.retry();
    this.pump(room);
    this.#tell("pending", room);
  }

  drop(room, id) {
    this.outbox.drop(id);
    this.#tell("pending", room);
    this.pump(room);
  }

  typed(room) {
    if (this.link.up && room.joined && room.mayTellTyping(this.#world.now()))
      this.link.send({ type: "typing", room: room.name });
  }

  // -- what the reader does -----------------------------------------------------------------------

  saw(room, entry) {
    if (!room.heldUnread && room.sawUpTo(entry)) this.#tell("rooms");
  }

  markUnread(room, seq) {
    room.markUnread(seq);
    this.#tell("log", { room, arrived: [] });
    this.#tell("rooms");
  }

  /** Another tab of this browser has changed something. */
  stored(key) {
    if (key === "me") this.#meChanged();
    if (!this.me) return;
    if (isRooms(this.me.id, key)) this.#mergeRooms();
    if (this.outbox.reload(key) && this.current) this.#tell("pending", this.current);
    for (const room of this.rooms.values()) {
      if (key === `${this.me.id}.read.${room.name}`) room.reloadRead();
      if (key === `${this.me.id}.draft.${room.name}`) this.#tell("draft", room);
    }
    this.#tell("rooms");
  }

  #meChanged() {
    const me = this.keep.json("me", null);
    if (me?.id === this.me?.id) return;
    if (me) this.resume();
    else if (this.me) this.signOut();
  }

  /** Posts have come back that this page did not begin with. */
  takeBack(keys) {
    for (const key of keys) this.stored(key);
    for (const name of this.outbox?.rooms() ?? []) this.#joinToo(name);
    for (const room of this.rooms.values()) this.pump(room);
  }

  adopt(isGone) {
    if (!this.outbox) return;
    for (const name of this.outbox.adopt(isGone)) this.#joinToo(name);
    this.#tell("rooms");
    for (const room of this.rooms.values()) this.pump(room);
  }
}
