// The figures: alive while somebody looks, silent about it on the console, readable by everybody.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, enter, sees, serve, until, visit, write } from "./browser.mjs";

const tile = (page, title) => page.locator("figure", { hasText: title }).locator("strong");

test("figures move with what happens, in light and dark, and survive a restart", async () => {
  const server = await serve();
  const { page: ada } = await enter(server, "Ada", { serverDies: true });
  const { page } = await visit(server, { address: "stats", serverDies: true });
  await until(page, () => document.querySelector("figure strong").textContent !== "");
  await page.getByText(/callboard .*one sample a second/).waitFor();
  for (let i = 0; i < 5; i += 1) await write(ada, `message ${i}`);
  await sees(ada, "message 4");
  await page.locator("td", { hasText: "general" }).waitFor();
  assert.match(await tile(page, "Open rooms").textContent(), /^1$/);
  await until(page, () => [...document.querySelectorAll("path")].some((path) => path.getAttribute("d").includes("L")));
  assert.deepEqual(await axe(page), [], "light");
  await page.emulateMedia({ colorScheme: "dark" });
  assert.deepEqual(await axe(page), [], "dark");
  await page.emulateMedia({ forcedColors: "active" });
  assert.deepEqual(await axe(page), [], "forced colours");
  await page.setViewportSize({ width: 360, height: 640 });
  assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth), true);
  await server.stop("SIGKILL");
  await page.getByText("Connection lost. Trying again…").waitFor();
  assert.equal(await tile(page, "Open rooms").textContent(), "–", "nothing old is shown as if it were true");
  await server.start();
  await page.getByText(/one sample a second/).waitFor();
});

test("an answer that is no stream, as of a proxy without its server, is said, and asked again", async () => {
  const server = await serve();
  const { context } = await visit(server);
  let refusals = 1;
  await context.route("**/stats/events", (route) => ((refusals -= 1) < 0 ? route.continue() : route.fulfill({ status: 502 })));
  const page = await context.newPage();
  page.removeAllListeners("console"); // The browser itself tells of the answer.
  await page.goto(`${server.url}stats`);
  await page.getByText("refuses the figures").waitFor();
  await page.getByText(/one sample a second/).waitFor();
});

test("nobody looks: no sample is taken", async () => {
  const server = await serve();
  const samples = async () => {
    const text = await (await fetch(new URL("metrics", server.url))).text();
    return Number(/^callboard_stats_samples_total (\d+)$/m.exec(text)[1]);
  };
  assert.equal(await samples(), 0);
  const { page, context } = await visit(server, { address: "stats" });
  await until(page, () => document.querySelector("figure strong").textContent !== "");
  assert.ok(await samples() > 0);
  await context.close();
});

/** Many talk into one room at once, each as much as the server lets it: runs in a page, until its `end` is set. */
async function overwhelm({ talkers, room }) {
  const say = (socket, frame) => socket.send(JSON.stringify(frame));
  const talk = (index) => new Promise((resolve) => {
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws`, "callboard.v1");
    let count = 0;
    const post = () => say(socket, { type: "post", room, id: `t${index}n${(count += 1)}`, text: "more than it can do" });
    socket.onopen = () => say(socket, { type: "hello", name: `Talker ${index}` });
    socket.onmessage = ({ data }) => {
      const { type } = JSON.parse(data);
      if (type === "welcome") say(socket, { type: "join", room, last: 1 });
      if (type === "joined") resolve(() => {
        for (let i = 0; i < 60; i += 1) post();
      });
      if (type === "posted" && !globalThis.end) post();
    };
  });
  const all = await Promise.all(Array.from({ length: talkers }, (_, index) => talk(index)));
  for (const begin of all) begin();
}

test("an actor that has more to do than it can shows as the deepest mailbox within three seconds", async () => {
  // On the sockets' thread actors take turns with reading, which waits for them: no mailbox grows there.
  const server = await serve({ settings: { WORKER_THREADS: "2" } });
  const { page } = await visit(server, { address: "stats" });
  await page.locator("figure strong", { hasText: /\d/ }).first().waitFor();
  const { page: crowd } = await visit(server);
  const deepest = () => page.evaluate(() =>
    [...document.querySelectorAll("section:last-child tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent)));
  await page.evaluate(() => {
    const body = document.querySelector("section:last-child tbody");
    new MutationObserver(() => {
      const [name, depth] = [...body.rows[0].cells].map((cell) => cell.textContent);
      if (name === "room" && Number(depth.replace(/\D/g, "")) > 64) globalThis.found ??= Date.now();
    }).observe(body, { childList: true });
  });
  await crowd.evaluate(overwhelm, { talkers: 30, room: "general" });
  const start = Date.now();
  await until(page, () => globalThis.found);
  const took = (await page.evaluate(() => globalThis.found)) - start;
  await crowd.evaluate(() => (globalThis.end = true));
  console.log(`# found after ${took} ms: ${JSON.stringify(await deepest())}`);
  assert.ok(took < 3000, `${took} ms`);
});
