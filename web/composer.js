// Where messages are written. Promises that a draft outlives the page, and that Enter inside an IME never sends.
import { make, say } from "./dom.js";

const DRAFT_PAUSE = 300;

/** True for a key that belongs to an input method; 229 because of Safari, which ends the composition first. */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

export class ChatComposer extends HTMLElement {
  room = null;
  gone = new AbortController();
  known = ""; // The draft as all windows have it: who has changed nothing here has nothing to keep.

  start(chat, actions) {
    this.chat = chat;
    this.actions = actions;
    this.area = make("textarea", {
      rows: "1", "aria-label": "Message", "aria-describedby": "problem", enterkeyhint: "send",
      input: () => this.typed(), blur: () => this.keepDraft(), keydown: (event) => this.key(event),
    });
    this.problem = make("p", { id: "problem", class: "problem", role: "alert" });
    this.typing = make("p", { class: "typing" });
    this.append(this.typing,
      make("form", { submit: (event) => this.submit(event) },
        this.area, make("button", { class: "primary" }, "Send")), this.problem);
    const until = { signal: this.gone.signal };
    addEventListener("pagehide", () => this.keepDraft(), until);
    document.addEventListener("visibilitychange", () => this.keepDraft(), until);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.gone.abort();
  }

  open(room) {
    this.keepDraft();
    this.room = room;
    this.area.setAttribute("aria-label", `Message to ${room.name}`);
    this.area.placeholder = `Write to ${room.name}`;
    this.known = room.draft;
    this.setText(this.known);
  }

  /** Another tab has changed the draft; who has typed here is not disturbed. */
  draftChanged(room) {
    if (room !== this.room || this.area.value !== this.known) return;
    this.known = room.draft;
    if (this.area.value !== this.known) this.setText(this.known);
  }

  setText(text) {
    this.area.value = text;
    this.fit();
  }

  /** Puts text into what is being written, and the caret behind it. */
  insert(text) {
    this.setText(this.area.value === "" ? text : `${this.area.value}\n${text}`);
    this.area.focus();
    this.area.setSelectionRange(this.area.value.length, this.area.value.length);
    this.typed();
    this.keepDraft();
  }

  typed() {
    this.fit();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keepDraft(), DRAFT_PAUSE);
    if (this.area.value !== "") this.chat.typed(this.room);
  }

  fit() {
    this.area.style.height = "auto";
    this.area.style.height = `${this.area.scrollHeight + 2}px`;
    const over = new TextEncoder().encode(this.area.value).length - this.chat.limits.text_bytes;
    say(this.problem, over > 0 ? `Too long by ${over} bytes. Send it in parts.` : "");
    return over <= 0;
  }

  keepDraft() {
    clearTimeout(this.timer);
    if (!this.room || !this.chat.me || this.area.value === this.known) return;
    this.known = this.room.draft = this.area.value;
  }

  submit(event) {
    event.preventDefault();
    const text = this.area.value.trim() === "" ? "" : this.area.value;
    if (text === "" || !this.fit()) return;
    this.chat.post(this.room, text);
    this.setText("");
    this.keepDraft();
    this.actions.sent();
    this.area.focus();
  }

  key(event) {
    if (isComposing(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) this.submit(event);
    else if (event.key === "ArrowUp" && this.area.value === "" && this.actions.editLast()) event.preventDefault();
  }

  showTyping() {
    const names = this.room?.typing(Date.now()) ?? [];
    const words = names.length === 0 ? "" : names.length > 3 ? "Several people are typing…"
      : `${names.join(", ")} ${names.length === 1 ? "is" : "are"} typing…`;
    say(this.typing, words);
  }
}
customElements.define("chat-composer", ChatComposer);
