// The whole page without its looks against a server that fails: nothing lost, nothing twice, nothing out of order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chat } from "../../web/chat.js";
import { farewell, unsaid } from "../../web/remembered.js";
import { FakeServer } from "./server.mjs";
import { FakeStorage, World, message, randomFrom, run, welcome } from "./world.mjs";

function page(server, { name = "Ada", storage, tab = `${name}-1`, random } = {}) {
  const world = new World({ server, storage, tab, random });
  const chat = new Chat(world);
  return { world, chat, name };
}

/** Lets everything happen that is due, then a little time pass. */
function settle(server, pages, rounds = 400) {
  for (let i = 0; i < rounds; i += 1) {
    while (server.step());
    for (const { world } of pages) world.pass(250);
  }
}

/** A page that is in "general" on a socket that the test plays. */
function alone(frame = {}) {
  const { world, chat } = page(null);
  chat.signIn("Ada");
  world.socket.opens();
  world.socket.says(welcome());
  const room = chat.open("general");
  const { ref } = world.socket.last("join");
  world.socket.says({ type: "joined", ref, room: "general", epoch: "e1", first: 1, head: 100, mode: "fresh",
    entries: run(51, 100), more: true, members: 2, ...frame });
  return { world, chat, room, says: (what) => world.socket.says(what) };
}

test("a hello by name is repeated with its claim until it is answered", () => {
  const { world, chat } = page(null);
  chat.signIn("Ada");
  world.socket.opens();
  const first = world.socket.sent[0];
  assert.equal(first.name, "Ada");
  assert.ok(first.claim);
  world.socket.ends(1006); // and the welcome with it
  world.pass(2000);
  assert.equal(world.sockets.length, 2);
  world.socket.opens();
  assert.deepEqual(world.socket.sent[0], first);
  world.socket.says(welcome());
  world.socket.ends(1006);
  world.pass(4000);
  assert.equal(world.sockets.length, 3);
  world.socket.opens();
  assert.equal(world.socket.sent[0].claim, undefined);
});

test("random cuts, refusals and reloads: each post is stored once, in order, and each page sees the same log", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = randomFrom(seed);
    const server = new FakeServer(random);
    const pages = ["Ada", "Grace"].map((name, i) => page(server, { name, random: randomFrom(seed * 7 + i) }));
    for (const { chat, name } of pages) {
      chat.signIn(name);
      chat.on("signed", () => chat.me && chat.open("general"));
    }
    settle(server, pages, 1);
    const written = new Map(pages.map(({ name }) => [name, []]));
    for (let step = 0; step < 150; step += 1) {
      const who = Math.floor(random() * pages.length);
      const { chat, name, world } = pages[who];
      const choice = random();
      if (choice < 0.25 && chat.current) {
        const text = `${name} ${step}`;
        written.get(name).push(text);
        chat.post(chat.current, text);
      } else if (choice < 0.3) server.cut();
      else if (choice < 0.33 && chat.me) {
        // A reload: the socket is gone, the storage stays.
        world.socket.ends();
        const again = page(server, { name, storage: world.storage, tab: world.tab, random: world.random });
        again.world.newId = world.newId.bind(world);
        again.world.time = world.time;
        chat.signOut = () => {};
        world.pass = () => {};
        pages[who] = again;
        assert.ok(again.chat.resume());
        again.chat.open("general");
      } else if (choice < 0.9) server.step();
      else for (const each of pages) each.world.pass(Math.floor(random() * 400));
    }
    settle(server, pages);
    const log = server.log("general");
    for (const { chat, name } of pages) {
      const own = log.filter((entry) => entry.from === name).map((entry) => entry.text);
      assert.deepEqual(own, written.get(name), `seed ${seed}: ${name}'s posts`);
      assert.deepEqual(chat.outbox.ofRoom("general"), [], `seed ${seed}: all have receipts`);
      const { entries, position } = chat.rooms.get("general").log;
      assert.equal(position, log.length, `seed ${seed}: ${name}'s position`);
      assert.deepEqual(entries, log.slice(-entries.length), `seed ${seed}: ${name}'s window`);
    }
  }
});

test("a post shows at once, is sent once the room is joined, and leaves when its message came", () => {
  const { world, chat, room, says } = alone();
  const item = chat.post(room, "hello");
  assert.equal(item.state, "sent");
  assert.deepEqual(world.socket.last("post"), { type: "post", room: "general", id: item.id, text: "hello" });
  says({ type: "posted", room: "general", id: item.id, seq: 101, duplicate: false });
  assert.deepEqual(chat.outbox.ofRoom("general").map((each) => each.state), ["stored"]);
  says(message("general", 101, "hello", "Ada", item.id));
  assert.deepEqual(chat.outbox.ofRoom("general"), []);
});

