// What of the page's looks needs a window, but no browser: frames and notices.
import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { oncePerFrame } from "../../web/dom.js";
import { Keep } from "../../web/keep.js";
import { Notices } from "../../web/notices.js";
import { forgetAuthor } from "../../web/remembered.js";
import { FakeStorage, message } from "./world.mjs";

afterEach(() => {
  mock.timers.reset();
  for (const name of ["document", "window", "Notification", "requestAnimationFrame", "cancelAnimationFrame"]) delete globalThis[name];
});

/** Debian 12's Node.js 18 takes the list, later ones an object with it. */
function holdTimeouts() {
  const apis = ["setTimeout"];
  try {
    mock.timers.enable({ apis });
  } catch {
    mock.timers.enable(apis);
  }
}

test("what waits for a frame is done without one, when the page hides before it, and once", () => {
  holdTimeouts();
  const frames = new Map();
  globalThis.requestAnimationFrame = (action) => frames.set(frames.size + 1, action).size;
  globalThis.cancelAnimationFrame = (frame) => frames.delete(frame);
  globalThis.document = { hidden: false };
  let done = 0;
  const soon = oncePerFrame(() => (done += 1));
  soon();
  soon();
  globalThis.document.hidden = true; // And no frame comes.
  mock.timers.tick(1000);
  assert.equal(done, 1);
  assert.equal(frames.size, 0);
  soon();
  mock.timers.tick(250);
  assert.equal(done, 2);
  globalThis.document.hidden = false;
  soon();
  frames.values().next().value();
  mock.timers.tick(5000);
  assert.equal(done, 3);
});

function notices(show) {
  globalThis.document = { hidden: true, hasFocus: () => false };
  globalThis.Notification = Object.assign(show, { permission: "granted" });
  globalThis.window = globalThis;
  return new Notices(new Keep(new FakeStorage()));
}

test("a browser that refuses to make a notice (Chrome on Android) costs notices and nothing else", () => {
  const made = notices(function refuse() {
    throw new TypeError("Illegal constructor");
  });
  assert.equal(made.words, "Notices on");
  made.mention("me", message("r", 1), "e", () => {});
  made.look();
  assert.equal(made.words, "No notices here");
  made.mention("me", message("r", 2), "e", () => {});
});

test("one notice for each mention, also in a log that began anew", () => {
  const tags = [];
  const made = notices(function show(title, { tag }) {
    tags.push(tag);
  });
  for (const [seq, epoch] of [[5, "e1"], [5, "e1"], [4, "e1"], [6, "e1"], [1, "e2"], [1, "e2"]])
    made.mention("me", message("r", seq), epoch, () => {});
  forgetAuthor(made.keep, "me");
  assert.deepEqual(made.keep.keys(""), [], "signing out forgets in which rooms somebody was called");
  assert.deepEqual(tags, ["r/5", "r/6", "r/1"]);
});
