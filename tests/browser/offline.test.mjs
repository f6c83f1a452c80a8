// What you typed is never lost: dead links, refusals, reloads, closed tabs.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { browserOn, composer, enter, ready, sees, serve, texts, until, write } from "./browser.mjs";

const pending = (page, text) => page.locator("li.pending", { hasText: text });

test("a link that is only half open is noticed within 12 seconds and replaced without help", async () => {
  const server = await serve();
  const { page } = await enter(server, "Ada", { serverDies: true });
  server.process.kill("SIGSTOP"); // The kernel holds the connection open; nobody answers.
  const start = Date.now();
  await write(page, "into the void");
  await page.locator("conn-banner", { hasText: /Connection lost|Connecting…/ }).waitFor();
  const took = Date.now() - start;
  assert.ok(took < 15000, `${took} ms; 12,000 are promised, 3,000 are this machine's`);
  await composer(page).pressSequentially("still writing");
  assert.equal(await composer(page).inputValue(), "still writing");
  server.process.kill("SIGCONT");
  await ready(page);
  await until(page, () => document.querySelectorAll("li.pending").length === 0);
  assert.deepEqual(server.database.texts("general"), ["into the void"]);
});

test("offline: the banner counts down, posts wait, and can be edited, dropped and retried", async () => {
  const server = await serve();
  const { page } = await enter(server, "Ada", { serverDies: true });
  await server.stop("SIGKILL");
  await page.getByText(/Reconnecting in \d+ s/).waitFor();
  for (const text of ["first", "second", "third"]) await write(page, text);
  await pending(page, "first").getByText("Waiting for the connection").waitFor();
  assert.equal(await pending(page, "first").getByRole("button", { name: "Retry" }).count(), 0);
  // ↑ in an empty composer takes the last one back.
  await composer(page).press("ArrowUp");
  assert.equal(await composer(page).inputValue(), "third");
  await composer(page).fill("third, changed");
  await composer(page).press("Enter");
  await pending(page, "second").getByRole("button", { name: "Drop" }).click();
  await until(page, () => document.activeElement.tagName === "TEXTAREA"); // The focus does not go with it.
  await pending(page, "first").getByText(/Not sent yet: no connection/).waitFor();
  await server.start();
  await pending(page, "first").getByRole("button", { name: "Retry" }).click();
  await ready(page);
  await sees(page, "third, changed");
  await until(page, () => document.querySelectorAll("li.pending").length === 0);
  assert.deepEqual(server.database.texts("general"), ["first", "third, changed"]);
});

