// The pure modules: backoff, grouping, unread, keep.
import assert from "node:assert/strict";
import { test } from "node:test";
import { finalSentence, mayReturn, reconnectDelay } from "../../web/backoff.js";
import { dayName, standing } from "../../web/grouping.js";
import { Keep } from "../../web/keep.js";
import { advanced, mentions, ranked, unreadCount } from "../../web/unread.js";
import { FakeStorage, message, randomFrom } from "./world.mjs";

test("the n-th wait lies between 0 and min(30 s, 2 s · 2^n)", () => {
  const random = randomFrom(7);
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const most = Math.min(30000, 2000 * 2 ** attempt);
    assert.equal(reconnectDelay(attempt, () => 0), 0);
    assert.equal(reconnectDelay(attempt, () => 1), most);
    const delay = reconnectDelay(attempt, random);
    assert.ok(delay >= 0 && delay <= most);
  }
});

test("500 pages that lost their server together do not come back together", () => {
  const random = randomFrom(3);
  for (const attempt of [0, 1, 4]) {
    const times = Array.from({ length: 500 }, () => reconnectDelay(attempt, random)).sort((a, b) => a - b);
    const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 100).length));
    assert.ok(most <= 50, `100 ms hold ${most} of 500 attempts number ${attempt}`);
  }
});

test("from the close code alone a page knows whether to come back", () => {
  for (const code of [1000, 1001, 1005, 1006, 1011, 1012, 1013, 4000, 4001, 4499]) assert.ok(mayReturn(code), code);
  for (const code of [1002, 1003, 1007, 1008, 1009, 4500, 4501, 4502, 4999]) assert.ok(!mayReturn(code), code);
  assert.match(finalSentence(4502), /too many connections/);
  assert.match(finalSentence(4900), /4900/);
});

test("entries of one author within five minutes of one day stand together", () => {
  const at = (iso, from = "Grace") => ({ ...message("r", 1, "x", from), at: iso });
  const first = at("2026-11-23T12:00:00.000Z");
  assert.deepEqual(standing(undefined, first), { day: true, continued: false });
  assert.deepEqual(standing(first, at("2026-11-23T12:04:59.999Z")), { day: false, continued: true });
  assert.deepEqual(standing(first, at("2026-11-23T12:05:00.000Z")), { day: false, continued: false });
  assert.deepEqual(standing(first, at("2026-11-23T12:01:00.000Z", "Ada")), { day: false, continued: false });
  assert.equal(standing(first, at("2026-11-25T12:00:00.000Z")).day, true);
});

test("a day has a name", () => {
  const now = new Date(2026, 10, 23, 12).getTime();
  assert.equal(dayName(new Date(2026, 10, 23, 1).toISOString(), now, "en"), "Today");
  assert.equal(dayName(new Date(2026, 10, 22, 23).toISOString(), now, "en"), "Yesterday");
  assert.equal(dayName(new Date(2026, 10, 21, 12).toISOString(), now, "en"), "Saturday, November 21, 2026");
});

test("reading only advances the place, and a new log begins anew", () => {
  const entry = message("r", 5);
  const read = advanced(null, "e", entry);
  assert.deepEqual(read, { seq: 5, epoch: "e", at: entry.at });
  assert.equal(advanced(read, "e", message("r", 4)), read);
  assert.equal(advanced(read, "e2", message("r", 1)).seq, 1);
  assert.equal(unreadCount(read, "e", 9), 4);
  assert.equal(unreadCount(read, "e2", 9), 9);
  assert.equal(unreadCount(read, "e", 3), 0);
  assert.equal(unreadCount(null, "e", 9), 0);
});

test("a name is mentioned as a word, whatever its case", () => {
  for (const text of ["Ada", "hi ada!", "@ADA: look", "(Ada)", "…ada"]) assert.ok(mentions(text, "Ada"), text);
  for (const text of ["Adam", "Canada", "ada_x", "", "adä ad a"]) assert.ok(!mentions(text, "Ada"), text);
  assert.ok(mentions("Canada and Ada", "Ada"));
});

test("the switcher finds by letters in order, beginnings first", () => {
  const rooms = ["general", "engine", "long", "gentle"].map((name) => ({ name }));
  const found = (wanted) => ranked(rooms, wanted).map((room) => room.name);
  assert.deepEqual(found("gen"), ["general", "gentle"]);
  assert.deepEqual(found("ng"), ["engine", "long"]);
  assert.deepEqual(found("gl"), ["general", "gentle"]);
  assert.deepEqual(found(""), ["general", "engine", "long", "gentle"]);
  assert.deepEqual(found("xyz"), []);
});

test("posts that the storage has lost come back from their copy, and nothing else does", async () => {
  const copied = new Map();
  const copy = {
    write: (key, value) => (value === null ? copied.delete(key) : copied.set(key, value)),
    all: async () => [...copied],
  };
  const keep = new Keep(new FakeStorage(), copy);
  for (const key of ["me", "ada.draft.r", "ada.out.1", "ada.out.2", "ada.out.3"]) keep.set(key, "old");
  keep.remove("ada.out.3");
  assert.deepEqual([...copied.keys()], ["ada.out.1", "ada.out.2"]);
  const storage = new FakeStorage(); // Of a browser that was killed before it wrote all of it.
  const later = new Keep(storage, copy);
  storage.setItem("callboard.ada.out.2", "newer");
  copied.set("ada.rooms", "of no post");
  assert.deepEqual(await later.restore(() => "ada"), ["ada.out.1"]);
  assert.deepEqual(["ada.out.1", "ada.out.2", "ada.rooms"].map((key) => later.get(key)), ["old", "newer", null]);
});

test("a browser that keeps nothing costs the next visit, and nothing now", () => {
  for (const storage of [null, Object.assign(new FakeStorage(), { full: true })]) {
    const keep = new Keep(storage);
    assert.equal(keep.set("a.b", "1"), false);
    assert.equal(keep.get("a.b"), "1");
    assert.deepEqual(keep.keys("a."), ["a.b"]);
    keep.remove("a.b");
    assert.equal(keep.get("a.b"), null);
  }
  const keep = new Keep(new FakeStorage());
  assert.equal(keep.set("a", "{broken"), true);
  assert.equal(keep.json("a", 7), 7);
  assert.equal(keep.ours("callboard.me"), "me");
  assert.equal(keep.ours("other"), null);
  assert.equal(keep.ours(null), null);
});
