// Finds messages by their words: first in what is loaded, then, when asked to, further back in the room on the screen.
// Promises to read the server's log no further than somebody asks.
import { Chooser } from "./chooser.js";
import { make, stamp } from "./dom.js";
import { excerpt, matching } from "./finding.js";
import { older } from "./questions.js";

const SHOWN = 50;
const PAGES = 4; // Of 500 messages; then it asks again.

export class MessageSearch extends Chooser {
  start(chat, show) {
    this.chat = chat;
    this.show = show;
    this.build({ label: "Search messages", field: "Search messages", placeholder: "Words of a message, or its sender", lines: "Messages" });
  }

  /** What is loaded now; what comes meanwhile stands on the screen anyway. */
  open() {
    if (this.dialog.open || !this.chat.current) return;
    this.room = this.chat.current;
    this.entries = [...this.chat.rooms.values()].flatMap((room) => room.log.entries);
    this.low = this.room.log.low;
    this.more = this.room.log.older;
    this.reading = false;
    super.open();
  }

  closed() {
    this.reading = false;
    this.entries = [];
  }

  search() {
    this.reading = false;
    this.refresh();
  }

  refresh(index) {
    const { wanted } = this;
    const found = matching(this.entries, wanted, SHOWN);
    const options = found.map((entry) => ({ nodes: lineOf(entry, wanted, this.room), take: () => this.show(entry) }));
    if (wanted !== "" && this.more && found.length < SHOWN)
      options.push({ nodes: [make("em", null, `Search further back in ${this.room.name}`)], take: () => this.further(), stays: true });
    this.offer(options, this.words(found.length), index);
  }

  words(count) {
    if (this.wanted === "") return "In all rooms, as far as they are loaded.";
    if (this.reading) return "Searching…";
    const back = this.more ? `${this.room.name} was read back to message ${this.low}.` : `${this.room.name} was read from its beginning.`;
    const found = count === 0 ? "Nothing found" : count === SHOWN ? `The newest ${SHOWN}` : `${count} found`;
    return `${found}. ${back}`;
  }

  /** Reads on until something is found, the room begins, or it has been enough. */
  further() {
    const { wanted } = this;
    const before = matching(this.entries, wanted, SHOWN).length;
    let pages = 0;
    this.reading = true;
    const page = () => older(this.chat.link, this.room, this.low, (answer) => {
      if (!this.reading || wanted !== this.wanted) return;
      pages += 1;
      this.more = answer?.more ?? true;
      this.entries.push(...(answer?.entries ?? []));
      this.low = answer?.entries[0]?.seq ?? this.low;
      const found = matching(this.entries, wanted, SHOWN).length;
      this.reading = answer !== null && this.more && found === before && pages < PAGES;
      this.refresh(before);
      if (this.reading) page();
    });
    this.refresh(before);
    page();
  }
}

function lineOf(entry, wanted, room) {
  const [before, word, after] = excerpt(entry.text, wanted);
  const where = entry.room === room.name ? "" : ` in ${entry.room}`;
  return [
    make("div", { class: "hint" }, make("b", null, entry.from), `${where}, ${stamp(entry.at)}`),
    make("div", { class: "line" }, before, make("mark", null, word), after),
  ];
}
customElements.define("message-search", MessageSearch);
