// Title and notifications. Promises to ask for permission only after a click, and one notice per mention.

export class Notices {
  constructor(keep) {
    this.keep = keep;
    this.look();
  }

  /** Kept: asking the browser each time takes longer than showing a message. */
  look() {
    this.permission = "Notification" in window ? Notification.permission : null;
  }

  /** Only after a click. */
  async ask() {
    if (this.permission !== null) await Notification.requestPermission();
    this.look();
  }

  /** What the button says. */
  get words() {
    if (this.permission === null) return "No notices here";
    return { granted: "Notices on", denied: "Notices blocked" }[this.permission] ?? "Notify me";
  }

  /** Tells of a mention, in one of the tabs, if nobody looks. */
  mention(entry, open) {
    if (this.permission !== "granted" || (document.hasFocus() && !document.hidden)) return;
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
    const title = `${unread > 0 ? `(${unread}) ` : ""}${room ? `${room} – ` : ""}Callboard`;
    if (document.title !== title) document.title = title;
  }
}
