// One entry, or one post without a receipt, as a list item. Promises that text is shown, and never interpreted.
import { addressOf, button, make, say, timeNode } from "./dom.js";
import { dayName } from "./grouping.js";
import { textNodes } from "./text_view.js";

/** An entry of the log. What depends on its neighbours is set by `place`. */
export function entryNode(entry, { mine, mentioned }) {
  const node = make("li", { "data-seq": entry.seq, tabindex: "-1" });
  if (entry.type !== "message") {
    node.hidden = true; // Of a later version: it counts, and is not shown.
    return node;
  }
  node.classList.toggle("mine", mine);
  node.classList.toggle("mentioned", mentioned);
  const when = make("a", { class: "when", href: addressOf(entry.room, entry.seq) }, timeNode(entry.at));
  node.append(
    make("div", { class: "head" }, make("span", { class: "from" }, entry.from), when),
    make("div", { class: "text" }, ...textNodes(entry.text)));
  return node;
}

/** What stands above an entry, and whether it has a head of its own. */
export function placeNode(node, entry, { day, continued, firstNew }) {
  node.classList.toggle("continued", continued && !firstNew);
  setLine(node, "day", day ? dayName(entry.at, Date.now()) : "");
  setLine(node, "new", firstNew ? "New" : "");
}

function setLine(node, kind, text) {
  const line = node.querySelector(`:scope > .${kind}-line`);
  if (text === "") line?.remove();
  else if (line) say(line, text);
  else node.prepend(make("div", { class: `${kind}-line` }, text));
}

const WORDS = {
  queued: "Waiting for the connection",
  sent: "Sending…",
  stored: "Stored",
};

/** A post of ours; `actions`: retry, edit, drop. */
export function pendingNode(item, name, actions) {
  const node = make("li", { "data-id": item.id },
    make("div", { class: "head" }, make("span", { class: "from" }, name)),
    make("div", { class: "text" }, ...textNodes(item.text)),
    make("div", { class: "state" }, make("span", { class: "words" }),
      button("Retry", () => actions.retry(item.id), { class: "retry" }),
      button("Edit", () => actions.edit(item.id), { class: "edit" }),
      button("Drop", () => actions.drop(item.id), { class: "drop" })));
  return node;
}

/** `up`: there is a connection; `overdue`: it has waited too long; `changeable`: nobody can have stored it. */
export function updatePending(node, item, { up, overdue, changeable, foreign }) {
  const failed = item.state === "failed";
  node.className = `mine pending ${failed ? "failed" : overdue ? "overdue" : item.state}`;
  const part = (name) => node.querySelector(`.${name}`);
  let words = WORDS[item.state];
  if (failed) words = `Not sent. ${item.failed.message}`;
  else if (item.state === "queued" && up) words = foreign ? "Another tab sends this" : "Sending…";
  else if (item.state === "sent" && overdue) words = "No receipt for 10 seconds. It may be stored; Retry never doubles it.";
  else if (overdue) words = "Not sent yet: no connection. It is kept here and sent later.";
  if (item.kept === false) words += " This browser keeps nothing: do not close the page.";
  say(part("words"), words);
  part("retry").hidden = !(failed || overdue);
  part("edit").hidden = !changeable;
  part("drop").hidden = !(changeable || overdue);
}
