// Our posts that have no place in the log yet, below the messages. Promises that the focus does not vanish with one.
import { make } from "./dom.js";
import { pendingNode, updatePending } from "./message_node.js";

export class PendingList {
  constructor(chat, actions) {
    this.chat = chat;
    this.actions = actions;
    this.node = make("ol", { class: "waiting", "aria-label": "Not stored yet" });
  }

  clear() {
    this.node.replaceChildren();
  }

  /** Makes the nodes equal to what waits in `room`, or to nothing while newer messages than these stand between. */
  mirror(room, shown) {
    const { chat, actions, node: list } = this;
    const items = shown ? chat.outbox.ofRoom(room.name) : [];
    const known = new Map([...list.children].map((node) => [node.dataset.id, node]));
    items.forEach((item, index) => {
      const node = known.get(item.id) ?? pendingNode(item, chat.me.name, actions);
      known.delete(item.id);
      updatePending(node, item, {
        up: chat.link.up && room.joined,
        overdue: chat.outbox.isOverdue(item),
        changeable: chat.outbox.isChangeable(item),
        foreign: item.tab !== chat.tab,
      });
      if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
    });
    for (const node of known.values()) {
      if (node.contains(document.activeElement)) actions.focusComposer();
      node.remove();
    }
  }
}
