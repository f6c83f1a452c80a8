// People in a real browser. Promises that nothing a page says on its console goes unheard, and that no request
// leaves its server: both are judged when a person goes.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { after, afterEach } from "node:test";
import { Database, Server } from "./server.mjs";

const require = createRequire(process.env.CALLBOARD_NODE_MODULES);
const { chromium } = require("playwright-core");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// --no-sandbox: tests run as root in containers. The rest: no connection but ours.
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
// What a browser itself says about a server that is gone; the page cannot prevent it.
const GONE = /^(WebSocket connection to '.*' failed|Failed to load resource: net::ERR_)/;

let running;
const things = [];

async function browser() {
  running ??= await chromium.launch({ executablePath: process.env.CALLBOARD_BROWSER, args: FLAGS });
  return running;
}

after(() => running?.close());
afterEach(async () => {
  const problems = [];
  for (const end of things.splice(0).reverse()) {
    try {
      await end();
    } catch (error) {
      problems.push(error);
    }
  }
  if (problems.length > 0) throw problems[0];
});

/** A server on a database of its own; `fill` gets the database before its second start. */
export async function serve({ kind = "sqlite", fill, settings } = {}) {
  const database = new Database(kind);
  things.push(() => database.end());
  const server = new Server(database, settings);
  things.push(() => server.end());
  await server.start();
  if (fill) {
    await server.stop();
    fill(database);
    await server.start();
  }
  return server;
}

/** Somebody with a browser profile of their own; `options` as of a Playwright context. */
export async function visit(server, { address = "", serverDies = false, init, ...options } = {}) {
  const context = await (await browser()).newContext({ viewport: { width: 1000, height: 700 }, ...options });
  const visitor = { context, said: [], requests: [] };
  if (init) await context.addInitScript(init);
  context.on("page", (page) => {
    page.on("console", (message) => {
      if (!(serverDies && GONE.test(message.text()))) visitor.said.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => visitor.said.push(error.stack));
    page.on("request", (request) => visitor.requests.push(request.url()));
  });
  things.push(async () => {
    await context.close();
    assert.deepEqual(visitor.said, [], "the page's console is empty");
    const strangers = visitor.requests.filter((url) => !url.startsWith(server.url) && !url.startsWith("data:"));
    assert.deepEqual(strangers, [], "no other host is asked");
  });
  visitor.page = await context.newPage();
  await visitor.page.goto(server.url + address);
  return visitor;
}

/** A browser of its own whose profile stays in `folder`; `kill` ends it as a crash or a power cut does. */
export async function browserOn(folder) {
  const context = await chromium.launchPersistentContext(folder, { executablePath: process.env.CALLBOARD_BROWSER, args: FLAGS });
  const gone = new Promise((resolve) => context.on("close", resolve));
  things.push(() => context.close());
  const kill = async () => {
    const mine = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(`--user-data-dir=${folder}`));
    for (const pid of mine) process.kill(Number(pid), "SIGKILL");
    await gone;
  };
  return { page: context.pages()[0] ?? (await context.newPage()), kill };
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return []; // It has just ended.
  }
}

/** Signs in and waits until the room is joined. */
export async function enter(server, name, options = {}) {
  const visitor = await visit(server, options);
  const { page } = visitor;
  await page.getByLabel("Your name").fill(name);
  await page.keyboard.press("Enter");
  await ready(page);
  return { ...visitor, page };
}

/** Waits until the page is connected and its room joined. */
export async function ready(page) {
  await page.getByRole("textbox", { name: /^Message to/ }).waitFor();
  await page.locator("room-head", { hasText: /\d+ here/ }).waitFor();
  await page.locator("conn-banner").waitFor({ state: "hidden" });
  await page.waitForFunction(() => document.querySelector("chat-app").chat.current?.joined);
}

export const composer = (page) => page.getByRole("textbox", { name: /^Message to/ });

/** Writes a text as a person: into the composer, and Enter. */
export async function write(page, text) {
  await composer(page).fill(text);
  await composer(page).press("Enter");
}

/** Waits for a stored message with this text. */
export async function sees(page, text) {
  await page.locator("ol.entries > li .text", { hasText: text }).last().waitFor({ state: "attached" });
}

/** The texts of all stored messages on the page. */
export const texts = (page) => page.locator("ol.entries > li:not([hidden]) .text").allTextContents();

/** Waits for a condition in the page. */
export const until = (page, condition, argument) => page.waitForFunction(condition, argument);

/** What axe finds in the page as it stands. */
export async function axe(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`);
}