for (const [what, hurry] of Object.entries({
  "Reconnect now tries now": (page) => page.getByRole("button", { name: "Reconnect now" }).click(),
  "a network that comes back is tried at once": (page) => page.evaluate(() => dispatchEvent(new Event("online"))),
  "a page that is looked at again tries at once": (page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange"))),
})) {
  test(what, async () => {
    const server = await serve();
    // Each wait is the longest there is.
    const { page } = await enter(server, "Ada", { serverDies: true, init: () => (Math.random = () => 15) });
    await server.stop("SIGKILL");
    await page.getByText(/Reconnecting in (30|2\d) s/).waitFor();
    const appointment = await page.evaluate(() => document.querySelector("chat-app").chat.link.state.until);
    await server.start();
    await hurry(page);
    await ready(page);
    assert.ok(Date.now() < appointment, "it did not wait until its time was over");
  });
}

test("a final refusal shows its reason, and the text can be edited and sent anew", async () => {
  const server = await serve();
  const { page, context } = await enter(server, "Ada");
  await context.routeWebSocket("**/ws", (socket) => {
    const real = socket.connectToServer();
    socket.onMessage((data) => {
      const frame = JSON.parse(data);
      if (frame.type === "post" && frame.text === "bad")
        socket.send(JSON.stringify({ type: "error", code: "internal", message: "The store refuses this.", id: frame.id, room: frame.room }));
      else if (frame.type !== "post" || frame.text !== "mute") real.send(data);
    });
  });
  await page.reload();
  await ready(page);
  await write(page, "mute");
  await pending(page, "mute").getByText(/No receipt for 10 seconds/).waitFor();
  assert.equal(await pending(page, "mute").getByRole("button", { name: "Edit" }).count(), 0, "it may be stored");
  await pending(page, "mute").getByRole("button", { name: "Drop" }).click();
  await write(page, "bad");
  await pending(page, "bad").getByText("Not sent. The store refuses this.").waitFor();
  await write(page, "good");
  await sees(page, "good");
  await page.reload();
  await ready(page);
  await pending(page, "bad").getByRole("button", { name: "Edit" }).click();
  await composer(page).fill("better");
  await composer(page).press("Enter");
  await sees(page, "better");
  assert.equal(await page.locator("li.pending").count(), 0);
  assert.deepEqual(server.database.texts("general"), ["good", "better"]);
});

test("drafts: one per room, through room changes, reloads and other tabs", async () => {
  const server = await serve();
  const { page, context } = await enter(server, "Ada");
  await composer(page).fill("half a thought");
  await page.evaluate(() => (location.hash = "#kitchen"));
  await page.getByRole("heading", { name: "kitchen" }).waitFor();
  assert.equal(await composer(page).inputValue(), "");
  await composer(page).fill("buy milk");
  await page.reload();
  await ready(page);
  assert.equal(await composer(page).inputValue(), "buy milk");
  await page.getByRole("link", { name: "general" }).click();
  await page.getByRole("heading", { name: "general" }).waitFor();
  assert.equal(await composer(page).inputValue(), "half a thought");
  // Through a room that cannot be joined, where something is typed all the same.
  await page.evaluate((room) => (location.hash = `#${room}`), "x".repeat(65));
  await page.locator("conn-banner", { hasText: /room/ }).waitFor();
  await composer(page).fill("to nobody");
  await page.getByRole("link", { name: "general" }).click();
  await page.getByRole("heading", { name: "general" }).waitFor();
  assert.equal(await composer(page).inputValue(), "half a thought");
  const second = await context.newPage();
  await second.addInitScript(() => (document.hasFocus = () => false));
  await second.goto(`${server.url}#general`);
  await ready(second);
  assert.equal(await composer(second).inputValue(), "half a thought");
  await composer(page).pressSequentially(" more");
  await until(second, () => document.querySelector("textarea").value === "half a thought more");
});

test("two tabs have one outbox: a closed tab's posts are sent by the other, once", async () => {
  const server = await serve();
  const { page: left, context } = await enter(server, "Ada", { serverDies: true });
  const right = await context.newPage();
  await right.goto(server.url);
  await ready(right);
  await write(left, "together");
  await sees(right, "together");
  await server.stop("SIGKILL");
  await write(left, "orphan");
  await pending(right, "orphan").waitFor();
  await left.close();
  await server.start();
  await sees(right, "orphan");
  await until(right, () => document.querySelectorAll("li.pending").length === 0);
  assert.deepEqual(server.database.texts("general"), ["together", "orphan"]);
});

test("what was written offline outlives a browser that is killed at once, and is sent once and in order by the next one", async () => {
  const server = await serve();
  const folder = join(server.database.folder, "profile");
  const first = await browserOn(folder);
  await first.page.goto(server.url);
  await first.page.getByLabel("Your name").fill("Ada");
  await first.page.keyboard.press("Enter");
  await ready(first.page);
  await first.page.context().close(); // Which writes down who we are. This test is about what is typed later.
  const { page, kill } = await browserOn(folder);
  await page.goto(server.url);
  await ready(page);
  await server.stop("SIGKILL");
  await page.getByText(/Reconnecting in/).waitFor();
  const written = ["one", "two", "three"];
  for (const text of written) await write(page, text);
  await pending(page, "three").waitFor();
  await page.evaluate(() => document.querySelector("chat-app").copy.settled);
  await kill();
  await server.start();
  const { page: later } = await browserOn(folder);
  await later.goto(server.url);
  await ready(later);
  await sees(later, "three");
  await until(later, () => document.querySelectorAll("li.pending").length === 0);
  assert.deepEqual(server.database.texts("general"), written);
});

test("a room that began anew on the server says so, and shows nothing of the old one", async () => {
  const server = await serve({ fill: (database) => database.fill("archive", 20) });
  const { page } = await enter(server, "Ada", { address: "#archive", serverDies: true });
  await sees(page, "number 20");
  await server.stop();
  server.database.change(`update entry set body = 'other ' || seq; delete from entry where seq > 15;
    update room set epoch = '${"e".repeat(32)}', head = 15`);
  await server.start();
  await page.getByText(/began anew/).waitFor();
  await sees(page, "other 15");
  assert.deepEqual(await texts(page), Array.from({ length: 15 }, (_, i) => `other ${i + 1}`));
});

test("a server that stops says when to come back, and is obeyed", async () => {
  const server = await serve();
  const { page } = await enter(server, "Ada", { serverDies: true });
  const tries = [];
  page.on("websocket", () => tries.push(Date.now()));
  const bye = new Promise((resolve) => {
    page.once("websocket", (socket) => {
      socket.on("framereceived", ({ payload }) => {
        const frame = JSON.parse(payload);
        if (frame.type === "bye") resolve({ at: Date.now(), wait: frame.reconnect_after_ms });
      });
    });
  });
  await page.reload();
  await ready(page);
  tries.length = 0;
  await server.stop();
  const { at, wait } = await bye;
  assert.ok(wait > 0);
  await server.start();
  await ready(page);
  assert.ok(tries[0] - at >= wait - 20, `it came ${tries[0] - at} ms after it was asked for ${wait} ms`);
});