test("a stored post whose message lies in a gap that nobody loads does not wait for it", () => {
  const { world, chat, room, says } = alone();
  const item = chat.post(room, "hello");
  says({ type: "posted", room: "general", id: item.id, seq: 101, duplicate: false });
  world.socket.ends();
  world.time += 3600000;
  chat.link.retry();
  world.socket.opens();
  world.socket.says(welcome());
  says({ type: "joined", ref: world.socket.last("join").ref, room: "general", epoch: "e1", first: 1, head: 900,
    mode: "fresh", entries: run(851, 900), more: true, members: 2 });
  assert.deepEqual(chat.outbox.ofRoom("general"), []);
  assert.deepEqual([room.log.low, room.log.position], [851, 900]);
});

test("a post without its room joined waits for it", () => {
  const { world, chat } = page(null);
  chat.signIn("Ada");
  world.socket.opens();
  world.socket.says(welcome());
  chat.post(chat.open("general"), "hello");
  assert.equal(world.socket.last("post"), undefined);
});

test("a gap is never shown: the room is joined again behind what is known", () => {
  const { world, room, says } = alone();
  says(message("general", 103));
  assert.deepEqual(room.log.high, 100);
  const join = world.socket.last("join");
  assert.deepEqual([join.after, join.epoch], [100, "e1"]);
});

test("an entry of a later version counts, and is nobody's news", () => {
  const { chat, room, says } = alone();
  const heard = [];
  chat.on("log", ({ arrived }) => heard.push(...arrived));
  says({ type: "topic", room: "general", seq: 101, at: "2026-11-23T17:02:26.123Z" });
  says({ type: "weather", room: "general" });
  assert.equal(room.log.position, 101);
  assert.deepEqual(heard, []);
});

test("what is unread counts for rooms nobody looks at, and writing reads", () => {
  const { chat, room, says } = alone();
  assert.equal(room.unread, 0, "who comes for the first time has missed nothing");
  says(message("general", 101, "Ada, look"));
  assert.deepEqual([room.unread, room.mentioned], [1, 1]);
  chat.saw(room, room.log.entries.at(-1));
  assert.deepEqual([room.unread, room.mentioned], [0, 0]);
  says(message("general", 102, "mine", "Ada", "x"));
  assert.equal(room.unread, 0);
  chat.markUnread(room, 90);
  assert.equal(room.unread, 13);
  chat.saw(room, room.log.entries.at(-1));
  assert.equal(room.unread, 13, "until the reader leaves");
});

test("who was mentioned while the page was closed sees that when it opens again", () => {
  const { world: before, chat, room } = alone();
  chat.saw(room, room.log.entries.at(-1));
  const { world, chat: later } = page(null, { storage: before.storage });
  later.resume();
  world.socket.opens();
  world.socket.says(welcome());
  const entries = [message("general", 101, "Ada, look"), message("general", 102, "Ada wrote this", "Ada"), message("general", 103)];
  world.socket.says({ type: "joined", ref: world.socket.last("join").ref, room: "general", epoch: "e1", first: 1, head: 103,
    mode: "fresh", entries: [...run(96, 100), ...entries], more: true, members: 2 });
  const { unread, mentioned } = later.rooms.get("general");
  assert.deepEqual({ unread, mentioned }, { unread: 3, mentioned: 1 });
});

test("a tab that slept while another one signed out and in again as somebody else keeps nothing of the former", () => {
  const { world, chat, room } = alone();
  chat.keep.setJson("me", { id: "id-Grace", name: "Grace", token: "token-Grace" });
  chat.stored("me"); // Only now: of all that happened it sees the end.
  assert.equal(chat.current, null);
  assert.notEqual(chat.open("general"), room);
  world.socket.opens();
  assert.equal(world.socket.sent[0].token, "token-Grace");
});

test("typing is told once in three seconds, and shown for six", () => {
  const { world, chat, room, says } = alone();
  const told = () => world.socket.sent.filter((frame) => frame.type === "typing").length;
  chat.typed(room);
  chat.typed(room);
  assert.equal(told(), 1);
  chat.post(room, "hello");
  world.time += 2999;
  chat.typed(room);
  assert.equal(told(), 1, "also after a post");
  world.time += 1;
  chat.typed(room);
  assert.equal(told(), 2);
  says({ type: "typing", room: "general", from: "Grace" });
  assert.deepEqual(room.typing(world.now()), ["Grace"]);
  assert.deepEqual(room.typing(world.now() + 6000), []);
  says({ type: "typing", room: "general", from: "Grace" });
  says(message("general", 101));
  assert.deepEqual(room.typing(world.now()), []);
});

