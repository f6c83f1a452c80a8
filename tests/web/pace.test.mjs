// Which entries have nodes: few in one frame, the newest first, and all of them in the end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Pace, STEP } from "../../web/pace.js";
import { randomFrom } from "./world.mjs";

const FRAME = 1000 / 60;
const made = (before, next) => {
  const kept = before ? Math.max(0, Math.min(before.high, next.high) - Math.max(before.low, next.low) + 1) : 0;
  return next.high - next.low + 1 - kept;
};

/** Frames until all of the window is shown; the last range. */
function settle(pace, shown, log, stuck, now) {
  for (let frame = 0; frame < 200; frame += 1, now += FRAME) {
    const next = pace.next(shown, log, stuck, now);
    assert.ok(made(shown, next) <= STEP);
    shown = next;
  }
  assert.deepEqual(shown, { low: log.low, high: log.high });
  return shown;
}

test("an empty log has no nodes, a short one has all at once", () => {
  const pace = new Pace();
  assert.deepEqual(pace.next(null, { low: 1, high: 0 }, true, 0), { low: 1, high: 0 });
  assert.deepEqual(pace.next(null, { low: 51, high: 100 }, true, 0), { low: 51, high: 100 });
  assert.deepEqual(pace.next({ low: 51, high: 100 }, { low: 51, high: 101 }, true, 1000), { low: 51, high: 101 });
});

test("a long window begins at its end, and is there some frames later", () => {
  const pace = new Pace();
  const log = { low: 701, high: 1000 };
  const first = pace.next(null, log, true, 0);
  assert.deepEqual(first, { low: 951, high: 1000 });
  settle(pace, first, log, true, FRAME);
});

test("a page of history, up or down, is one frame's work", () => {
  const pace = new Pace();
  assert.deepEqual(pace.next({ low: 201, high: 300 }, { low: 151, high: 300 }, false, 0), { low: 151, high: 300 });
  assert.deepEqual(pace.next({ low: 201, high: 500 }, { low: 251, high: 550 }, false, 0), { low: 251, high: 550 });
});

for (const rate of [200, 1000, 20000]) {
  test(`${rate} a second: few nodes while it lasts, the newest among them, all afterwards`, () => {
    const pace = new Pace();
    let shown = { low: 1, high: 300 };
    let now = 0;
    const log = { low: 1, high: 300 };
    for (let frame = 0; frame < 180; frame += 1, now += FRAME) {
      log.high = 300 + Math.floor((now * rate) / 1000);
      log.low = log.high - 299;
      const next = pace.next(shown, log, true, now);
      assert.equal(next.high, log.high, "the newest is seen");
      assert.ok(made(shown, next) <= STEP);
      if (frame > 30) assert.ok(next.high - next.low < STEP, `frame ${frame}: ${next.high - next.low + 1}`);
      shown = next;
    }
    settle(pace, shown, log, true, now);
  });
}

test("ten a second are no flood: nothing is taken away that could be read", () => {
  const pace = new Pace();
  let shown = { low: 1, high: 300 };
  for (let i = 1; i <= 100; i += 1) {
    const log = { low: 1 + i, high: 300 + i };
    shown = pace.next(shown, log, true, i * 100);
    assert.deepEqual(shown, log);
  }
});

test("whatever happens, a frame makes few nodes, inside of the window, and it ends whole", () => {
  const random = randomFrom(7);
  const pace = new Pace();
  let shown = null;
  let now = 0;
  let log = { low: 1, high: 0 };
  for (let i = 0; i < 20000; i += 1) {
    now += random() * 300;
    const dice = random();
    if (dice < 0.02) log = { low: 1000 + Math.floor(random() * 5000), high: 0 };
    if (dice < 0.02) log.high = log.low + Math.floor(random() * 300);
    else if (dice < 0.6) log = { ...log, high: log.high + Math.floor(random() * 90) };
    if (log.high - log.low >= 300) log.low = log.high - 299;
    const next = pace.next(shown, log, random() < 0.7, now);
    assert.ok(next.low >= log.low && next.high <= log.high && next.low <= next.high + 1);
    assert.ok(made(shown, next) <= STEP, `step ${i}`);
    shown = next;
  }
  settle(pace, shown, log, false, now + 60000);
});
