// The page: puts the parts together, and is the only place that knows them all.
// Promises that every key has a button, and that the focus never gets lost.
import { Announcer } from "./announcer.js";
import { Chat } from "./chat.js";
import { ChatComposer } from "./composer.js";
import { ConnBanner } from "./conn_banner.js";
import { addressOf, make, oncePerFrame, parseAddress, say } from "./dom.js";
import { Keep } from "./keep.js";
import { KeyHelp } from "./key_help.js";
import { MessageList } from "./message_list.js";
import { Notices } from "./notices.js";
import { farewell, unsaid } from "./remembered.js";
import { RoomHead } from "./room_head.js";
import { RoomList } from "./room_list.js";
import { SecondCopy } from "./second_copy.js";
import { SignIn } from "./sign_in.js";
import { MessageSearch } from "./search.js";
import { RoomSwitcher } from "./switcher.js";
import { adoptOrphans, nameTab, newId } from "./tabs.js";

const FIRST_ROOM = "general";

class ChatApp extends HTMLElement {
  async connectedCallback() {
    this.copy = new SecondCopy();
    const keep = new Keep(storageOrNull(), this.copy);
    this.chat = new Chat({
      keep,
      tab: await nameTab(),
      newId,
      now: () => Date.now(),
      random: () => Math.random(),
      open: () => new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws`, "callboard.v1"),
      after: (ms, action) => {
        const timer = setTimeout(action, ms);
        return () => clearTimeout(timer);
      },
    });
    this.keep = keep;
    this.notices = new Notices(keep);
    this.announcer = new Announcer();
    this.listen();
    if (!this.chat.resume()) this.showSignIn();
    adoptOrphans(this.chat);
    // Behind the rest: opening a database takes longer than all else.
    this.chat.takeBack(await keep.restore(() => this.chat.me?.id));
  }

  listen() {
    const { chat } = this;
    chat.on("signed", () => (chat.me ? this.showChat() : this.showSignIn()));
    chat.on("refused", (error) => this.signIn?.refuse(error));
    chat.on("state", (state) => this.takeState(state));
    chat.on("opened", (room) => this.opened(room));
    chat.on("rooms", oncePerFrame(() => this.roomsChanged()));
    chat.on("log", (change) => this.logChanged(change));
    chat.on("pending", (room) => room === this.list?.room && this.list.schedule());
    chat.on("typing", (room) => room === chat.current && this.composer?.showTyping());
    chat.on("presence", (room) => room === chat.current && this.head?.refresh());
    chat.on("draft", (room) => this.composer?.draftChanged(room));
    addEventListener("storage", (event) => {
      const key = keep_(this.keep, event);
      if (key !== null) chat.stored(key);
    });
    addEventListener("hashchange", () => this.route());
    addEventListener("online", () => chat.link.wake());
    addEventListener("focus", () => {
      this.notices.look(); // It may have been changed in the browser's settings.
      this.roomsChanged();
      this.list?.seen();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      chat.link.wake();
      this.list?.checkDay();
      this.list?.schedule();
    });
    document.addEventListener("keydown", (event) => this.key(event));
    window.visualViewport?.addEventListener("resize", () => this.fitViewport());
  }

  /** Browsers that lay a keyboard over the page (iOS) tell its height only here. */
  fitViewport() {
    const covered = innerHeight - visualViewport.height;
    this.style.height = covered > 1 && visualViewport.scale === 1 ? `${visualViewport.height}px` : "";
  }

  // -- what is shown ------------------------------------------------------------------------------

  showSignIn() {
    if (this.signIn) return;
    this.list = this.composer = this.head = this.rooms = undefined;
    this.signIn = new SignIn();
    this.signIn.start(this.chat);
    this.replaceChildren(this.signIn);
    this.signIn.name.focus();
    this.notices.title(0, "");
  }

  showChat() {
    this.signIn = undefined;
    const { chat } = this;
    const actions = this.actions();
    const start = (element, ...needs) => {
      element.start(chat, ...needs);
      return element;
    };
    this.banner = start(new ConnBanner(), this.announcer);
    this.rooms = start(new RoomList(), actions);
    this.head = start(new RoomHead(), actions);
    this.list = start(new MessageList(), actions);
    this.composer = start(new ChatComposer(), actions);
    this.switcher = start(new RoomSwitcher(), (name) => this.go(name));
    this.search = start(new MessageSearch(), (entry) => this.goTo(entry));
    this.help = new KeyHelp();
    const main = make("main", null, this.head, this.banner, this.list, this.composer);
    for (const each of [main, this.rooms.list]) each.addEventListener("click", (event) => {
      if (!event.target.closest(".to-rooms")) this.showRooms(false);
      if (!event.target.closest("room-head")) this.head.close();
    });
    this.replaceChildren(
      this.rooms, main,
      this.switcher, this.search, this.help, this.announcer.node);
    this.route();
  }

  actions() {
    const { chat } = this;
    return {
      switcher: () => this.switcher.open(),
      search: () => this.search.open(),
      help: () => this.help.open(),
      signOut: () => this.signOut(),
      note: (text) => this.banner.note(text),
      notify: () => this.notices.ask().then(() => this.roomsChanged()),
      rooms: () => this.showRooms(!this.classList.contains("at-rooms")),
      leave: (room) => this.leave(room),
      sent: () => this.list.jumpToEnd(false),
      focusComposer: () => this.composer.area.focus(),
      retry: (id) => chat.retry(chat.current, id),
      drop: (id) => chat.drop(chat.current, id),
      edit: (id) => this.edit(id),
      editLast: () => this.editLast(),
      quote: (entry) => this.composer.insert(`${entry.text.replace(/^/gm, "> ")}\n`),
      copyLink: (room, seq) => this.copyLink(room, seq),
    };
  }

  opened(room) {
    this.keep.set(`${this.chat.me.id}.last`, room.name);
    this.classList.remove("at-rooms");
    this.head.open(room);
    this.list.open(room);
    this.composer.open(room);
    this.composer.area.focus();
  }

  /** On a narrow screen the rooms lie over the messages. */
  showRooms(open) {
    const was = this.classList.contains("at-rooms");
    this.classList.toggle("at-rooms", open);
    if (open) this.rooms.querySelector("a, button").focus();
    else if (was) this.composer.area.focus();
  }

  // -- where we are -------------------------------------------------------------------------------

  route() {
    if (!this.chat.me || !this.list) return;
    const address = parseAddress(location.hash);
    if (!address) {
      const last = this.keep.get(`${this.chat.me.id}.last`) ?? FIRST_ROOM;
      history.replaceState(null, "", addressOf(last));
      this.route();
      return;
    }
    this.wanted = address.seq === undefined ? null : location.hash;
    this.chat.open(address.room);
    this.followAddress();
    if (this.wanted && ["waiting", "ended"].includes(this.chat.link.state.name))
      this.banner.note(`Message ${address.seq} comes with the connection.`);
  }

  /** An entry can only be shown once its room is joined. */
  followAddress() {
    const { current } = this.chat;
    if (this.wanted && (current.joined || current.log.has(parseAddress(this.wanted).seq)) && this.list.follow(this.wanted))
      this.wanted = null;
  }

  go(name) {
    if (this.chat.current?.name === name) this.composer.area.focus();
    location.hash = addressOf(name);
    this.route(); // The address may be this one already, as after leaving the only room.
  }

  /** Also when the address is that of this entry already. */
  goTo(entry) {
    const address = addressOf(entry.room, entry.seq);
    if (location.hash === address) this.route();
    else location.hash = address;
  }

  signOut() {
    this.composer.keepDraft();
    const question = farewell(unsaid(this.keep, this.chat.me.id));
    if (question === null || confirm(question)) this.chat.signOut();
  }

  leave(room) {
    const open = this.chat.outbox.ofRoom(room.name).filter((each) => each.state !== "stored").length;
    if (open > 0) {
      const [what, it] = open === 1 ? ["A message here is", "it is"] : [`${open} messages here are`, "they are"];
      this.banner.note(`${what} not stored yet. Drop ${open === 1 ? "it" : "them"}, or leave when ${it}.`);
      return;
    }
    this.chat.forget(room);
    this.go(this.chat.rooms.keys().next().value ?? FIRST_ROOM);
  }

  step(by, onlyNew) {
    const rooms = [...this.chat.rooms.values()].sort((a, b) => a.name.localeCompare(b.name));
    const at = rooms.indexOf(this.chat.current);
    for (let i = 1; i <= rooms.length; i += 1) {
      const room = rooms[(at + by * i + rooms.length * i) % rooms.length];
      if (room !== this.chat.current && (!onlyNew || room.unread > 0)) {
        this.go(room.name);
        return;
      }
    }
  }

  // -- what came ----------------------------------------------------------------------------------

  takeState(state) {
    this.signIn?.takeState(state);
    this.banner?.refresh();
    this.head?.refresh();
  }

  roomsChanged() {
    if (!this.rooms || !this.chat.me) return;
    this.rooms.refresh();
    say(this.rooms.notify, this.notices.words);
    let unread = 0;
    for (const room of this.chat.rooms.values()) unread += room.unread;
    this.notices.title(unread, this.chat.current?.name);
  }

  logChanged({ room, arrived, change }) {
    for (const { entry, mentioned } of arrived) {
      if (mentioned) this.notices.mention(this.chat.me.id, entry, room.log.epoch, () => (location.hash = addressOf(entry.room, entry.seq)));
      if (room === this.chat.current) this.announcer.say(`${entry.from}: ${entry.text}`);
    }
    if (room !== this.list?.room) return;
    if (change === "reset") this.list.startAnew();
    this.list.arrived(arrived.length);
    if (arrived.length === 0) this.head.refresh();
    this.followAddress();
  }

  // -- what the reader does -----------------------------------------------------------------------

  edit(id) {
    const { chat } = this;
    const item = chat.outbox.get(id);
    if (!item || !chat.outbox.isChangeable(item)) return;
    this.composer.insert(item.text); // Which keeps it, before the outbox does not.
    chat.drop(chat.current, id);
  }

  editLast() {
    const { outbox, current } = this.chat;
    const item = outbox.ofRoom(current.name).findLast((each) => outbox.isChangeable(each));
    if (item) this.edit(item.id);
    return item !== undefined;
  }

  copyLink(room, seq) {
    history.replaceState(null, "", addressOf(room.name, seq));
    const copied = navigator.clipboard?.writeText(location.href) ?? Promise.reject(new Error("no clipboard"));
    copied.then(
      () => this.announcer.say("Link copied."),
      () => this.announcer.say("The link is in the address bar."));
  }

  chooserOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
    if (!(ctrlKey || metaKey) || altKey) return null;
    const letter = key.toLowerCase();
    return letter === "k" ? this.switcher : letter === "f" && shiftKey ? this.search : null;
  }

  key(event) {
    if (!this.list || event.isComposing) return;
    const dialog = this.querySelector("dialog[open]");
    const typing = event.target.closest?.("input, textarea");
    const chooser = this.chooserOf(event);
    if (chooser) {
      dialog?.close();
      if (dialog !== chooser.dialog) chooser.open();
    } else if (dialog) return;
    else if (event.key === "/" && !typing) this.search.open();
    else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown"))
      this.step(event.key === "ArrowUp" ? -1 : 1, event.shiftKey);
    else if (event.key === "Escape" && this.classList.contains("at-rooms")) this.showRooms(false);
    else if (event.key === "Escape" && !this.head.close()) this.list.jumpToEnd();
    else if (event.key === "?" && !typing) this.help.open();
    else return;
    event.preventDefault();
  }
}

/** Null where the browser forbids it: then nothing is remembered. */
function storageOrNull() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

function keep_(keep, event) {
  return event.storageArea === sessionStorage ? null : keep.ours(event.key);
}

customElements.define("chat-app", ChatApp);
