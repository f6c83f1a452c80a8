// The first question: a name. Promises that a refusal says why and leaves what was typed.
import { make, say } from "./dom.js";

const REFUSALS = {
  name_taken: "Somebody has this name now, or had it within the last day. Take another.",
  bad_token: "Your sign-in has expired or belongs to another server. Sign in again.",
};

export class SignIn extends HTMLElement {
  start(chat) {
    this.chat = chat;
    this.name = make("input", {
      id: "name", name: "username", autocomplete: "username", autocapitalize: "off", spellcheck: "false",
      required: true, maxlength: "100", "aria-describedby": "refusal",
    });
    this.refusal = make("p", { id: "refusal", class: "refusal", role: "alert" });
    this.go = make("button", { class: "primary" }, "Enter");
    this.append(
      make("main", null,
        make("h1", null, "Callboard"),
        make("p", null, "A chat in which nobody sees a message that a crash could take back."),
        make("form", { submit: (event) => this.submit(event) },
          make("label", { for: "name" }, "Your name"), this.name, this.refusal, this.go),
        make("p", { class: "hint" }, "No password: this browser remembers who you are.")));
  }

  submit(event) {
    event.preventDefault();
    const name = this.name.value.trim();
    if (name === "") return;
    say(this.refusal, "");
    this.chat.signIn(name);
  }

  takeState(state) {
    const busy = state.name === "connecting" || state.name === "waiting" || state.name === "up";
    say(this.go, busy ? "Connecting…" : "Enter");
    if (state.name === "waiting") say(this.refusal, "The server does not answer. Trying again…");
    if (state.name === "ended") say(this.refusal, state.reason);
  }

  refuse(error) {
    if (error.name && this.name.value === "") this.name.value = error.name;
    say(this.refusal, REFUSALS[error.code] ?? error.message);
    this.name.focus();
    this.name.select();
  }
}
customElements.define("sign-in", SignIn);
