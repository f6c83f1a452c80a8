// A room of 100,000 messages: what the reader looks at moves by 0 px, and the page stays small.
import assert from "node:assert/strict";
import { test } from "node:test";
import { composer, enter, ready, sees, serve, until, write } from "./browser.mjs";

const COUNT = 100000;
const NODES = 320;

const room = (fill = COUNT) => serve({ fill: (database) => database.fill("archive", fill) });
const low = (page) => page.evaluate(() => Number(document.querySelector("ol.entries").firstChild.dataset.seq));
const high = (page) => page.evaluate(() => Number(document.querySelector("ol.entries").lastChild.dataset.seq));
const nodes = (page) => page.evaluate(() => document.querySelectorAll("ol.entries > li").length);
const atEnd = (seq) => Number(document.querySelector("ol.entries").lastChild?.dataset.seq) === seq;

/** Scrolls to `top` px, and measures how far the first message in view moves until `change` has happened. */
async function movement(page, top, change, happened) {
  const before = await page.evaluate((to) => {
    const scroller = document.querySelector(".scroller");
    scroller.scrollTop = to < 0 ? scroller.scrollHeight + to : to;
    const edge = scroller.getBoundingClientRect().top;
    const node = [...document.querySelectorAll("ol.entries > li")].find((each) => each.getBoundingClientRect().bottom > edge + 1);
    globalThis.watched = node;
    return { y: node.getBoundingClientRect().top, low: Number(node.parentNode.firstChild.dataset.seq),
      high: Number(node.parentNode.lastChild.dataset.seq) };
  }, top);
  await change?.();
  await until(page, happened, before);
  // Two frames later the browser has had its own say, too.
  return page.evaluate((y) => new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(globalThis.watched.getBoundingClientRect().top - y)));
  }), before.y);
}

const olderCame = (before) => Number(document.querySelector("ol.entries").firstChild.dataset.seq) < before.low;
const newerCame = (before) => Number(document.querySelector("ol.entries").lastChild.dataset.seq) > before.high;

test("scrolling up and down a room of 100,000 moves nothing and keeps at most 320 nodes", async () => {
  const server = await room();
  const { page } = await enter(server, "Ada", { address: "#archive" });
  await until(page, atEnd, COUNT);
  for (const top of [500, 0, 500, 0, 500, 0, 500, 0, 300, 0]) {
    assert.equal(await movement(page, top, null, olderCame), 0, `from ${top} px, up`);
    assert.ok(await nodes(page) <= NODES);
  }
  assert.ok(await low(page) <= COUNT - 400);
  assert.ok(await high(page) < COUNT, "the far end was let go");
  while (await high(page) < COUNT) {
    assert.equal(await movement(page, -1000, null, newerCame), 0, "down");
    assert.ok(await nodes(page) <= NODES);
  }
});

test("what grows late, arrives, or is written elsewhere moves nothing either", async () => {
  const server = await room(200);
  const { page: ada } = await enter(server, "Ada", { address: "#archive" });
  const { page: grace } = await enter(server, "Grace", { address: "#archive" });
  await until(ada, atEnd, 200);
  const grow = () => ada.evaluate(() => {
    const above = globalThis.watched.previousElementSibling.querySelector(".text");
    above.style.height = `${above.clientHeight + 280}px`;
    globalThis.grown = true;
  });
  assert.equal(await movement(ada, 1500, grow, () => globalThis.grown), 0, "late growth above");
  const moved = await movement(ada, 1500, () => write(grace, "new at the end"), newerCame);
  assert.equal(moved, 0, "a message at the end");
  await ada.getByRole("button", { name: "↓ 1 new" }).click();
  await sees(ada, "new at the end");
  await write(grace, "and this follows by itself");
  await until(ada, () => {
    const { scrollHeight, scrollTop, clientHeight } = document.querySelector(".scroller");
    return atBottom() && document.querySelector("ol.entries").lastChild.textContent.includes("by itself");
    function atBottom() {
      return scrollHeight - scrollTop - clientHeight <= 1;
    }
  });
});

test("a link to an entry opens in the middle, marked, and what is live goes on", async () => {
  const server = await room();
  const { page: ada } = await enter(server, "Ada", { address: "#archive/5000" });
  const { page: grace } = await enter(server, "Grace", { address: "#archive" });
  const found = ada.locator("li.found");
  await found.waitFor();
  assert.equal(await found.getAttribute("data-seq"), "5000");
  const offset = await ada.evaluate(() => {
    const box = (node) => node.getBoundingClientRect();
    const [scroller, node] = [box(document.querySelector(".scroller")), box(document.querySelector("li.found"))];
    return Math.abs((scroller.top + scroller.bottom) / 2 - (node.top + node.bottom) / 2);
  });
  assert.ok(offset < 60, `${offset} px from the middle`);
  await write(grace, "meanwhile");
  await until(ada, (count) => document.querySelector("chat-app").chat.current.log.position === count + 1, COUNT);
  assert.equal(await found.getAttribute("data-seq"), "5000");
  await ada.getByRole("button", { name: /^↓/ }).click();
  await sees(ada, "meanwhile");
  assert.ok(await nodes(ada) <= NODES);
  await ada.evaluate(() => (location.hash = "#archive/1"));
  await ada.locator('li.found[data-seq="1"]').waitFor();
});

