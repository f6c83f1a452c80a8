// The log on the screen: mirrors the window of a RoomLog. Promises that what the reader looks at moves by 0 px
// whatever is added or taken away around it, and that never more nodes exist than the window has entries.
import { button, clockTime, make, oncePerFrame, parseAddress, say } from "./dom.js";
import { standing } from "./grouping.js";
import { entryNode, placeNode } from "./message_node.js";
import { Pace, STEP } from "./pace.js";
import { PendingList } from "./pending_list.js";
import { WINDOW } from "./room_log.js";
import { mentions } from "./unread.js";

const STICKS = 60; // px from the end that still count as the end
const LINE = 24; // px; no message is lower.
const MINUTE = 60000;
const AHEAD = 800; // px before the end of the window at which more is loaded

export class MessageList extends HTMLElement {
  room = null;
  stuck = true;
  missed = 0;
  pace = new Pace();
  whole = false; // All of the window has nodes.
  met = null; // The unread line that whoever reads here knows of: its bar has done its work.

  start(chat, actions) {
    this.chat = chat;
    this.schedule = oncePerFrame(() => this.sync());
    this.actions = actions;
    this.entries = make("ol", { class: "entries" });
    this.pending = new PendingList(chat, actions);
    this.scroller = make("div",
      { class: "scroller", role: "log", "aria-live": "off", "aria-label": "Messages", tabindex: "0",
        keydown: (event) => this.key(event) },
      this.entries, this.pending.node);
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.newBar = button("", () => this.toLine(), { class: "new-bar", hidden: true });
    this.toEnd = button("", () => this.jumpToEnd(), { class: "to-end", hidden: true });
    this.tools = this.makeTools();
    this.empty = make("p", { class: "hint empty", hidden: true }, "Nobody has written here yet.");
    this.append(this.newBar, this.empty, this.scroller, this.toEnd);
    // A keyboard that opens, or a banner, must not push the newest line out of sight.
    new ResizeObserver(() => this.resized()).observe(this.scroller);
    this.today = new Date().toDateString();
    this.clock = setInterval(() => this.checkDay(), MINUTE);
    for (const type of ["pointerover", "focusin"]) this.entries.addEventListener(type, (event) => this.offer(event));
  }

  disconnectedCallback() {
    clearInterval(this.clock);
  }

  /** After midnight "Today" is another day. */
  checkDay() {
    const today = new Date().toDateString();
    if (today === this.today || !this.room) return;
    this.today = today;
    for (const line of this.entries.querySelectorAll(".day-line")) this.place(Number(line.parentNode.dataset.seq));
  }

  makeTools() {
    const seq = () => Number(this.tools.closest("li").dataset.seq);
    return make("div", { class: "tools" },
      button("Quote", () => this.actions.quote(this.entryOf(seq()))),
      button("Copy link", () => this.actions.copyLink(this.room, seq())),
      button("Mark unread", () => this.chat.markUnread(this.room, seq()), { "aria-keyshortcuts": "U" }));
  }

  offer(event) {
    const node = event.target.closest("li");
    const before = this.tools.parentNode;
    if (!node || before === node) return;
    if (this.tools.contains(document.activeElement)) {
      // A pointer that only lies there takes nothing from the keyboard; what moves keeps the focus in the messages.
      if (this.tools.querySelector(":focus-visible")) return;
      this.take(before);
    }
    node.append(this.tools);
  }

  entryOf(seq) {
    return this.room.log.entries[seq - this.room.log.low];
  }

  nodeOf(seq) {
    return this.entries.querySelector(`:scope > [data-seq="${seq}"]`);
  }

  // -- showing ------------------------------------------------------------------------------------

  /** Shows a room from its unread line, or from its end. */
  open(room) {
    if (this.room) this.room.log.following = true;
    this.room = room;
    this.entries.replaceChildren();
    this.pending.clear();
    this.missed = 0;
    this.stuck = true;
    this.placed = false;
    this.found = null;
    this.met = null;
    this.sync();
    // Who left while reading far above comes back to what is new.
    if (room.joined && !room.log.live) this.jumpToEnd(false);
  }

  /** Another log under the same name: its numbers mean other entries. */
  startAnew() {
    if (this.entries.contains(document.activeElement)) this.scroller.focus({ preventScroll: true });
    this.entries.replaceChildren();
    this.placed = false;
    this.stuck = true;
  }

