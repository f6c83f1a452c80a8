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

// Made once: making one costs more than a whole message.
const CLOCK = new Intl.DateTimeFormat([], { timeStyle: "short" });
const STAMP = new Intl.DateTimeFormat([], { dateStyle: "medium", timeStyle: "short" });
const CALENDAR = new Intl.DateTimeFormat([], { dateStyle: "full", timeStyle: "medium" });

/** "14:02" in the reader's own way. */
export function clockTime(at) {
  return CLOCK.format(new Date(at));
}

/** The same with the whole date in its title. */
export function timeNode(at) {
  return make("time", { datetime: at, title: CALENDAR.format(new Date(at)) }, clockTime(at));
}

/** Day and time, in short. */
export function stamp(at) {
  return STAMP.format(new Date(at));
}

/** Does something soon, once for all calls until then. A hidden page has no frames, nor one that hides before its next. */
export function oncePerFrame(action) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    let frame = 0;
    const run = () => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      waiting = false;
      action();
    };
    const timer = setTimeout(run, document.hidden ? 250 : 1000);
    if (!document.hidden) frame = requestAnimationFrame(run);
  };
}