test("the unread line stays where it was, and is reached from far beyond the page", async () => {
  const server = await room(3000);
  const { page } = await enter(server, "Ada", { address: "#archive" });
  await until(page, atEnd, 3000);
  const bar = page.getByRole("button", { name: /^2000 new since .* – jump$/ });
  const readUpTo1000 = () => page.evaluate(() => {
    const { chat } = document.querySelector("chat-app");
    const entry = { seq: 1000, epoch: "f".repeat(32), at: "2023-11-15T14:53:20.000Z" };
    localStorage.setItem(`callboard.${chat.me.id}.read.archive`, JSON.stringify(entry));
  });
  await readUpTo1000();
  await page.reload();
  await ready(page);
  await bar.click();
  const line = page.locator("li", { has: page.locator(".new-line") });
  await line.waitFor();
  assert.equal(await line.getAttribute("data-seq"), "1001");
  await page.getByRole("button", { name: /^↓/ }).click();
  await until(page, atEnd, 3000);
  await until(page, () => !document.title.startsWith("("));
  await page.evaluate(() => (location.hash = "#archive/1001"));
  await line.waitFor();
  await page.evaluate(() => (location.hash = "#general"));
  await page.getByRole("heading", { name: "general" }).waitFor();
  await page.evaluate(() => (location.hash = "#archive"));
  await page.getByRole("heading", { name: "archive" }).waitFor();
  await composer(page).waitFor();
  assert.equal(await page.locator(".new-line").count(), 0, "it went when the reader left");
  await readUpTo1000();
  await page.reload();
  await bar.waitFor();
  await composer(page).press("Escape");
  await bar.waitFor({ state: "hidden" });
});

test("who is not here reads nothing, and what they marked unread stays unread", async () => {
  const server = await serve();
  const init = () => (document.hasFocus = () => globalThis.away !== true);
  const { page: ada } = await enter(server, "Ada", { init });
  const { page: grace } = await enter(server, "Grace");
  await write(grace, "one");
  await sees(ada, "one");
  await until(ada, () => document.title === "general – Callboard");
  await ada.evaluate(() => (globalThis.away = true));
  await write(grace, "two");
  await until(ada, () => document.title === "(1) general – Callboard");
  await ada.locator("li", { hasText: "two" }).locator(".new-line").waitFor();
  await ada.evaluate(() => {
    globalThis.away = false;
    dispatchEvent(new Event("focus"));
  });
  await until(ada, () => document.title === "general – Callboard");
  await ada.locator("li", { hasText: "one" }).focus();
  await ada.keyboard.press("u");
  await until(ada, () => document.title === "(2) general – Callboard");
  await write(grace, "three");
  await until(ada, () => document.title === "(3) general – Callboard");
});

test("days and hours are the reader's own, and what one person says in five minutes stands together", async () => {
  const server = await serve({ fill: (database) => {
    database.fill("archive", 6);
    // 23:59, 00:00, 00:01, 00:10 in Kathmandu (UTC+5:45); then somebody else, and the first one again.
    database.change(["18:14", "18:15", "18:16", "18:25", "18:26", "18:27"].map((time, i) =>
      `update entry set body = 'm${i + 1}', at = strftime('%s', '2023-11-14 ${time}') * 1000,
        author_id = '${(i === 4 ? "b" : "a").repeat(32)}' where seq = ${i + 1};`).join(""));
  } });
  const { page } = await enter(server, "Ada", { address: "#archive", timezoneId: "Asia/Kathmandu", locale: "en-GB" });
  await until(page, atEnd, 6);
  const seen = await page.evaluate(() => [...document.querySelectorAll("ol.entries > li")].map((node) => ({
    day: node.querySelector(".day-line")?.textContent ?? "",
    joined: node.classList.contains("continued"),
    time: node.querySelector("time").textContent,
  })));
  assert.deepEqual(seen.map((each) => each.day.replace(",", "")), ["Tuesday 14 November 2023", "Wednesday 15 November 2023", "", "", "", ""]);
  assert.deepEqual(seen.map((each) => each.time), ["23:59", "00:00", "00:01", "00:10", "00:11", "00:12"]);
  assert.deepEqual(seen.map((each) => each.joined), [false, false, true, false, false, false]);
  const time = page.locator("time").first();
  assert.equal(await time.getAttribute("datetime"), "2023-11-14T18:14:00.000Z");
  assert.match(await time.getAttribute("title"), /Tuesday.*14 November 2023.*23:59:00/);
});
