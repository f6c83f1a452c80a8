// What this browser remembers of one author. Promises that tabs add to it together, and that Sign out leaves nothing.

const roomsOf = (user) => `${user}.rooms`;

/** The names of the rooms that an author is in, as all tabs have left them. */
export function keptRooms(keep, user) {
  const kept = keep.json(roomsOf(user), []);
  return new Set(Array.isArray(kept) ? kept : []);
}

/** Adds or takes away one: what other tabs did meanwhile stays. */
export function keepRoom(keep, user, name, isIn) {
  const names = keptRooms(keep, user);
  if (isIn) names.add(name);
  else names.delete(name);
  keep.setJson(roomsOf(user), [...names]);
}

export function isRooms(user, key) {
  return key === roomsOf(user);
}

/** What nobody but this browser has: posts without a receipt, and drafts, of all tabs. */
export function unsaid(keep, user) {
  const count = (what) => keep.keys(`${user}.${what}.`).length;
  return { posts: count("out"), drafts: count("draft") };
}

/** Nobody gets this author's id again: what lies under it would only be there for others to read. */
export function forgetAuthor(keep, user) {
  for (const key of keep.keys(`${user}.`)) keep.remove(key);
}

/** The question before that, or null if nothing would be lost. */
export function farewell({ posts, drafts }) {
  const words = (count, what) => (count === 0 ? [] : [`${count} ${what}${count === 1 ? "" : "s"}`]);
  const lost = [...words(posts, "message"), ...words(drafts, "draft")];
  return lost.length === 0 ? null : `Not sent: ${lost.join(" and ")}. Sign out, and lose this for good?`;
}
