// How entries stand together: promises the same lines whichever way an entry came into the window.

const TOGETHER = 300000;

/** `{day}`: a day line stands above it; `{continued}`: its author stands above it already. */
export function standing(before, entry) {
  const day = !before || dayOf(before.at) !== dayOf(entry.at);
  const near = before && Math.abs(Date.parse(entry.at) - Date.parse(before.at)) < TOGETHER;
  return { day, continued: !day && near && before.author === entry.author && before.type === entry.type };
}

/** The reader's own calendar day. */
function dayOf(at) {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

/** "Today", "Yesterday" or the whole date. */
export function dayName(at, now, locale) {
  if (dayOf(at) === dayOf(now)) return "Today";
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (dayOf(at) === dayOf(yesterday)) return "Yesterday";
  return new Date(at).toLocaleDateString(locale, { weekday: "long", year: "numeric", month: "long", day: "numeric" });
}
