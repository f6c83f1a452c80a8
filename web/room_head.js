// The room's name and who is here. Promises to ask for names only while somebody looks at them.
import { button, make, say } from "./dom.js";
import { who } from "./questions.js";

export class RoomHead extends HTMLElement {
  room = null;

  start(chat, actions) {
    this.chat = chat;
    this.heading = make("h1", { tabindex: "-1" });
    this.count = make("span");
    this.people = button("", () => this.toggle(), { "aria-expanded": "false", "aria-controls": "people" });
    this.people.append(this.count);
    this.names = make("ul", { "aria-label": "Who is here" });
    this.panel = make("div", { id: "people", hidden: true }, this.names,
      button("Leave this room", () => actions.leave(this.room)));
    this.append(
      button("☰", actions.rooms, { class: "to-rooms", "aria-label": "Rooms" }), this.heading,
      button("Search", actions.search, { "aria-keyshortcuts": "Control+Shift+F /" }), this.people, this.panel);
  }

  open(room) {
    this.room = room;
    say(this.heading, room.name);
    this.close();
    this.refresh();
  }

  refresh() {
    if (!this.room) return;
    say(this.count, this.room.joined ? `${this.room.members} here` : this.room.problem ? "not joined" : "offline");
    if (!this.panel.hidden) this.ask();
  }

  toggle() {
    this.panel.hidden = !this.panel.hidden;
    this.people.setAttribute("aria-expanded", String(!this.panel.hidden));
    if (!this.panel.hidden) this.ask();
  }

  /** False if there was nothing to close. */
  close() {
    if (this.panel.hidden) return false;
    if (this.panel.contains(document.activeElement)) this.people.focus();
    this.toggle();
    return true;
  }

  ask() {
    const { room } = this;
    who(this.chat.link, room, (names, members) => {
      if (room !== this.room) return;
      const rest = members > names.length ? [make("li", null, `and ${members - names.length} more`)] : [];
      this.names.replaceChildren(...names.map((name) => make("li", null, name)), ...rest);
    });
  }
}
customElements.define("room-head", RoomHead);
