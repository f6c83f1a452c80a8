// What this page holds of one room: a position, and a bounded window of entries without a gap.
// Promises that an entry is taken once and in order, and that a gap is reported and never hidden.

export const WINDOW = 300;
export const PAGE = 50;
const SHORT_ABSENCE = 600000; // Longer ones load the newest page; what lies between is read by scrolling.

export class RoomLog {
  epoch = null;
  position = null; // The last seq known; what follows is asked for after a reconnect.
  first = 1;
  entries = []; // The window: dense, ascending, at most WINDOW.
  paging = false;
  joining = false;
  following = true; // The reader is at the end: the window moves with the log.

  get low() {
    return this.entries[0]?.seq ?? (this.position ?? 0) + 1;
  }

  get high() {
    return this.entries.at(-1)?.seq ?? this.position ?? 0;
  }

  /** True if the window ends where the log ends. */
  get live() {
    return this.high === (this.position ?? 0);
  }

  has(seq) {
    return this.entries.length > 0 && seq >= this.low && seq <= this.high;
  }

  get older() {
    return this.position !== null && this.low > this.first;
  }

  /** The fields of the join that continues here, after `away` milliseconds. */
  joinFields(away) {
    this.joining = true;
    this.paging = false;
    if (this.position === null || away > SHORT_ABSENCE) return { last: PAGE };
    return { after: this.position, epoch: this.epoch };
  }

  /** Takes a `joined`; "reset" if what was known is void, else "". */
  takeJoined(frame) {
    this.joining = false;
    this.first = frame.first;
    if (frame.mode === "resumed" || frame.mode === "paged") {
      this.#append(frame.entries);
      this.paging = frame.mode === "paged" && frame.more;
      return "";
    }
    const reset = this.epoch !== null && this.epoch !== frame.epoch;
    const wasLive = this.live;
    const before = this.position;
    const end = this.high;
    this.epoch = frame.epoch;
    this.position = frame.head;
    const page = frame.entries;
    if (reset || before === null || frame.mode === "reset") {
      this.entries = page;
    } else if (wasLive && page.length > 0 && page[0].seq <= end + 1) {
      this.#extend(page.filter((entry) => entry.seq > before));
    } else if (this.following) {
      this.entries = page;
    }
    return reset || frame.mode === "reset" ? "reset" : "";
  }

  /** Takes a page of a resume. False: there is a gap, join again. */
  takePage(frame) {
    if (!this.paging) return true;
    this.paging = frame.more;
    return this.#append(frame.entries);
  }

  /** Takes a live entry. False: there is a gap, join again. */
  takeLive(entry) {
    return this.joining || this.paging || this.#append([entry]);
  }

  /** Takes an answer to `before: low` or `after: high`, if the window still ends there. */
  takeHistory(entries, more, asked) {
    if (asked.before !== undefined && asked.before === this.low) {
      if (entries.length > 0 && entries.at(-1).seq !== this.low - 1) return;
      if (!more) this.first = entries[0]?.seq ?? this.low;
      this.entries = [...entries, ...this.entries].slice(0, WINDOW);
    } else if (asked.after !== undefined && asked.after === this.high) {
      if (entries.length > 0 && entries[0].seq !== this.high + 1) return;
      // What is live comes by itself, in its turn.
      this.#trimmed([...this.entries, ...entries.filter((entry) => entry.seq <= this.position)]);
    }
  }

  /** The window becomes this page: of a permalink, or the newest. */
  replace(entries) {
    this.entries = entries.filter((entry) => entry.seq <= this.position);
  }

  #append(entries) {
    for (const entry of entries) {
      if (entry.seq <= this.position) continue;
      if (entry.seq !== this.position + 1) return false;
      const extends_ = this.live && (this.following || this.entries.length < WINDOW);
      this.position = entry.seq;
      if (extends_) this.entries.push(entry);
    }
    if (this.entries.length > WINDOW) this.#trimmed(this.entries);
    return true;
  }

  #extend(entries) {
    if (this.following || this.entries.length + entries.length <= WINDOW)
      this.#trimmed([...this.entries, ...entries]);
  }

  #trimmed(entries) {
    this.entries = entries.slice(-WINDOW);
  }
}
