// The one polite live region: promises that each arriving message is said once, and at most once a second.
import { make } from "./dom.js";

const PAUSE = 1000;
const AT_ONCE = 3;

export class Announcer {
  #region = make("div", { class: "unseen", role: "status", "aria-live": "polite" });
  #waiting = [];
  #timer = 0;

  get node() {
    return this.#region;
  }

  say(text) {
    this.#waiting.push(text);
    if (this.#timer === 0) this.#flush();
  }

  #flush() {
    if (this.#waiting.length === 0) {
      this.#timer = 0;
      return;
    }
    const said = this.#waiting.splice(0, AT_ONCE);
    // Nobody can listen to a flood: its number is what matters.
    const rest = this.#waiting.length > 2 * AT_ONCE ? this.#waiting.splice(0).length : 0;
    if (rest > 0) said.push(`and ${rest} more messages`);
    this.#region.replaceChildren(...said.map((each) => make("p", null, each)));
    this.#timer = setTimeout(() => this.#flush(), PAUSE);
  }
}
