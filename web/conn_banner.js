// Says that the connection is gone, when the next try comes, and offers it now. Promises to be silent when all is well.
import { button, make, say } from "./dom.js";

const NOTED = 8000;

export class ConnBanner extends HTMLElement {
  start(chat, announcer) {
    this.chat = chat;
    this.announcer = announcer;
    this.words = make("span");
    this.now = button("Reconnect now", () => chat.link.retry());
    this.reload = button("Reload", () => location.reload());
    this.append(this.words, this.now, this.reload);
    this.wasUp = false;
    this.timer = setInterval(() => this.refresh(), 500);
    this.refresh();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  /** Says something besides, for a while. */
  note(text) {
    this.noted = { text, until: Date.now() + NOTED };
    this.announcer.say(text);
    this.refresh();
  }

  refresh() {
    const state = this.chat.link.state;
    if (state.name === "up") {
      if (this.gone) this.announcer.say("Connected again.");
      this.gone = false;
      this.wasUp = true;
      const other = this.chat.server !== this.chat.firstServer;
      const words = other ? `The server is now ${this.chat.server}, this page came from ${this.chat.firstServer}. Reload to renew it.` : (this.chat.current?.problem ?? "");
      this.show(words, false, other);
      return;
    }
    if (this.wasUp && !this.gone && state.name !== "stopped") {
      this.gone = true;
      this.announcer.say("Connection lost. What you write is kept and sent later.");
    }
    this.show(this.wordsOf(state), state.name !== "connecting", false);
  }

  wordsOf(state) {
    if (state.name === "ended") return state.reason;
    if (state.name === "stopped") return "Not connected.";
    // The first seconds of a visit are no news.
    if (state.name === "connecting") return this.gone || !this.wasUp ? "Connecting…" : "";
    const seconds = Math.max(0, Math.ceil((state.until - Date.now()) / 1000));
    return `Connection lost. Reconnecting in ${seconds} s. What you write is kept.`;
  }

  show(state, now, reload) {
    const text = this.noted?.until > Date.now() ? `${state} ${this.noted.text}`.trim() : state;
    say(this.words, text);
    this.now.hidden = !now;
    this.reload.hidden = !reload;
    this.hidden = text === "";
  }
}
customElements.define("conn-banner", ConnBanner);
