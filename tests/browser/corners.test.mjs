// Corners: where a room, a place, a focus or a draft could get lost without anybody noticing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { composer, enter, ready, sees, serve, until, write } from "./browser.mjs";

const entry = (page, text) => page.locator("ol.entries > li", { hasText: text });
const focused = (page) => page.evaluate(() => document.activeElement.tagName);

test("who leaves their only room is in it anew, and what they write is stored", async () => {
  const server = await serve();
  const { page } = await enter(server, "Ada");
  await page.evaluate(() => (globalThis.old = document.querySelector("chat-app").chat.current));
  await page.getByRole("button", { name: /\d+ here/ }).click();
  await page.getByRole("button", { name: "Leave this room" }).click();
  await until(page, () => document.querySelector("chat-app").chat.current !== globalThis.old);
  await ready(page);
  await composer(page).press("ArrowUp");
  await write(page, "still here");
  await sees(page, "still here");
});

test("signing out asks before it loses what is not sent, and then leaves nothing", async () => {
  const server = await serve();
  const { page } = await enter(server, "Ada");
  await composer(page).fill("half a sentence");
  const asked = [];
  let agree = false;
  page.on("dialog", (dialog) => {
    asked.push(dialog.message());
    return agree ? dialog.accept() : dialog.dismiss();
  });
  await page.getByRole("button", { name: "Sign out" }).click();
  assert.match(asked[0], /Not sent: 1 draft\./);
  assert.equal(await composer(page).inputValue(), "half a sentence");
  // Who has signed out has no composer that listens, either.
  await page.evaluate(() => (document.querySelector("chat-composer").keepDraft = () => (globalThis.hits += 1)));
  agree = true;
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Your name").waitFor();
  const left = await page.evaluate(() => {
    globalThis.hits = 0;
    document.dispatchEvent(new Event("visibilitychange"));
    dispatchEvent(new Event("pagehide"));
    return { hits: globalThis.hits, keys: Object.keys(localStorage) };
  });
  assert.deepEqual(left, { hits: 0, keys: [] });
});

test("whoever has seen the unread line is not told again and again how much came since", async () => {
  const server = await serve();
  const { page: grace } = await enter(server, "Grace");
  const init = () => (document.hasFocus = () => globalThis.away !== true);
  const { page } = await enter(server, "Ada", { init, viewport: { width: 1000, height: 400 } });
  const talk = async (from, to) => {
    for (let i = from; i <= to; i += 1) await write(grace, `line ${i}`);
    await sees(page, `line ${to}`);
  };
  const lineIsAbove = () => document.querySelector(".new-line").getBoundingClientRect().bottom < 0;
  const bar = page.getByRole("button", { name: /new.*jump$/ });
  await page.evaluate(() => (globalThis.away = true));
  await talk(1, 20);
  await until(page, lineIsAbove);
  await bar.waitFor(); // Nobody was here to see it.
  await bar.click();
  await page.evaluate(() => {
    globalThis.away = false;
    dispatchEvent(new Event("focus"));
  });
  await composer(page).press("Escape");
  await talk(21, 40);
  await until(page, lineIsAbove);
  assert.equal(await bar.count(), 0);
});

test("a room where nothing was written says so, until something is", async () => {
  const server = await serve();
  const { page } = await enter(server, "Ada");
  const empty = page.getByText("Nobody has written here yet.");
  await empty.waitFor();
  await write(page, "hello");
  await empty.waitFor({ state: "hidden" });
});

test("a room that holds messages without a receipt is not left behind with them", async () => {
  const server = await serve();
  const { page } = await enter(server, "Ada", { serverDies: true, address: "#kitchen" });
  await server.stop("SIGKILL");
  await page.getByText(/Reconnecting in \d+ s/).waitFor();
  await write(page, "on its way");
  await page.getByRole("button", { name: "offline" }).click();
  await page.getByRole("button", { name: "Leave this room" }).click();
  await page.locator("conn-banner", { hasText: "A message here is not stored yet. Drop it, or leave when it is." }).waitFor();
  await server.start();
  await ready(page);
  await sees(page, "on its way");
  await until(page, () => document.querySelectorAll("li.pending").length === 0);
  await page.getByRole("button", { name: "Leave this room" }).click();
  await page.getByRole("heading", { name: "general" }).waitFor();
  assert.deepEqual(server.database.texts("kitchen"), ["on its way"]);
});

test("who is here: Esc closes the list wherever the focus is, and so does a click beside it", async () => {
  const server = await serve();
  const { page } = await enter(server, "Ada");
  const button = page.getByRole("button", { name: "1 here" });
  const leave = page.getByRole("button", { name: "Leave this room" });
  await button.click();
  await leave.waitFor();
  await composer(page).press("Escape");
  await leave.waitFor({ state: "hidden" });
  assert.equal(await focused(page), "TEXTAREA", "what was not inside keeps the focus");
  await button.click();
  await leave.focus();
  await page.keyboard.press("Escape");
  await leave.waitFor({ state: "hidden" });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "1 here");
  await button.click();
  await composer(page).click();
  await leave.waitFor({ state: "hidden" });
});

