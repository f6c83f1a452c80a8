// Which tab of this browser is which, and which are gone. Promises that a post has one living owner.

const CHECK = 5000;
const lockOf = (tab) => `callboard.tab.${tab}`;

/** 96 random bits: ids of posts and of tabs. */
export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The name of this tab. It survives a reload; a duplicated tab gets one of its own. */
export async function nameTab() {
  let tab = newId();
  try {
    tab = sessionStorage.getItem("callboard.tab") ?? tab;
    if (!(await holdLock(tab))) {
      tab = newId();
      await holdLock(tab);
    }
    sessionStorage.setItem("callboard.tab", tab);
  } catch {
    // No storage: then there is nothing to share with other tabs either.
  }
  return tab;
}

/** Held until the page is gone, also when it crashes. Without locks (no HTTPS) every tab believes that it has it. */
function holdLock(tab) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(lockOf(tab), { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}

/**
 * Looks now and then for posts of tabs that are gone. One tab at a time takes them over. Without locks a tab
 * cannot know, and takes over at once: two tabs may then send one post, which the server stores once by its id.
 */
export function adoptOrphans(chat) {
  const look = async () => {
    if (!chat.outbox || chat.outbox.otherTabs().size === 0) return;
    if (!navigator.locks) {
      chat.adopt(() => true);
      return;
    }
    await navigator.locks.request("callboard.adopt", async () => {
      const held = new Set((await navigator.locks.query()).held.map((lock) => lock.name));
      chat.adopt((tab) => !held.has(lockOf(tab)));
    });
  };
  setInterval(look, CHECK);
  look();
}
