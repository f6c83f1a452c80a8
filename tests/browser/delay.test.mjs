// Between page and terminal: how long a message takes, measured, and what is said when one side is of another version.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { enter, ready, serve, sees, until, write } from "./browser.mjs";

const COUNT = 200;
// 100 ms are promised on a machine of one's own; sanitizers and the other tests beside this one take their part.
const BOUND = 1000;

const p = (delays, part) => delays.sort((a, b) => a - b)[Math.min(delays.length - 1, Math.floor(delays.length * part))];

function judge(what, delays) {
  assert.equal(delays.length, COUNT);
  console.log(`# ${what}: p50 ${Math.round(p(delays, 0.5))} ms, p99 ${Math.round(p(delays, 0.99))} ms of ${COUNT}`);
  assert.ok(delays.every((each) => each >= 0));
  assert.ok(p(delays, 0.99) < BOUND, `p99 ${p(delays, 0.99)} ms`);
}

test("from Enter in the page to a line of the terminal client, and back to what the page shows", async () => {
  const server = await serve();
  const { page } = await enter(server, "Ada");
  const tail = server.program("ken", ["tail", "general", "--json", "--since", "0", "--follow"]);
  const send = server.program("linus", ["send", "general", "--lines", "--quiet"]);
  const lines = createInterface({ input: tail.stdout })[Symbol.asyncIterator]();
  try {
    const there = [];
    for (let i = 0; i < COUNT; i += 1) {
      const sent = await page.evaluate((text) => {
        const area = document.querySelector("chat-composer textarea");
        area.value = text;
        const at = Date.now();
        area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
        return at;
      }, `there ${i}`);
      const { text } = JSON.parse((await lines.next()).value);
      there.push(Date.now() - sent);
      assert.equal(text, `there ${i}`);
    }
    judge("page to terminal", there);
    const back = [];
    for (let i = 0; i < COUNT; i += 1) {
      const shown = page.evaluate((text) => new Promise((resolve) => {
        const entries = document.querySelector("ol.entries");
        new MutationObserver((_, observer) => {
          if (entries.lastChild.querySelector(".text")?.textContent !== text) return;
          observer.disconnect();
          resolve(Date.now());
        }).observe(entries, { childList: true });
        globalThis.watching = text;
      }), `back ${i}`);
      await until(page, (text) => globalThis.watching === text, `back ${i}`);
      const sent = Date.now();
      send.stdin.write(`back ${i}\n`);
      back.push((await shown) - sent);
    }
    judge("terminal to page", back);
  } finally {
    tail.kill();
    send.kill();
  }
});

test("a server of another version says both versions and what to do, and goes on working", async () => {
  const server = await serve();
  const { page, context } = await enter(server, "Ada", { serverDies: true });
  const own = await page.evaluate(() => document.querySelector("chat-app").chat.server);
  assert.match(own, /^callboard\/\d/);
  let other = false;
  await context.routeWebSocket("**/ws", (socket) => {
    const real = socket.connectToServer();
    socket.onMessage((data) => real.send(data));
    real.onMessage((data) => {
      const frame = JSON.parse(data);
      if (other && frame.type === "welcome") frame.server = "callboard/9.9.9";
      socket.send(JSON.stringify(frame));
    });
  });
  await page.reload();
  await ready(page);
  other = true;
  await server.stop();
  await server.start();
  const banner = page.locator("conn-banner");
  await banner.getByText(`The server is now callboard/9.9.9, this page came from ${own}. Reload to renew it.`).waitFor();
  await write(page, "still here");
  await sees(page, "still here");
  await banner.getByRole("button", { name: "Reload" }).click();
  await ready(page); // The new page knows no older server: the banner is gone.
});
