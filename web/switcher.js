// Ctrl-K: finds a room by a few letters, or creates it. Promises that the keyboard alone is enough.
import { isComposing } from "./composer.js";
import { make, say } from "./dom.js";
import { ranked } from "./unread.js";

export class RoomSwitcher extends HTMLElement {
  start(chat, go) {
    this.chat = chat;
    this.go = go;
    this.input = make("input", {
      role: "combobox", "aria-label": "Room", "aria-expanded": "true", "aria-controls": "found-rooms",
      "aria-autocomplete": "list", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      placeholder: "Name of a room", input: () => this.search(), keydown: (event) => this.key(event),
    });
    this.list = make("ul", { id: "found-rooms", role: "listbox", "aria-label": "Rooms" });
    this.hint = make("p", { class: "hint" });
    this.dialog = make("dialog", { "aria-label": "Find or create a room" },
      make("form", { method: "dialog", submit: (event) => this.choose(event) }, this.input), this.list, this.hint);
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
    this.append(this.dialog);
  }

  open() {
    if (this.dialog.open) return;
    this.input.value = "";
    this.others = [];
    this.dialog.showModal();
    this.search();
  }

  search() {
    const wanted = this.input.value.trim();
    this.chat.findRooms(wanted, (rooms) => {
      if (wanted !== this.input.value.trim()) return;
      this.others = rooms;
      this.show();
    });
    this.show();
  }

  show() {
    const wanted = this.input.value.trim();
    const own = [...this.chat.rooms.values()].sort((a, b) => Number(b.unread > 0) - Number(a.unread > 0));
    const others = this.others.filter((room) => !this.chat.rooms.has(room.name) && room.name.startsWith(wanted));
    const found = [...ranked(own, wanted), ...others].slice(0, 12)
      .map((room) => ({ name: room.name, words: room.unread ? `${room.unread} new` : "" }));
    if (wanted !== "" && !found.some((room) => room.name === wanted))
      found.push({ name: wanted, words: "Create or join this room" });
    this.options = found;
    this.list.replaceChildren(...found.map((room, index) => make("li",
      { role: "option", id: `room-${index}`, "aria-selected": "false", click: () => this.enter(room.name) },
      make("span", { class: "name" }, room.name), " ", make("span", { class: "hint" }, room.words))));
    say(this.hint, found.length === 0 ? "Type a name: a room that does not exist is created." : "");
    this.select(0);
  }

  select(index) {
    const options = this.list.children;
    if (options.length === 0) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    this.selected = (index + options.length) % options.length;
    [...options].forEach((option, at) => option.setAttribute("aria-selected", String(at === this.selected)));
    options[this.selected].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", `room-${this.selected}`);
  }

  key(event) {
    if (isComposing(event)) return;
    if (event.key === "ArrowDown") this.select(this.selected + 1);
    else if (event.key === "ArrowUp") this.select(this.selected - 1);
    else return;
    event.preventDefault();
  }

  choose(event) {
    event.preventDefault();
    const option = this.options[this.selected];
    if (option) this.enter(option.name);
  }

  enter(name) {
    this.dialog.close();
    this.go(name);
  }
}
customElements.define("room-switcher", RoomSwitcher);