test("an address of a message that is not there says so, and marks no other", async () => {
  const server = await serve({ fill: (database) => database.fill("general", 200) });
  const { page } = await enter(server, "Ada");
  for (const seq of ["0", "999999"]) {
    await page.evaluate((hash) => (location.hash = hash), `#general/${seq}`);
    await page.locator("conn-banner", { hasText: `Message ${seq} is not in general.` }).waitFor();
    assert.equal(await page.locator("li.found").count(), 0);
  }
  await page.evaluate(() => (location.hash = "#general/150"));
  await page.locator("li.found", { hasText: "number 150" }).waitFor();
});

test("without a connection a jump says that it has to wait, and then arrives", async () => {
  const server = await serve({ fill: (database) => database.fill("general", 400) });
  const { page } = await enter(server, "Ada", { serverDies: true });
  await server.stop("SIGKILL");
  await page.getByText(/Reconnecting in \d+ s/).waitFor();
  await page.evaluate(() => (location.hash = "#general/395"));
  await page.locator("li.found", { hasText: "number 395" }).waitFor(); // It is here.
  await page.evaluate(() => (location.hash = "#general/20"));
  await page.locator("conn-banner", { hasText: "Message 20 comes with the connection." }).waitFor();
  await server.start();
  await page.locator("li.found", { hasText: "number 20" }).waitFor();
});

test("the focus stays in the messages: under a moving pointer, and when the log begins anew", async () => {
  const server = await serve();
  const { page } = await enter(server, "Ada");
  await write(page, "above");
  await write(page, "below");
  await sees(page, "below");
  // By keyboard: the pointer takes nothing away.
  await entry(page, "above").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Quote");
  await entry(page, "below").hover();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Quote");
  // By pointer: the tools go along, the focus stays with its message.
  await entry(page, "above").hover();
  await page.getByRole("button", { name: "Copy link" }).click();
  await entry(page, "below").hover();
  await entry(page, "below").locator(".tools").waitFor();
  assert.equal(await focused(page), "LI");
  await page.evaluate(() => document.querySelector("message-list").startAnew());
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains("scroller")));
});

test("U marks unread also with Caps Lock; a post leaves the mark, Esc reads all", async () => {
  const server = await serve();
  const { page } = await enter(server, "Ada");
  await enter(server, "Grace").then(async (grace) => {
    for (const text of ["one", "two"]) await write(grace.page, text);
  });
  await sees(page, "two");
  const unread = (count) => until(page, (wanted) => document.querySelector("chat-app").chat.current.unread === wanted, count);
  await entry(page, "one").focus();
  await page.keyboard.press("U");
  await unread(2);
  await write(page, "mine");
  await sees(page, "mine");
  await unread(3);
  await page.keyboard.press("Escape");
  await unread(0);
});

test("two windows have one draft, and the one that has changed nothing overwrites nothing", async () => {
  const server = await serve();
  const { page, context } = await enter(server, "Ada");
  const second = await context.newPage();
  await second.goto(server.url);
  await ready(second);
  await composer(page).fill("half");
  await composer(page).blur(); // At once, not after a pause.
  assert.equal(await page.evaluate(() => document.querySelector("chat-app").chat.current.draft), "half");
  await until(second, () => document.querySelector("textarea").value === "half");
  await composer(second).fill("half a sentence");
  await second.evaluate(() => {
    document.querySelector("chat-composer").keepDraft();
  });
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await until(page, () => document.querySelector("textarea").value === "half a sentence");
});

test("what is taken back to be edited is kept as a draft before the outbox forgets it", async () => {
  const server = await serve();
  const { page } = await enter(server, "Ada", { serverDies: true });
  await server.stop("SIGKILL");
  await page.getByText(/Reconnecting in \d+ s/).waitFor();
  await write(page, "to be changed");
  await page.evaluate(() => {
    const { removeItem } = Storage.prototype;
    Storage.prototype.removeItem = function remove(key) {
      if (key.includes(".out.")) globalThis.draftThen = document.querySelector("chat-app").chat.current.draft;
      removeItem.call(this, key);
    };
  });
  await composer(page).press("ArrowUp");
  assert.equal(await page.evaluate(() => globalThis.draftThen), "to be changed");
});

test("after midnight today is yesterday", async () => {
  // Not the first line: that one is placed anew with each change.
  const server = await serve({ fill: (database) => database.fill("general", 3) });
  const { page } = await enter(server, "Ada");
  await write(page, "late");
  await sees(page, "late");
  await page.locator(".day-line", { hasText: "Today" }).waitFor();
  await page.evaluate(() => {
    const RealDate = Date;
    globalThis.Date = class extends RealDate {
      constructor(...values) {
        super(...(values.length > 0 ? values : [globalThis.Date.now()]));
      }
      static now() {
        return RealDate.now() + 86400000;
      }
    };
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.locator(".day-line", { hasText: "Yesterday" }).waitFor();
});
