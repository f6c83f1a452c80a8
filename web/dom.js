// Makes nodes, never markup: promises that no text becomes an element. The page's policy forbids it too.

/** An element; attributes that are functions listen to the event of that name. */
export function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== false && value !== null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

/** A button that is no submit. */
export function button(label, action, attributes) {
  return make("button", { type: "button", click: action, ...attributes }, label);
}

/** Sets text only when it differs: a screen reader may read what is set again. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** The address of a room, or of an entry in it. */
export function addressOf(room, seq) {
  return `#${encodeURIComponent(room)}${seq === undefined ? "" : `/${seq}`}`;
}

/** The room and entry of an address: {room, seq} or null. */
export function parseAddress(hash) {
  const match = /^#([^/]+)(?:\/(\d{1,15}))?$/.exec(hash);
  if (!match) return null;
  try {
    return { room: decodeURIComponent(match[1]), seq: match[2] === undefined ? undefined : Number(match[2]) };
  } catch {
    return null; // A percent sign that encodes nothing.
  }
}

/** "14:02" in the reader's own way; the whole date is in the title. */
export function timeNode(at) {
  const date = new Date(at);
  const time = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return make("time", { datetime: at, title: date.toLocaleString([], { dateStyle: "full", timeStyle: "medium" }) }, time);
}
