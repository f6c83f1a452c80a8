// More messages than anybody can read: the page draws on, and who reads older ones is left alone. What is held are
// counts (nodes and layouts of a frame), which every machine shows alike; milliseconds are printed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { enter, serve, texts, until, write } from "./browser.mjs";

const RATE = 1000;
const TOTAL = 4000;
const STEP = 50; // As in web/pace.js.
const lines = Array.from({ length: TOTAL }, (_, i) => `flood ${i + 1}`);

/** The lines at `RATE` a second, as a program would write them that has that much to say. */
async function* paced() {
  const start = Date.now();
  for (let sent = 0; sent < TOTAL;) {
    const due = Math.min(TOTAL, Math.ceil(((Date.now() - start) / 1000) * RATE));
    if (due > sent) yield `${lines.slice(sent, due).join("\n")}\n`;
    sent = Math.max(sent, due);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Counts in the page, each frame, what is made and what stands. */
const watch = () => {
  const seen = (globalThis.seen = { gaps: [], made: 0, nodes: [], frames: 0 });
  const entries = document.querySelector("ol.entries");
  new MutationObserver((records) => {
    seen.made = Math.max(seen.made, records.reduce((sum, each) => sum + each.addedNodes.length, 0));
  }).observe(entries, { childList: true });
  let last = performance.now();
  const frame = (now) => {
    seen.gaps.push(now - last);
    last = now;
    seen.nodes.push([Number(entries.lastChild?.dataset.seq ?? 0), entries.childElementCount]);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
};

async function flood(server, page) {
  await page.evaluate(watch);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const layouts = async () =>
    (await devtools.send("Performance.getMetrics")).metrics.find((each) => each.name === "LayoutCount").value;
  const before = await layouts();
  const sent = await server.client("ken", ["send", "general", "--lines", "--quiet"], paced());
  assert.equal(sent.status, 0, sent.stderr);
  await until(page, (count) => document.querySelector("chat-app").chat.current.log.position >= count, TOTAL);
  const seen = await page.evaluate(() => globalThis.seen);
  const laidOut = (await layouts()) - before;
  const gaps = seen.gaps.sort((a, b) => a - b);
  const at = (part) => Math.round(gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * part))]);
  console.log(`# ${gaps.length} frames in a flood of ${TOTAL}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms; `
    + `${(laidOut / gaps.length).toFixed(2)} layouts and at most ${seen.made} nodes a frame`);
  return { ...seen, layoutsPerFrame: laidOut / gaps.length };
}

test("at the end of a flood, a frame makes few nodes, lays out once, and keeps few; afterwards all are there", async () => {
  const server = await serve();
  const { page } = await enter(server, "Ada");
  await write(page, "before");
  await page.locator("ol.entries > li", { hasText: "before" }).focus();
  const seen = await flood(server, page);
  assert.ok(seen.made <= STEP, `${seen.made} nodes in one frame`);
  assert.ok(seen.layoutsPerFrame <= 2, `${seen.layoutsPerFrame} layouts a frame`);
  const inside = seen.nodes.filter(([seq]) => seq > 1000 && seq < TOTAL);
  assert.ok(inside.length > 5, "frames were drawn in between");
  assert.ok(Math.max(...inside.map(([, nodes]) => nodes)) <= STEP, "what nobody can read has no nodes");
  await until(page, () => document.querySelectorAll("ol.entries > li").length === 300);
  assert.deepEqual(await texts(page), lines.slice(-300));
  assert.equal(await page.evaluate(() => document.activeElement.className), "scroller",
    "the focus stays in the messages when the one that had it goes");
});

test("who reads above is not moved by a flood, and finds all of it below", async () => {
  const server = await serve({ fill: (database) => database.fill("general", 100) });
  const { page } = await enter(server, "Ada");
  await until(page, () => document.querySelector("ol.entries").lastChild?.dataset.seq === "100");
  const y = await page.evaluate(() => new Promise((resolve) => {
    const scroller = document.querySelector(".scroller");
    scroller.scrollTop -= 900;
    globalThis.watched = [...document.querySelectorAll("ol.entries > li")]
      .find((each) => each.getBoundingClientRect().top > scroller.getBoundingClientRect().top);
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(globalThis.watched.getBoundingClientRect().top)));
  }));
  const seen = await flood(server, page);
  assert.ok(seen.made <= STEP, `${seen.made} nodes in one frame`);
  assert.equal(await page.evaluate(() => globalThis.watched.getBoundingClientRect().top), y);
  await page.getByRole("button", { name: /^↓ \d+ new$/ }).click();
  await until(page, (count) => document.querySelector("ol.entries").lastChild?.dataset.seq === String(count), TOTAL + 100);
});
