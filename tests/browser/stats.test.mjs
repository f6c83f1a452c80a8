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
