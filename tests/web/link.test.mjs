// The connection: hello, answers, heartbeat, appointments, and when it gives up.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Link } from "../../web/link.js";
import { World, welcome } from "./world.mjs";

function start(options = {}) {
  const world = new World(options);
  const heard = { states: [], frames: [], refused: [], welcomes: [] };
  const link = new Link(world, {
    state: (state) => heard.states.push(state.name),
    welcome: (frame) => heard.welcomes.push(frame),
    frame: (frame) => heard.frames.push(frame),
    refused: (error) => heard.refused.push(error),
  });
  link.start({ name: "Ada" });
  return { world, link, heard };
}

function up(options) {
  const all = start(options);
  all.world.socket.opens();
  all.world.socket.says(welcome());
  return all;
}

test("says hello with a name, and with the token from then on", () => {
  const { world, link } = up();
  assert.deepEqual(world.sockets[0].sent[0], { type: "hello", ref: "hello", name: "Ada" });
  assert.ok(link.up);
  world.socket.ends(1006);
  world.pass(2000);
  world.socket.opens();
  assert.deepEqual(world.socket.sent[0], { type: "hello", ref: "hello", token: "token-Ada" });
});

test("a refused hello ends the connection and says why", () => {
  const { world, link, heard } = start();
  world.socket.opens();
  world.socket.says({ type: "error", ref: "hello", code: "name_taken", message: "no" });
  assert.equal(link.state.name, "stopped");
  assert.equal(heard.refused[0].code, "name_taken");
  world.pass(100000);
  assert.equal(world.sockets.length, 1);
});

test("a busy server is asked again, not before it wants", () => {
  const { world } = start({ random: () => 0 });
  world.socket.opens();
  world.socket.says({ type: "error", ref: "hello", code: "unavailable", retry_after_ms: 3000 });
  world.pass(2999);
  assert.equal(world.sockets.length, 1);
  world.pass(1);
  assert.equal(world.sockets.length, 2);
});

test("each question gets its answer, or the news that it is lost", () => {
  const { world, link, heard } = up();
  const answers = [];
  link.ask({ type: "who", room: "a" }, (answer) => answers.push(answer.room));
  link.ask({ type: "who", room: "b" }, (answer) => answers.push(answer.room));
  link.ask({ type: "who", room: "c" }, (answer) => answers.push(answer.code));
  const [a, b] = world.socket.sent.slice(1);
  world.socket.says({ type: "who", ref: b.ref, room: "b" });
  world.socket.says({ type: "who", ref: a.ref, room: "a" });
  world.socket.says({ type: "who", ref: a.ref, room: "again" });
  world.socket.ends();
  assert.deepEqual(answers, ["b", "a", "lost"]);
  assert.equal(heard.frames.length, 1);
  link.ask({ type: "who", room: "d" }, (answer) => answers.push(answer.code));
  assert.equal(answers.at(-1), "lost");
});

test("silence is noticed within 12 seconds, and bytes of any kind are no silence", () => {
  const { world, link } = up();
  for (let i = 0; i < 20; i += 1) {
    world.pass(4000);
    world.socket.says({ type: "presence" });
  }
  assert.ok(link.up);
  assert.equal(world.socket.last("ping"), undefined);
  const dead = world.socket;
  world.pass(12000);
  assert.equal(dead.last("ping").type, "ping");
  assert.ok(dead.closed);
  assert.notEqual(link.state.name, "up");
  dead.onmessage?.({ data: "{}" });
});

test("a pong keeps the connection", () => {
  const { world, link } = up();
  for (let i = 0; i < 100; i += 1) {
    const pings = world.socket.sent.filter((frame) => frame.type === "ping").length;
    world.pass(1000);
    if (world.socket.sent.filter((frame) => frame.type === "ping").length > pings) world.socket.says({ type: "pong" });
  }
  assert.ok(link.up);
  assert.equal(world.sockets.length, 1);
});

test("a page whose timers were stopped asks once more before it believes in a dead link", () => {
  const { world, link } = up();
  world.pass(6000);
  assert.ok(world.socket.last("ping"));
  world.time += 60000; // Throttled, with the pong unread behind this timer.
  world.pass(1000);
  assert.ok(link.up);
  world.socket.says({ type: "pong" });
  world.pass(4000);
  assert.ok(link.up);
});

test("waits grow, until a connection has held for five seconds", () => {
  const { world, link } = start({ random: () => 1 });
  const waits = [];
  for (let i = 0; i < 9; i += 1) {
    world.socket.opens();
    world.socket.says(welcome());
    world.socket.ends(1011);
    waits.push(link.state.until - world.time);
    world.pass(waits.at(-1));
  }
  assert.deepEqual(waits, [2000, 4000, 8000, 16000, 30000, 30000, 30000, 30000, 30000]);
  world.socket.opens();
  world.socket.says(welcome());
  world.pass(6000);
  world.socket.ends();
  assert.equal(link.state.until - world.time, 2000);
});

test("an appointment is kept", () => {
  const { world, link } = up();
  world.socket.says({ type: "bye", reason: "The server restarts.", reconnect_after_ms: 1234 });
  world.socket.ends(1012);
  assert.equal(link.state.until - world.time, 1234);
  world.pass(1233);
  assert.equal(world.sockets.length, 1);
  world.pass(1);
  assert.equal(world.sockets.length, 2);
});

test("retry tries at once while waiting, asks when up, and is nothing while connecting", () => {
  const { world, link } = up({ random: () => 1 });
  link.retry();
  assert.ok(world.socket.last("ping"));
  world.socket.ends();
  link.retry();
  link.retry();
  assert.equal(world.sockets.length, 2);
  world.pass(600);
  assert.equal(world.sockets.length, 2, "the appointment is void");
});

test("a final code is not tried again, unless somebody wants it", () => {
  const { world, link } = up();
  world.socket.ends(4502);
  assert.equal(link.state.name, "ended");
  assert.match(link.state.reason, /too many connections/);
  world.pass(1000000);
  link.wake(); // A network that comes back, or a page that is looked at again.
  assert.equal(world.sockets.length, 1);
  link.retry();
  assert.equal(world.sockets.length, 2);
});

test("whoever waits is woken by a network that comes back", () => {
  const { world, link } = up({ random: () => 1 });
  world.socket.ends();
  link.wake();
  assert.equal(world.sockets.length, 2);
});

test("a server that accepts and says nothing is given up after ten seconds", () => {
  const { world, link } = start();
  world.pass(10000);
  assert.equal(link.state.name, "waiting");
  assert.ok(world.sockets[0].closed);
});

test("a dead link is noticed also where every tick is late", () => {
  const { world, link } = up();
  const [first] = world.sockets;
  for (let i = 0; i < 4 && link.up; i += 1) {
    world.time += 60000;
    world.pass(0);
  }
  assert.ok(first.closed);
  assert.ok(!link.up);
});
