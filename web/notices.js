// Title and notifications. Promises to ask for permission only after a click, and one notice per mention.

export class Notices {
  constructor(keep) {
    this.keep = keep;
  }

  /** Only after a click. */
  async ask() {
    if ("Notification" in window) await Notification.requestPermission();
  }

  /** What the button says. */
  get words() {
    if (!("Notification" in window)) return "No notices here";
    return { granted: "Notices on", denied: "Notices blocked" }[Notification.permission] ?? "Notify me";
  }

  get wanted() {
    return "Notification" in window && Notification.permission === "granted";
  }

  /** Tells of a mention, in one of the tabs, if nobody looks. */
  mention(entry, open) {
    if (!this.wanted || (document.hasFocus() && !document.hidden)) return;
    const key = `told.${entry.room}`;
    if (Number(this.keep.get(key) ?? 0) >= entry.seq) return;
    this.keep.set(key, String(entry.seq));
    const notice = new Notification(`${entry.from} in ${entry.room}`,
      { body: entry.text.slice(0, 200), tag: `${entry.room}/${entry.seq}` });
    notice.onclick = () => {
      window.focus();
      open(entry);
      notice.close();
    };
  }

  /** "(3) general – Callboard". */
  title(unread, room) {
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${room ? `${room} – ` : ""}Callboard`;
  }
}
