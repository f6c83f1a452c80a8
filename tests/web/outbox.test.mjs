// The outbox: ids stay, order stays, nothing vanishes without a receipt or its author's wish.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../web/outbox.js";
import { FakeStorage, World } from "./world.mjs";

function box(world, tab = world.tab) {
  return new Outbox(world.keep, "me", tab, world);
}

const texts = (items) => items.map((item) => item.text);

function send(outbox, room = "r") {
  const items = outbox.sendable(room);
  for (const item of items) outbox.sent(item.id);
  return items;
}

test("posts survive a reload with their ids, in order", () => {
  const world = new World();
  const outbox = box(world);
  const items = ["one", "two", "three"].map((text) => outbox.add("r", text));
  send(outbox);
  const again = box(world);
  assert.deepEqual(again.sendable("r").map((item) => item.id), items.map((item) => item.id));
  assert.deepEqual([...again.rooms()], ["r"]);
  again.sent(items[0].id);
  again.stored(items[0].id, 7);
  assert.deepEqual(texts(box(world).ofRoom("r")), ["two", "three"]);
});

test("order is that of writing, also when the clock is set back, and whatever order the storage has", () => {
  const world = new World();
  const outbox = box(world);
  outbox.add("r", "one");
  world.time -= 5000;
  outbox.add("r", "two");
  world.time += 1;
  outbox.add("r", "three");
  assert.deepEqual(texts(outbox.sendable("r")), ["one", "two", "three"]);
  const { key } = world.storage;
  world.storage.key = (index) => key.call(world.storage, world.storage.length - 1 - index);
  assert.deepEqual(texts(box(world).sendable("r")), ["one", "two", "three"]);
});

test("after a refusal all wait until each is answered and the pause is over, then begin from the first", () => {
  const world = new World();
  const outbox = box(world);
  const [one, two, three] = ["one", "two", "three"].map((text) => outbox.add("r", text));
  send(outbox);
  assert.equal(outbox.refused(one.id, { code: "busy", retry_after_ms: 500 }), 500);
  assert.deepEqual(send(outbox), [], "two answers are missing");
  outbox.refused(two.id, { code: "busy", retry_after_ms: 500 });
  outbox.refused(three.id, { code: "busy", retry_after_ms: 500 });
  assert.deepEqual(send(outbox), [], "the pause is not over");
  world.pass(500);
  assert.deepEqual(texts(send(outbox)), ["one", "two", "three"]);
});

test("a post that is never stored says why, and holds nothing up", () => {
  const world = new World();
  const outbox = box(world);
  const bad = outbox.add("r", "long");
  outbox.add("r", "good");
  send(outbox);
  assert.equal(outbox.refused(bad.id, { code: "too_long", message: "text above text_bytes" }), 0);
  assert.equal(bad.state, "failed");
  assert.equal(bad.failed.message, "It is too long.");
  outbox.lost();
  assert.deepEqual(texts(send(outbox)), ["good"]);
  assert.equal(box(world).get(bad.id).state, "failed", "also after a reload");
  outbox.retry(bad.id);
  assert.deepEqual(texts(outbox.sendable("r")), ["long"]);
});

test("only what nobody can have stored may be changed", () => {
  const world = new World();
  const outbox = box(world);
  const item = outbox.add("r", "text");
  assert.ok(outbox.isChangeable(item));
  send(outbox);
  assert.ok(!outbox.isChangeable(item));
  outbox.lost();
  assert.ok(!outbox.isChangeable(item), "the receipt may have been lost");
  assert.ok(!outbox.isChangeable(box(world).get(item.id)), "also after a reload");
  outbox.drop(item.id);
  assert.equal(box(world).get(item.id), undefined);
});

test("what another tab may send at any moment is not changed here", () => {
  const storage = new FakeStorage();
  const [mine, theirs] = ["left", "right"].map((tab) => box(new World({ storage, tab })));
  const { id } = mine.add("r", "text");
  theirs.reload(`me.out.${id}`);
  assert.ok(!theirs.isChangeable(theirs.get(id)), "it would be two, once both are sent");
  theirs.adopt((tab) => tab === "left");
  assert.ok(theirs.isChangeable(theirs.get(id)), "its tab is gone");
});

test("ten seconds without a receipt are too long", () => {
  const world = new World();
  const outbox = box(world);
  const item = outbox.add("r", "text");
  world.pass(9999);
  assert.ok(!outbox.isOverdue(item));
  world.pass(1);
  assert.ok(outbox.isOverdue(item));
  outbox.stored(item.id, 1);
  assert.ok(!outbox.isOverdue(item));
});

test("a tab sends its own posts, sees those of others, and takes over those of tabs that are gone", () => {
  const storage = new FakeStorage();
  const [left, right] = ["left", "right"].map((tab) => new World({ storage, tab }));
  const [mine, theirs] = [box(left), box(right)];
  const item = mine.add("r", "from the left");
  assert.ok(theirs.reload(`me.out.${item.id}`));
  assert.deepEqual(texts(theirs.ofRoom("r")), ["from the left"]);
  assert.deepEqual(theirs.sendable("r"), []);
  assert.deepEqual([...theirs.otherTabs()], ["left"]);
  theirs.adopt((tab) => tab !== "left");
  assert.deepEqual(theirs.sendable("r"), [], "left is alive");
  theirs.adopt((tab) => tab === "left");
  assert.deepEqual(texts(theirs.sendable("r")), ["from the left"]);
  mine.reload(`me.out.${item.id}`);
  assert.deepEqual(mine.sendable("r"), [], "it has a new owner");
  theirs.stored(item.id, 1);
  mine.reload(`me.out.${item.id}`);
  assert.deepEqual(mine.ofRoom("r"), []);
});

test("at most 16 posts of a room are under way", () => {
  const outbox = box(new World());
  for (let i = 0; i < 40; i += 1) outbox.add("r", String(i));
  assert.equal(send(outbox).length, 16);
  assert.equal(send(outbox).length, 0);
  outbox.stored(outbox.ofRoom("r")[0].id, 1);
  assert.deepEqual(texts(send(outbox)), ["16"]);
});

test("a full storage is told, and the post is sent all the same", () => {
  const world = new World();
  world.storage.full = true;
  const outbox = box(world);
  assert.equal(outbox.add("r", "text").kept, false);
  assert.deepEqual(texts(outbox.sendable("r")), ["text"]);
});

test("what a later version left in the storage does no harm", () => {
  const world = new World();
  world.keep.set("me.out.x", "{}");
  world.keep.set("me.out.y", "not JSON");
  assert.deepEqual(box(world).ofRoom("r"), []);
});

test("Retry sends one that is under way again, with its id, and nothing that is stored", () => {
  const world = new World();
  const outbox = box(world);
  const item = outbox.add("r", "text");
  send(outbox);
  world.pass(10000);
  outbox.retry(item.id);
  assert.ok(!outbox.isOverdue(item));
  assert.deepEqual(send(outbox).map((each) => each.id), [item.id]);
  outbox.stored(item.id, 1);
  outbox.retry(item.id);
  assert.deepEqual(outbox.sendable("r"), []);
  assert.equal(box(world).get(item.id), undefined, "it is kept no more");
});
