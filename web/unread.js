// The place up to which somebody has read a room. Promises that it only advances by reading.

/** `read`: {seq, epoch, at} or null. What stands after the reader has seen `entry`. */
export function advanced(read, epoch, entry) {
  if (read && read.epoch === epoch && read.seq >= entry.seq) return read;
  return { seq: entry.seq, epoch, at: entry.at };
}

/** How many entries of this log are unread. */
export function unreadCount(read, epoch, position) {
  if (!read || position === null) return 0;
  return read.epoch === epoch ? Math.max(0, position - read.seq) : position;
}

/** True if `text` calls `name`, as a word of its own and whatever its case. */
export function mentions(text, name) {
  const [hay, needle] = [text.toLowerCase(), name.toLowerCase()];
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + 1)) {
    const before = hay[at - 1] ?? " ";
    const after = hay[at + needle.length] ?? " ";
    if (!/[\p{L}\p{N}_]/u.test(before) && !/[\p{L}\p{N}_]/u.test(after)) return true;
  }
  return false;
}

/** Rooms that hold the letters of `wanted` in order: those that begin with it first, then by where. */
export function ranked(rooms, wanted) {
  const needle = wanted.toLowerCase();
  const score = (room) => {
    const hay = room.name.toLowerCase();
    if (hay.startsWith(needle)) return 0;
    if (hay.includes(needle)) return 1;
    let at = -1;
    for (const letter of needle) {
      at = hay.indexOf(letter, at + 1);
      if (at < 0) return -1;
    }
    return 2;
  };
  return rooms
    .map((room, index) => ({ room, index, score: score(room) }))
    .filter((each) => each.score >= 0)
    .sort((a, b) => a.score - b.score || a.index - b.index)
    .map((each) => each.room);
}
