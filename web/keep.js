// What this browser keeps between visits, under one prefix, shared by all tabs of this server.
// Promises that a browser that refuses to keep anything costs memory of the next visit, and nothing now.

export class Keep {
  #storage;
  #copy;
  #memory = new Map();
  #prefix;

  /** `storage` is a localStorage, or null if the browser has none for us; `copy` a SecondCopy of posts, or null. */
  constructor(storage, copy = null, prefix = "callboard.") {
    this.#storage = storage;
    this.#copy = copy;
    this.#prefix = prefix;
  }

  /**
   * Brings back posts that the storage lost with a browser that was killed; their keys. `user()` is who is signed in
   * once the copy has been read: what it holds of others was to go when they signed out.
   */
  async restore(user) {
    const kept = await this.#copy.all();
    const own = `${user()}.out.`;
    for (const [key] of kept.filter(([name]) => !name.startsWith(own))) this.#copy.write(key, null);
    const lost = kept.filter(([key]) => key.startsWith(own) && this.get(key) === null);
    for (const [key, value] of lost) this.set(key, value);
    return lost.map(([key]) => key);
  }

  get(key) {
    try {
      return this.#memory.get(key) ?? this.#storage.getItem(this.#prefix + key);
    } catch {
      return null;
    }
  }

  /** False if it is only kept until this page closes (storage full or forbidden). */
  set(key, value) {
    if (isPost(key)) this.#copy?.write(key, value);
    try {
      this.#storage.setItem(this.#prefix + key, value);
      this.#memory.delete(key);
      return true;
    } catch {
      this.#memory.set(key, value);
      return false;
    }
  }

  remove(key) {
    this.#memory.delete(key);
    if (isPost(key)) this.#copy?.write(key, null);
    try {
      this.#storage.removeItem(this.#prefix + key);
    } catch {
      // Nothing was kept there.
    }
  }

  keys(beginning) {
    const found = [...this.#memory.keys()].filter((key) => key.startsWith(beginning));
    try {
      for (let i = 0; i < this.#storage.length; i += 1) {
        const key = this.#storage.key(i);
        if (key.startsWith(this.#prefix + beginning)) found.push(key.slice(this.#prefix.length));
      }
    } catch {
      // As above.
    }
    return found;
  }

  /** The key of a `storage` event of another tab, or null if it is not ours. */
  ours(key) {
    return key !== null && key.startsWith(this.#prefix) ? key.slice(this.#prefix.length) : null;
  }

  json(key, otherwise) {
    try {
      return JSON.parse(this.get(key)) ?? otherwise;
    } catch {
      return otherwise; // Of a later version, or changed by hand.
    }
  }

  setJson(key, value) {
    return this.set(key, JSON.stringify(value));
  }
}

/** As the outbox names them. */
function isPost(key) {
  return /^[^.]+\.out\./.test(key);
}
