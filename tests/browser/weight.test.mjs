// What a visit costs: bytes, requests and time. The first two are limits, the third is printed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { enter, ready, serve, visit } from "./browser.mjs";

const BYTES = 30 * 1024;
const REQUESTS = 4;

/** Counts what goes over the wire of a page from now on; the icon, which headless browsers leave out, is added. */
async function meter(page, devtools, server) {
  await devtools.send("Network.enable");
  const counted = { bytes: 0, requests: 0, answers: [] };
  // Only what the server answers has these; what the cache gives has none.
  devtools.on("Network.responseReceivedExtraInfo", ({ statusCode }) => counted.answers.push(statusCode));
  devtools.on("Network.requestServedFromCache", () => (counted.requests -= 1));
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => {
    counted.bytes += encodedDataLength;
    counted.requests += 1;
  });
  counted.addIcon = async () => {
    const address = await page.locator("link[rel=icon]").getAttribute("href");
    const answer = await fetch(new URL(address, server.url));
    counted.bytes += (await answer.arrayBuffer()).byteLength + 300;
    counted.requests += 1;
  };
  return counted;
}

test("a first visit is at most 30 KB in 4 requests, the next one is one 304", { skip: process.env.CALLBOARD_WEB_DIR !== undefined }, async () => {
  const server = await serve();
  const { page, context } = await visit(server);
  await page.goto("about:blank");
  const devtools = await context.newCDPSession(page);
  const cold = await meter(page, devtools, server);
  await devtools.send("Network.clearBrowserCache");
  await page.goto(server.url);
  await page.getByLabel("Your name").waitFor();
  await cold.addIcon();
  console.log(`# cold: ${cold.bytes} bytes in ${cold.requests} requests`);
  assert.ok(cold.bytes > 5000 && cold.bytes <= BYTES, `${cold.bytes} bytes`);
  assert.ok(cold.requests >= 3 && cold.requests <= REQUESTS, `${cold.requests} requests`);
  assert.deepEqual(cold.answers, [200, 200, 200]);
  await page.goto("about:blank");
  cold.answers.length = 0;
  await page.goto(server.url);
  await page.getByLabel("Your name").waitFor();
  assert.deepEqual(cold.answers, [304], "all else is in the browser's cache");
  const assets = (await (await fetch(server.url)).text()).match(/\/assets\/[^"]+/g);
  assert.equal(assets.length, REQUESTS - 1);
  for (const asset of assets) {
    const answer = await fetch(new URL(asset, server.url));
    assert.match(answer.headers.get("cache-control"), /max-age=31536000, immutable/, asset);
  }
});

test("typing is possible soon, also on a slow machine", async () => {
  const server = await serve();
  const { page, context } = await enter(server, "Ada");
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.reload();
  await ready(page);
  const soon = await page.evaluate(() => Math.round(performance.now()));
  console.log(`# ready ${soon} ms after the reload began, at a quarter of this machine's speed`);
  assert.ok(soon < 20000);
});
