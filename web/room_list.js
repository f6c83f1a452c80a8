// The rooms with what is new in them. Promises that looking at the list marks nothing as read.
import { addressOf, button, make, say } from "./dom.js";

export class RoomList extends HTMLElement {
  start(chat, actions) {
    this.chat = chat;
    this.items = new Map();
    this.list = make("ul");
    this.me = make("span", { class: "me" });
    this.notify = button("Notify me", actions.notify, { title: "Notifications when somebody writes your name" });
    this.append(
      make("nav", { "aria-label": "Rooms" },
        button("Find or create a room…", actions.switcher, { class: "find", "aria-keyshortcuts": "Control+K" }),
        this.list),
      make("footer", null, this.me, this.notify,
        button("Keys", actions.help, { "aria-keyshortcuts": "?" }), button("Sign out", actions.signOut)));
  }

  refresh() {
    say(this.me, this.chat.me?.name ?? "");
    const names = [...this.chat.rooms.keys()].sort((a, b) => a.localeCompare(b));
    for (const [name, item] of this.items) {
      if (!this.chat.rooms.has(name)) {
        item.node.remove();
        this.items.delete(name);
      }
    }
    names.forEach((name, index) => {
      const item = this.items.get(name) ?? this.add(name);
      if (this.list.children[index] !== item.node) this.list.insertBefore(item.node, this.list.children[index] ?? null);
      this.update(item, this.chat.rooms.get(name));
    });
  }

  add(name) {
    const count = make("span", { class: "count" });
    const words = make("span", { class: "unseen" });
    const link = make("a", { href: addressOf(name) }, make("span", { class: "name" }, name), count, words);
    const item = { node: make("li", null, link), link, count, words };
    this.items.set(name, item);
    return item;
  }

  update(item, room) {
    const { unread, mentioned } = room;
    const shown = unread > 999 ? "999+" : String(unread);
    say(item.count, unread === 0 ? "" : mentioned > 0 ? `@ ${shown}` : shown);
    say(item.words, unread === 0 ? "" : mentioned > 0 ? " new, you are mentioned" : " new");
    item.link.classList.toggle("unread", unread > 0);
    item.link.classList.toggle("mentioned", mentioned > 0 && unread > 0);
    if (room === this.chat.current) item.link.setAttribute("aria-current", "page");
    else item.link.removeAttribute("aria-current");
  }
}
customElements.define("room-list", RoomList);
