// Ctrl-K: finds a room by a few letters, or creates it.
import { Chooser } from "./chooser.js";
import { make } from "./dom.js";
import { findRooms } from "./questions.js";
import { ranked } from "./unread.js";

export class RoomSwitcher extends Chooser {
  start(chat, go) {
    this.chat = chat;
    this.go = go;
    this.others = [];
    this.build({ label: "Find or create a room", field: "Room", placeholder: "Name of a room", lines: "Rooms" });
  }

  search() {
    const { wanted } = this;
    this.others = [];
    findRooms(this.chat.link, wanted, (rooms) => {
      if (wanted !== this.wanted) return;
      this.others = rooms;
      this.show();
    });
    this.show();
  }

  show() {
    const { wanted } = this;
    const own = [...this.chat.rooms.values()].sort((a, b) => Number(b.unread > 0) - Number(a.unread > 0));
    const others = this.others.filter((room) => !this.chat.rooms.has(room.name) && room.name.startsWith(wanted));
    const found = [...ranked(own, wanted), ...others].slice(0, 12)
      .map((room) => ({ name: room.name, words: room.unread ? `${room.unread} new` : "" }));
    if (wanted !== "" && !found.some((room) => room.name === wanted))
      found.push({ name: wanted, words: "Create or join this room" });
    this.offer(found.map(({ name, words }) => ({
      nodes: [make("span", { class: "name" }, name), " ", make("span", { class: "hint" }, words)],
      take: () => this.go(name),
    })), found.length === 0 ? "Type a name: a room that does not exist is created." : "");
  }
}
customElements.define("room-switcher", RoomSwitcher);
