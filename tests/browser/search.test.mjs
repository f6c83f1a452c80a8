// Finding messages again: in what is loaded, further back, by keyboard, and read out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, composer, enter, ready, sees, serve, until, write } from "./browser.mjs";

const option = (page, text) => page.getByRole("option").filter({ hasText: text });
const selected = (page) => page.locator('[role=option][aria-selected="true"]');

test("words are found in all loaded rooms, and Enter goes to the message", async () => {
  const server = await serve();
  const { page: grace } = await enter(server, "Grace", { address: "#kitchen" });
  await write(grace, "The kettle is on **the left**");
  const { page } = await enter(server, "Ada", { address: "#kitchen" });
  await sees(page, "kettle");
  await page.evaluate(() => (location.hash = "#general"));
  await page.getByRole("heading", { name: "general" }).waitFor();
  for (let i = 1; i <= 40; i += 1) await write(page, `line ${i}${i === 3 ? ", Kettle again" : ""}`);
  await sees(page, "line 40");
  await page.keyboard.press("Control+Shift+F");
  await page.getByRole("combobox", { name: "Search messages" }).waitFor();
  await page.keyboard.type("KETTLE");
  await option(page, /Grace.* in kitchen.*The kettle is on/).waitFor();
  assert.equal(await page.getByRole("option").count(), 2);
  assert.deepEqual(await page.locator("mark").allTextContents(), ["Kettle", "kettle"], "newest first");
  await page.getByText("2 found. general was read from its beginning.").waitFor();
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("Enter");
  await page.locator("li.found", { hasText: "Kettle again" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.className.includes("found")), true, "the focus is there, too");
  // From the messages a slash opens it; the second one is in another room.
  await page.keyboard.press("/");
  await page.keyboard.type("kettle");
  await page.keyboard.press("ArrowDown");
  await selected(page).filter({ hasText: "in kitchen" }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator("li.found", { hasText: "The kettle is on" }).waitFor();
  assert.equal(await page.getByRole("heading", { name: "kitchen" }).count(), 1);
  // The same one again, though the address does not change.
  await page.keyboard.press("Escape");
  await until(page, () => document.activeElement.tagName === "TEXTAREA");
  await page.getByRole("button", { name: "Search" }).click();
  await page.keyboard.type("grace kettle");
  await page.keyboard.press("Enter");
  await until(page, () => document.activeElement.className.includes("found"));
});

test("what is not loaded is looked for when asked to, page by page, and shown where it stands", async () => {
  const server = await serve({ fill: (database) => {
    database.fill("archive", 6000);
    database.change("update entry set body = 'The needle is here' where seq in (77, 5400)");
  } });
  const { page } = await enter(server, "Ada", { address: "#archive" });
  const asked = [];
  await page.exposeFunction("tellAsked", (frame) => asked.push(frame));
  await page.evaluate(() => {
    const { link } = document.querySelector("chat-app").chat;
    const ask = link.ask.bind(link);
    link.ask = (frame, take) => {
      globalThis.tellAsked(frame);
      ask(frame, take);
    };
  });
  await page.keyboard.press("Control+Shift+F");
  await page.keyboard.type("needle");
  await page.getByText("Nothing found. archive was read back to message 5951.").waitFor();
  assert.deepEqual(asked, [], "nobody has asked for more");
  await page.keyboard.press("Enter");
  await option(page, "The needle is here").waitFor();
  await page.getByText(/^1 found. archive was read back to message 4951\.$/).waitFor();
  assert.match(await selected(page).textContent(), /needle/);
  // The other one is beyond what one request may read: it stops, says how far it came, and goes on when asked.
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByText(/^1 found. archive was read back to message 2951\.$/).waitFor();
  assert.match(await selected(page).textContent(), /Search further back in archive/, "Enter goes on from here");
  await page.keyboard.press("Enter");
  await page.getByText(/^1 found. archive was read back to message 951\.$/).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("2 found. archive was read from its beginning.").waitFor();
  assert.equal(await option(page, "further back").count(), 0);
  assert.ok(asked.every((frame) => frame.type === "history" && frame.limit === 500) && asked.length === 12, JSON.stringify(asked));
  await page.keyboard.press("Enter");
  await page.locator('li.found[data-seq="77"]', { hasText: "needle" }).waitFor();
  await page.keyboard.press("Escape");
  await until(page, () => document.activeElement.tagName === "TEXTAREA");
  await ready(page);
});

test("both boxes open over each other's place, and close without a trace", async () => {
  const server = await serve();
  const { page } = await enter(server, "Ada");
  await composer(page).fill("half");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Room" }).waitFor();
  await page.keyboard.press("Control+Shift+F");
  await page.getByRole("combobox", { name: "Search messages" }).waitFor();
  assert.equal(await page.locator("dialog[open]").count(), 1);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Room" }).waitFor();
  await page.keyboard.press("Control+k");
  assert.equal(await page.locator("dialog[open]").count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.value), "half");
});
