// Title and notifications. Promises to ask for permission only after a click, and one notice per mention.

export class Notices {
  constructor(keep) {
    this.keep = keep;
    this.look();
  }

  /** Kept: asking the browser each time takes longer than showing a message. */
  look() {
    this.permission = "Notification" in window && !this.broken ? Notification.permission : null;
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

  /** Tells `user` of a mention, in one of the tabs, if nobody looks. `epoch` is that of the room's log. */
  mention(user, entry, epoch, open) {
    if (this.permission !== "granted" || (document.hasFocus() && !document.hidden)) return;
    const key = `${user}.told.${entry.room}`;
    const told = this.keep.json(key, null);
    if (told?.epoch === epoch && told.seq >= entry.seq) return;
    this.keep.setJson(key, { epoch, seq: entry.seq });
    let notice;
    try {
      notice = new Notification(`${entry.from} in ${entry.room}`,
        { body: entry.text.slice(0, 200), tag: `${entry.room}/${entry.seq}` });
    } catch {
      this.broken = true; // Chrome on Android leaves them to service workers; the title still counts.
      this.look();
      return;
    }
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
