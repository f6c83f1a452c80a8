// Which entries of the window have nodes. Promises that one frame makes no more of them than asked for, that a reader
// at the end of a flood sees the newest ones, and that all are there once it is calm.

export const STEP = 50; // Nodes of one frame: a page of history, and some milliseconds.
const COOLS = 0.03; // Entries per ms; faster than 30 a second nobody reads.
const FLOOD = 30;
const HOTTEST = 60; // A second after the last entry of a flood, the rest comes back.

export class Pace {
  #heat = 0;
  #at = 0;

  /**
   * The range that has nodes next, {low, high}. `shown` is the one that has them now, or null; `log` is the window;
   * `stuck`: the reader is at its end. In a flood only `most` nodes are left: each frame lays out and paints them all.
   */
  next(shown, log, stuck, now, most = STEP) {
    const news = shown ? Math.max(0, log.high - shown.high) : 0;
    this.#heat = Math.min(HOTTEST, Math.max(0, this.#heat - (now - this.#at) * COOLS) + news);
    this.#at = now;
    const touches = shown && shown.low <= log.high && shown.high >= log.low;
    const begin = !touches || (stuck && news >= most)
      ? { low: log.high + 1, high: log.high }
      : { low: Math.max(shown.low, log.low), high: Math.min(shown.high, log.high) };
    const high = Math.min(log.high, begin.high + most);
    const low = stuck && this.#heat > FLOOD ? high - most + 1 : begin.low - (most - (high - begin.high));
    return { low: Math.max(log.low, low), high };
  }
}
