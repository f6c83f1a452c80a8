// The window of a log: dense, once, in order, bounded, whatever is loaded and lost around it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGE, RoomLog, WINDOW } from "../../web/room_log.js";
import { message, randomFrom, run } from "./world.mjs";

const joined = (mode, low, high, head = high, more = false) =>
  ({ type: "joined", room: "general", epoch: "e1", first: 1, head, mode, entries: run(low, high), more });

function fresh(head) {
  const log = new RoomLog();
  assert.deepEqual(log.joinFields(0), { last: PAGE });
  log.takeJoined(joined("fresh", Math.max(1, head - PAGE + 1), head));
  return log;
}

const seqs = (log) => [log.low, log.high, log.position, log.live];

test("a fresh join, live entries, repetitions and a gap", () => {
  const log = fresh(100);
  assert.deepEqual(seqs(log), [51, 100, 100, true]);
  assert.ok(log.takeLive(message("general", 101)));
  assert.ok(log.takeLive(message("general", 101)), "a repetition is no gap");
  assert.equal(log.entries.length, 51);
  assert.equal(log.takeLive(message("general", 103)), false);
  assert.deepEqual(log.joinFields(1000), { after: 101, epoch: "e1" });
  assert.ok(log.takeLive(message("general", 104)), "of the old position: dropped");
  assert.equal(log.position, 101);
});

test("an empty log begins with 1", () => {
  const log = fresh(0);
  assert.deepEqual(seqs(log), [1, 0, 0, true]);
  assert.equal(log.older, false);
  assert.ok(log.takeLive(message("general", 1)));
  assert.deepEqual(seqs(log), [1, 1, 1, true]);
});

test("pages of a resume come before live entries, and a gap in them is seen", () => {
  const log = fresh(10);
  log.joinFields(0);
  log.takeJoined(joined("paged", 11, 12, 15, true));
  assert.ok(log.takeLive(message("general", 15)), "not its turn");
  assert.equal(log.position, 12);
  assert.ok(log.takePage({ entries: run(13, 14), more: true }));
  assert.equal(log.takePage({ entries: run(16, 16), more: false }), false);
});

test("a long absence loads the newest page and joins it to the window where it touches", () => {
  const log = fresh(100);
  assert.deepEqual(log.joinFields(3600000), { last: PAGE });
  log.takeJoined(joined("fresh", 91, 140));
  assert.deepEqual(seqs(log), [51, 140, 140, true]);
  log.joinFields(3600000);
  log.takeJoined(joined("fresh", 951, 1000));
  assert.deepEqual(seqs(log), [951, 1000, 1000, true]);
});

test("a reader who looks at old entries keeps them through a long absence", () => {
  const log = fresh(100);
  log.following = false;
  log.joinFields(3600000);
  log.takeJoined(joined("fresh", 951, 1000));
  assert.deepEqual(seqs(log), [51, 100, 1000, false]);
  log.takeHistory(run(101, 150), true, { after: 100 });
  assert.deepEqual(seqs(log), [51, 150, 1000, false]);
});

test("another epoch makes void what was known", () => {
  const log = fresh(100);
  assert.equal(log.takeJoined({ ...joined("reset", 1, 3), epoch: "e2" }), "reset");
  assert.deepEqual(seqs(log), [1, 3, 3, true]);
});

test("scrolling both ways never holds more than the window", () => {
  const log = fresh(100000);
  log.following = false;
  for (let i = 0; i < 40; i += 1) {
    const before = log.low;
    log.takeHistory(run(before - PAGE, before - 1), true, { before });
    assert.ok(log.entries.length <= WINDOW);
    assert.equal(log.low, before - PAGE);
  }
  assert.equal(log.live, false);
  log.takeLive(message("general", 100001));
  assert.equal(log.high, log.low + WINDOW - 1, "what is live does not disturb who reads far above");
  while (!log.live) {
    const after = log.high;
    log.takeHistory(run(after + 1, Math.min(after + PAGE, 100001)), true, { after });
    assert.equal(log.entries.length, WINDOW);
  }
  assert.deepEqual(seqs(log), [100001 - WINDOW + 1, 100001, 100001, true]);
});

test("the beginning is found also when a server trims its log", () => {
  const log = fresh(100);
  log.takeHistory(run(40, 50), false, { before: 51 });
  assert.equal(log.older, false);
  log.takeHistory([], false, { before: 40 });
  assert.equal(log.low, 40);
});

test("an answer that does not fit any more is dropped", () => {
  const log = fresh(100);
  log.takeHistory(run(1, 50), false, { before: 51 });
  log.takeHistory(run(1, 50), false, { before: 51 });
  log.takeHistory(run(1, 10), true, { before: 20 });
  assert.deepEqual(seqs(log), [1, 100, 100, true]);
});

test("5,000 random steps: always dense, bounded, and live only when it is", () => {
  const random = randomFrom(5);
  const log = fresh(500);
  let head = 500;
  for (let step = 0; step < 5000; step += 1) {
    const choice = Math.floor(random() * 6);
    log.following = log.live && random() < 0.5;
    if (choice === 0) {
      head += 1;
      assert.ok(log.takeLive(message("general", head)));
    } else if (choice === 1) log.takeHistory(run(Math.max(1, log.low - PAGE), log.low - 1), log.low > PAGE, { before: log.low });
    else if (choice === 2) log.takeHistory(run(log.high + 1, Math.min(head, log.high + PAGE)), true, { after: log.high });
    else if (choice === 3) {
      const away = random() < 0.5 ? 0 : 3600000;
      const missed = Math.floor(random() * 120);
      log.joinFields(away);
      const from = away ? Math.max(1, head + missed - PAGE + 1) : head + 1;
      log.takeJoined(joined(away ? "fresh" : "resumed", from, head + missed));
      head += missed;
    } else if (choice === 4) {
      const low = 1 + Math.floor(random() * head);
      log.replace(run(low, Math.min(head, low + PAGE - 1)));
    }
    assert.equal(log.position, head);
    assert.ok(log.entries.length <= WINDOW);
    log.entries.forEach((entry, i) => assert.equal(entry.seq, log.low + i));
    assert.equal(log.live, log.high === head);
  }
});