test("two tabs: posts, drafts and the place read are one", () => {
  const storage = new FakeStorage();
  const server = new FakeServer(() => 0.99);
  const tabs = ["left", "right"].map((tab) => page(server, { storage, tab }));
  const [left, right] = tabs.map(({ chat }) => chat);
  left.signIn("Ada");
  settle(server, tabs, 1);
  right.stored("me");
  settle(server, tabs, 1);
  const rooms = [left.open("general"), right.open("general")];
  settle(server, tabs, 1);
  const item = left.post(rooms[0], "once");
  right.stored(`id-Ada.out.${item.id}`);
  assert.deepEqual(right.outbox.ofRoom("general").map((each) => each.text), ["once"]);
  right.pump(rooms[1]);
  settle(server, tabs, 4);
  assert.equal(server.log("general").length, 1);
  assert.deepEqual(right.outbox.ofRoom("general"), []);
  rooms[0].draft = "half a sent";
  assert.equal(rooms[1].draft, "half a sent");
  left.saw(rooms[0], rooms[0].log.entries[0]);
  right.stored("id-Ada.read.general");
  assert.deepEqual(rooms[1].read, rooms[0].read);
  left.signOut();
  right.stored("me");
  assert.equal(right.me, null);
});

test("a room that was left takes no posts, also from who still holds it", () => {
  const { world, chat, room } = alone();
  chat.forget(room);
  chat.post(room, "too late");
  assert.equal(world.socket.last("post"), undefined);
});

test("Retry sends a post without a receipt again over the same link, with its id", () => {
  const { world, chat, room } = alone();
  const item = chat.post(room, "hello");
  world.time += 10000;
  chat.retry(room, item.id);
  assert.deepEqual(world.socket.sent.filter((frame) => frame.type === "post").map((frame) => frame.id), [item.id, item.id]);
});

test("a post of a tab that is gone is sent also to a room that this tab lacks", () => {
  const { world, chat } = alone();
  chat.keep.setJson("id-Ada.out.p1", { id: "p1", room: "kitchen", text: "left behind", at: 1, order: 1, tab: "gone", tried: false });
  chat.stored("id-Ada.out.p1");
  chat.adopt((tab) => tab === "gone");
  const join = world.socket.last("join");
  assert.equal(join.room, "kitchen");
  world.socket.says({ type: "joined", ref: join.ref, room: "kitchen", epoch: "k", first: 1, head: 0, mode: "fresh", entries: [],
    more: false, members: 1 });
  assert.equal(world.socket.last("post").text, "left behind");
});

test("a post that comes back to its own tab is sent, also to a room that the tab lacks", () => {
  const { world, chat } = alone();
  chat.keep.setJson("id-Ada.out.p1", { id: "p1", room: "kitchen", text: "back again", at: 1, order: 1, tab: chat.tab, tried: true });
  chat.takeBack(["id-Ada.out.p1"]);
  const join = world.socket.last("join");
  assert.equal(join.room, "kitchen");
  world.socket.says({ type: "joined", ref: join.ref, room: "kitchen", epoch: "k", first: 1, head: 0, mode: "fresh", entries: [],
    more: false, members: 1 });
  assert.equal(world.socket.last("post").id, "p1");
});

test("two tabs: rooms that one joins or leaves, both do, but what is on the screen stays", () => {
  const storage = new FakeStorage();
  const server = new FakeServer(() => 0.99);
  const tabs = ["left", "right"].map((tab) => page(server, { storage, tab }));
  const [left, right] = tabs.map(({ chat }) => chat);
  const names = (chat) => [...chat.rooms.keys()].sort();
  const both = (action) => {
    action();
    for (const chat of [left, right]) chat.stored("id-Ada.rooms");
    settle(server, tabs, 1);
  };
  left.signIn("Ada");
  settle(server, tabs, 1);
  right.stored("me");
  settle(server, tabs, 1);
  left.open("one");
  right.open("two"); // Before it has heard of the first.
  both(() => {});
  assert.deepEqual([names(left), names(right)], [["one", "two"], ["one", "two"]]);
  assert.ok(right.rooms.get("one").joined);
  both(() => left.open("three"));
  both(() => right.forget(right.rooms.get("one")));
  assert.deepEqual([names(left), names(right)], [["three", "two"], ["three", "two"]]);
  both(() => left.forget(left.rooms.get("two")));
  assert.deepEqual([names(left), names(right)], [["three"], ["three", "two"]], "the right one looks at it");
  assert.deepEqual(JSON.parse(storage.getItem("callboard.id-Ada.rooms")), ["three"]);
});

test("signing out leaves nothing of this author, and tells before what would be lost", () => {
  const { world, chat, room } = alone();
  chat.keep.set("id-Grace.draft.general", "of somebody else");
  chat.post(room, "hello");
  room.draft = "half a";
  assert.deepEqual(unsaid(chat.keep, "id-Ada"), { posts: 1, drafts: 1 });
  chat.signOut();
  assert.deepEqual(chat.keep.keys(""), ["id-Grace.draft.general"]);
  assert.equal(world.storage.length, 1);
  assert.equal(farewell({ posts: 0, drafts: 0 }), null);
  assert.match(farewell({ posts: 2, drafts: 1 }), /2 messages and 1 draft\./);
});

test("a jump without a connection says so", () => {
  const { world, chat, room } = alone();
  world.socket.ends();
  const said = [];
  chat.paging.show(room, 10, () => said.push("there"), (why) => said.push(why));
  assert.deepEqual(said, ["There is no connection."]);
});