  /** Once a frame. Before the first place is known, and for a jump, all of the window is there at once. */
  sync(most = this.placed || !this.room?.line ? Math.max(STEP, Math.ceil((this.height ?? 0) / LINE)) : WINDOW) {
    if (!this.room || !this.chat.me || !this.isConnected) return;
    const anchor = this.stuck ? null : this.firstSeen();
    const top = anchor?.getBoundingClientRect().top;
    this.mirror(most);
    this.pending.mirror(this.room, this.room.log.live || !this.stuck);
    if (this.stuck) this.scrollToEnd();
    else if (anchor?.isConnected) this.scroller.scrollTop += anchor.getBoundingClientRect().top - top;
    this.firstPlace();
    this.loadMore();
    this.bars();
    this.seen();
  }

  /** Takes away what left the window and adds what came, at both ends; what is shown has no gaps. */
  mirror(most) {
    const { log } = this.room;
    const { children } = this.entries;
    const seqOf = (node) => Number(node.dataset.seq);
    const shown = children.length > 0 ? { low: seqOf(children[0]), high: seqOf(this.entries.lastChild) } : null;
    const { low, high } = this.pace.next(shown, log, this.stuck, performance.now(), most);
    this.whole = low === log.low && high === log.high;
    if (!this.whole) this.schedule();
    if (this.entries.contains(document.activeElement) && this.isLost(document.activeElement, low, high))
      this.scroller.focus({ preventScroll: true });
    let from = high + 1;
    let to = high;
    if (shown && shown.low <= high && shown.high >= low) {
      while (seqOf(children[0]) < low) children[0].remove();
      while (seqOf(this.entries.lastChild) > high) this.entries.lastChild.remove();
      from = seqOf(children[0]);
      to = seqOf(this.entries.lastChild);
    } else this.entries.replaceChildren();
    if (low < from) this.entries.prepend(...this.nodesOf(low, from - 1));
    if (to < high) this.entries.append(...this.nodesOf(to + 1, high));
    // The neighbours of what was added stand differently now.
    for (const seq of new Set([from, this.lineShown, this.room.line])) this.place(seq);
    this.lineShown = this.room.line;
  }

  /** True if what has the focus goes away: the focus must not fall out of the messages. */
  isLost(focused, low, high) {
    const seq = Number(focused.closest("li").dataset.seq);
    return seq < low || seq > high;
  }

  nodesOf(low, high) {
    const nodes = [];
    for (let seq = low; seq <= high; seq += 1) {
      const entry = this.entryOf(seq);
      const mine = entry.author === this.chat.me.id;
      const mentioned = !mine && entry.type === "message" && mentions(entry.text, this.chat.me.name);
      const node = entryNode(entry, { mine, mentioned });
      placeNode(node, entry, this.standingOf(seq));
      nodes.push(node);
    }
    return nodes;
  }

  standingOf(seq) {
    return { ...standing(this.entryOf(seq - 1), this.entryOf(seq)), firstNew: seq === this.room.line };
  }

  place(seq) {
    const node = seq ? this.nodeOf(seq) : null;
    if (node && !node.hidden) placeNode(node, this.entryOf(seq), this.standingOf(seq));
  }

  // -- scrolling ----------------------------------------------------------------------------------

  firstSeen() {
    const top = this.scroller.getBoundingClientRect().top;
    for (const node of this.entries.children) {
      if (node.getBoundingClientRect().bottom > top + 1) return node;
    }
    return null;
  }

  scrollToEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Where a reader who comes begins: at the line, if it is far up, else at the end. */
  firstPlace() {
    if (this.placed || this.entries.childElementCount === 0) return;
    this.placed = true;
    const line = this.room.line ? this.nodeOf(this.room.line) : null;
    if (!line) return;
    line.scrollIntoView({ block: "start" });
    this.scroller.scrollTop -= 40;
    this.scrolled();
  }

  resized() {
    this.height = this.scroller.clientHeight;
    if (this.stuck) this.scrollToEnd();
  }

  scrolled() {
    // A scroll may be told before the resize that moved the end away: the reader has not left it.
    if (this.stuck && this.height !== this.scroller.clientHeight) {
      this.resized();
      return;
    }
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.stuck = scrollHeight - scrollTop - clientHeight <= STICKS && this.room.log.live;
    this.room.log.following = this.stuck;
    if (this.stuck) this.missed = 0;
    this.loadMore();
    this.bars();
    this.seen();
  }

  loadMore() {
    if (!this.whole) return;
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    if (scrollTop < AHEAD) this.chat.paging.older(this.room);
    if (scrollHeight - scrollTop - clientHeight < AHEAD) this.chat.paging.newer(this.room);
  }

  arrived(count) {
    if (!this.stuck) this.missed += count;
    // New for somebody who is not here to see it: then the line shows where it began.
    if (count > 0 && this.room.line === null && !this.present()) {
      this.room.line = this.room.read ? this.room.read.seq + 1 : null;
      this.room.lineAt = this.room.read?.at ?? null;
    }
    this.schedule();
  }

  present() {
    return this.stuck && isHere();
  }

