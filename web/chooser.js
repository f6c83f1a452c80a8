// A box to type in, and a list that answers. Promises that the keyboard alone is enough, and that a screen reader hears
// which line would be taken.
import { isComposing } from "./composer.js";
import { make, say } from "./dom.js";

export class Chooser extends HTMLElement {
  /** `label`: of the dialog; `field`, `placeholder`: of the box; `lines`: of the list. */
  build({ label, field, placeholder, lines }) {
    this.listId = `${this.localName}-lines`;
    this.input = make("input", {
      role: "combobox", "aria-label": field, "aria-expanded": "true", "aria-controls": this.listId,
      "aria-autocomplete": "list", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      placeholder, input: () => this.search(), keydown: (event) => this.key(event),
    });
    this.list = make("ul", { id: this.listId, role: "listbox", "aria-label": lines });
    this.hint = make("p", { class: "hint", role: "status" });
    this.dialog = make("dialog", { "aria-label": label, close: () => this.closed?.() },
      make("form", { method: "dialog", submit: (event) => this.choose(event) }, this.input), this.list, this.hint);
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
    this.append(this.dialog);
  }

  open() {
    if (this.dialog.open) return;
    this.input.value = "";
    this.dialog.showModal();
    this.search();
  }

  get wanted() {
    return this.input.value.trim();
  }

  /** Shows lines: {nodes, take(), stays}. The one at `index` is the one that Enter takes. */
  offer(options, hint, index = 0) {
    this.options = options;
    this.list.replaceChildren(...options.map(({ nodes }, at) => make("li",
      { role: "option", id: `${this.listId}-${at}`, "aria-selected": "false", click: () => this.take(at) }, ...nodes)));
    say(this.hint, hint);
    this.select(index);
  }

  select(index) {
    const options = this.list.children;
    if (options.length === 0) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    this.selected = (index + options.length) % options.length;
    [...options].forEach((option, at) => option.setAttribute("aria-selected", String(at === this.selected)));
    options[this.selected].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", `${this.listId}-${this.selected}`);
  }

  key(event) {
    if (isComposing(event)) return;
    if (event.key === "ArrowDown") this.select(this.selected + 1);
    else if (event.key === "ArrowUp") this.select(this.selected - 1);
    else return;
    event.preventDefault();
  }

  choose(event) {
    event.preventDefault();
    this.take(this.selected);
  }

  take(at) {
    const option = this.options[at];
    if (!option) return;
    if (!option.stays) this.dialog.close();
    option.take();
  }
}
