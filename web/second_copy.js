// A second copy of what was typed and has no receipt, in IndexedDB. Promises that it outlives a browser that is killed:
// what a page writes to localStorage may reach the disk only seconds later (Chromium: five).

const STORE = "posts";

export class SecondCopy {
  #base = openBase().catch(() => null);
  /** Resolves when all that was written until now is on the disk, or cannot be. */
  settled = this.#base;

  /** `value` null forgets the key. */
  write(key, value) {
    this.settled = this.#use("readwrite", (store) => (value === null ? store.delete(key) : store.put(value, key)));
  }

  /** All of it, as [key, value]; nothing if the browser has no such thing for us. It may take its time. */
  async all() {
    const asked = ["getAllKeys", "getAll"].map((what) => this.#use("readonly", (store) => store[what]()));
    const [names, texts] = await Promise.all(asked);
    return names?.map((name, i) => [name, texts?.[i]]) ?? [];
  }

  /** What the database says, or undefined whatever goes wrong: there is still the first copy. */
  #use(mode, action) {
    const asked = (base) => new Promise((resolve) => {
      const act = base.transaction(STORE, mode, { durability: "strict" });
      const request = action(act.objectStore(STORE));
      act.oncomplete = () => resolve(request.result);
      act.onabort = () => resolve(undefined);
    });
    return this.#base.then((base) => base && asked(base)).catch(() => undefined);
  }
}

async function openBase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("callboard", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