  /** What stands on the screen of somebody who is here has been read. */
  seen() {
    const last = this.room.log.entries.at(-1);
    if (last && this.room.joined && this.present()) this.chat.saw(this.room, last);
  }

  bars() {
    const { log, line, lineAt, unread } = this.room;
    const node = line ? this.nodeOf(line) : null;
    const above = node ? node.getBoundingClientRect().bottom < this.scroller.getBoundingClientRect().top : line < log.low;
    if (node && !above && isHere()) this.met = line;
    this.newBar.hidden = !(line && above && line !== this.met);
    if (!this.newBar.hidden) {
      const count = log.position - line + 1;
      say(this.newBar, `${count} new${lineAt ? ` since ${clockTime(lineAt)}` : ""} – jump`);
    }
    this.empty.hidden = log.position !== 0 || this.pending.node.children.length > 0;
    this.toEnd.hidden = this.stuck || (log.live && this.entries.childElementCount === 0);
    const news = Math.max(this.missed, log.live ? 0 : Math.min(unread, log.position - log.high));
    say(this.toEnd, news > 0 ? `↓ ${news} new` : "↓ Newest");
  }

  // -- jumping ------------------------------------------------------------------------------------

  toLine() {
    this.show(this.room.line, false);
  }

  /** Puts `seq` into the middle and marks it; loads its surroundings if they are not here. */
  show(seq, mark = true) {
    const { room } = this;
    const there = () => {
      if (this.room !== room) return;
      this.placed = true;
      const exact = this.nodeOf(seq);
      const missing = !exact || exact.hidden;
      if (mark && missing) this.actions.note(`Message ${seq} is not in ${room.name}.`);
      const node = missing ? this.entries.querySelector(":scope > :not([hidden])") : exact;
      if (!node) return;
      this.stuck = false;
      room.log.following = false;
      node.scrollIntoView({ block: "center" });
      this.found?.classList.remove("found");
      this.found = null;
      if (mark && !missing) {
        node.classList.add("found");
        this.found = node;
      }
      this.take(node);
      this.scrolled();
    };
    if (seq >= room.log.low && seq <= room.log.high) {
      this.sync(WINDOW);
      there();
      return;
    }
    if (seq > room.log.position) {
      this.actions.note(`Message ${seq} is not in ${room.name}.`);
      this.jumpToEnd(false);
      return;
    }
    this.stuck = false;
    room.log.following = false;
    this.chat.paging.show(room, seq, () => {
      this.sync(WINDOW);
      there();
    }, (why) => this.stays(room, why));
  }

  /** A jump that came to nothing leaves the reader where they are, and says so. */
  stays(room, why) {
    this.actions.note(`That is not loaded. ${why}`);
    if (this.room === room) this.scrolled();
  }

  /** `read`: also what was marked unread. */
  jumpToEnd(read = true) {
    const { room } = this;
    const end = () => {
      if (this.room !== room) return;
      if (read) {
        room.heldUnread = false;
        this.met = room.line;
      }
      this.stuck = true;
      this.room.log.following = true;
      this.missed = 0;
      this.sync();
      this.actions.focusComposer();
    };
    if (room.log.live) end();
    else this.chat.paging.show(room, undefined, end, (why) => this.stays(room, why));
  }

  // -- keys ---------------------------------------------------------------------------------------

  take(node) {
    this.taken?.setAttribute("tabindex", "-1");
    node.setAttribute("tabindex", "0");
    this.taken = node;
    node.focus({ preventScroll: true });
  }

  key(event) {
    if (event.target.closest("button, a") && !isU(event)) return;
    const node = event.target.closest("li");
    if (event.key === "ArrowUp" || event.key === "ArrowDown") this.step(node, event.key === "ArrowUp");
    else if (event.key === "End") this.jumpToEnd();
    else if (isU(event) && node?.dataset.seq)
      this.chat.markUnread(this.room, Number(node.dataset.seq));
    else return;
    event.preventDefault();
  }

  step(node, up) {
    const next = node
      ? up ? node.previousElementSibling : node.nextElementSibling
      : this.entries.lastElementChild;
    if (!next) return;
    this.take(next);
    next.scrollIntoView({ block: "nearest" });
  }

  /** True if the address asks for an entry of the room on the screen. */
  follow(hash) {
    const address = parseAddress(hash);
    if (address?.seq === undefined || address.room !== this.room?.name || this.room.log.position === null) return false;
    this.show(address.seq);
    return true;
  }
}

/** Somebody is at this page. */
const isHere = () => !document.hidden && document.hasFocus();

function isU({ key, ctrlKey, metaKey, altKey }) {
  return key.toLowerCase() === "u" && !ctrlKey && !metaKey && !altKey; // "U" with Caps Lock.
}

customElements.define("message-list", MessageList);
