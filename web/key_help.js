// The table of keys. Promises that every key that it names has a button somewhere, too.
import { button, make } from "./dom.js";

const KEYS = [
  ["Enter", "Send; Shift+Enter begins a new line"],
  ["↑", "In an empty composer: edit the last message that is not sent"],
  ["Ctrl+K", "Find or create a room"],
  ["Ctrl+Shift+F /", "Search the messages"],
  ["Alt+↑ Alt+↓", "Room above, room below"],
  ["Alt+Shift+↑ Alt+Shift+↓", "The same, only rooms with something new"],
  ["Esc", "Close what is open, else: to the newest message, all read, also what was marked unread"],
  ["↑ ↓ End", "In the messages: one up, one down, the newest"],
  ["U", "On a message: mark unread from here"],
  ["?", "This table"],
];

export class KeyHelp extends HTMLElement {
  open() {
    if (!this.dialog) {
      this.dialog = make("dialog", { "aria-labelledby": "keys-title" },
        make("h2", { id: "keys-title" }, "Keys"),
        make("dl", null, ...KEYS.flatMap(([keys, words]) => [
          make("dt", null, ...keys.split(" ").flatMap((key) => [make("kbd", null, key), " "])), make("dd", null, words)])),
        make("p", { class: "hint" }, "Texts: **bold**, *italic*, `code`, > quote, and ``` around several lines of code."),
        button("Close", () => this.dialog.close(), { class: "primary" }));
      this.append(this.dialog);
    }
    if (!this.dialog.open) this.dialog.showModal();
  }
}
customElements.define("key-help", KeyHelp);
