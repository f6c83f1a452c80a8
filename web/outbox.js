// Posts without a receipt, in order, kept across reloads and shared by all tabs.
// Promises that a post keeps its id until its receipt, is sent by one tab at a time, and is never lost silently.

const UNDER_WAY = 16; // Of a room; far below the server's requests_under_way.
const OVERDUE = 10000;

const REASONS = {
  too_long: "It is too long.",
  empty: "It is empty.",
  bad_text: "It holds a character that cannot be stored.",
  id_conflict: "Another text was stored in its place.",
};

export class Outbox {
  #keep;
  #beginning;
  #tab;
  #world;
  #items = new Map(); // id → item, of all tabs
  #lanes = new Map(); // room → {refused, until}

  /** `world`: now(), newId(). `tab` names this tab among those of this browser. */
  constructor(keep, user, tab, world) {
    this.#keep = keep;
    this.#beginning = `${user}.out.`;
    this.#tab = tab;
    this.#world = world;
    for (const key of keep.keys(this.#beginning)) this.reload(key);
  }

  /** Accepts a text. It is kept before anybody is told. */
  add(room, text) {
    const at = this.#world.now();
    // A clock may be set back, and stand still between two posts.
    const order = Math.max(at, ...[...this.#items.values()].map((each) => each.order + 1));
    const item = { id: this.#world.newId(), room, text, at, order, tab: this.#tab, tried: false };
    item.kept = this.#save(item);
    item.state = "queued";
    this.#items.set(item.id, item);
    return item;
  }

  /** Another tab has changed this key of the storage. False if it is none of ours. */
  reload(key) {
    if (!key.startsWith(this.#beginning)) return false;
    const id = key.slice(this.#beginning.length);
    const known = this.#items.get(id);
    const kept = this.#keep.json(key, null);
    if (known?.tab === this.#tab && kept?.tab === this.#tab) return true;
    if (kept && typeof kept.text === "string" && typeof kept.room === "string")
      this.#items.set(id, { ...kept, id, kept: true, state: kept.failed ? "failed" : "queued" });
    else this.#items.delete(id);
    return true;
  }

  /** Takes over what tabs left behind that are gone; the rooms of it. */
  adopt(isGone) {
    const rooms = new Set();
    for (const item of this.#items.values()) {
      if (item.tab === this.#tab || !isGone(item.tab)) continue;
      item.tab = this.#tab;
      this.#save(item);
      rooms.add(item.room);
    }
    return rooms;
  }

  otherTabs() {
    return new Set([...this.#items.values()].map((item) => item.tab).filter((tab) => tab !== this.#tab));
  }

  get(id) {
    return this.#items.get(id);
  }

  rooms() {
    return new Set([...this.#items.values()].map((item) => item.room));
  }

  ofRoom(room) {
    return [...this.#items.values()].filter((item) => item.room === room).sort((a, b) => a.order - b.order);
  }

  /**
   * What to send now. After a refusal the server refuses all that follows until the refused one comes
   * again, so everything waits until each is answered and the pause is over, and begins from the first.
   */
  sendable(room) {
    const own = this.ofRoom(room).filter((item) => item.tab === this.#tab);
    const underWay = own.filter((item) => item.state === "sent").length;
    const lane = this.#lanes.get(room);
    if (lane && (underWay > 0 || this.#world.now() < lane.until)) return [];
    this.#lanes.delete(room);
    return own.filter((item) => item.state === "queued").slice(0, UNDER_WAY - underWay);
  }

  sent(id) {
    const item = this.#items.get(id);
    item.state = "sent";
    if (item.tried) return;
    item.tried = true;
    this.#save(item);
  }

  /** The receipt. The item, which stays to be seen until its message comes; undefined if it is not ours. */
  stored(id, seq) {
    const item = this.#items.get(id);
    if (!item) return undefined;
    this.#keep.remove(this.#beginning + id);
    item.state = "stored";
    item.seq = seq;
    return item;
  }

  /** The log is known up to `position`: what is stored up to there needs no place of its own. */
  settle(room, position) {
    for (const item of this.ofRoom(room)) {
      if (item.state === "stored" && item.seq <= position) this.drop(item.id);
    }
  }

  /** An error about this post. Milliseconds to wait before more is sent; 0 if it is final. */
  refused(id, error) {
    const item = this.#items.get(id);
    if (!item || item.state !== "sent") return 0;
    const wait = error.retry_after_ms;
    if (wait === undefined) {
      item.state = "failed";
      item.failed = { code: error.code, message: REASONS[error.code] ?? error.message };
      this.#save(item);
      return 0;
    }
    item.state = "queued";
    const until = Math.max(this.#world.now() + wait, this.#lanes.get(item.room)?.until ?? 0);
    this.#lanes.set(item.room, { until });
    return wait;
  }

  /** What was under way is repeated, with the same ids, on the next connection. */
  lost() {
    this.#lanes.clear();
    for (const item of this.#items.values()) {
      if (item.state === "sent") item.state = "queued";
    }
  }

  /** Also of one that is under way: its answer may never come, and the id keeps it from being stored twice. */
  retry(id) {
    const item = this.#items.get(id);
    if (!item || item.state === "stored") return;
    item.tab = this.#tab;
    item.at = this.#world.now();
    item.state = "queued";
    delete item.failed;
    this.#save(item);
  }

  /** Forgets it; its message came, or its author does not want it any more. */
  drop(id) {
    this.#items.delete(id);
    this.#keep.remove(this.#beginning + id);
  }

  /** True while nobody can have stored it, nor sends it at this moment, so that a changed text is no second message. */
  isChangeable(item) {
    return item.state === "failed" || (item.tab === this.#tab && !item.tried && item.state === "queued");
  }

  isOverdue(item) {
    return item.state !== "stored" && item.state !== "failed" && this.#world.now() - item.at >= OVERDUE;
  }

  #save(item) {
    const { id, room, text, at, order, tab, tried, failed } = item;
    return this.#keep.setJson(this.#beginning + id, { id, room, text, at, order, tab, tried, failed });
  }
}
