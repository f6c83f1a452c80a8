// Pictures of the page, made and not drawn, so that they age with it. Not run by ./test:
//   CALLBOARD_SERVER=… CALLBOARD_CLIENT=… CALLBOARD_PICTURES=build/pictures tests/browser/run.sh build/browser tests/browser/pictures.mjs
// docs/pictures/page.png is its page.png.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { composer, enter, sees, serve, until, visit, write } from "./browser.mjs";

const folder = process.env.CALLBOARD_PICTURES;
mkdirSync(folder, { recursive: true });
const shoot = (page, name, options) => page.screenshot({ path: join(folder, `${name}.png`), ...options });

const TALK = [
  ["grace", "Morning. The nightly build is green again."],
  ["ada", "**Finally.** What was it?"],
  ["grace", "A test that slept and hoped:\n```\nsleep(2)\nassert(server.ready())\n```"],
  ["grace", "It waits for the condition now. Details: https://example.org/builds/412"],
  ["ken", "> A test that slept and hoped\nThere should be a law."],
  ["ada", "There is one, in `CONTRIBUTING.md`. Five kinds of tests, and no sixth."],
  ["ken", "Grüße an alle. See you at noon."],
];

/** Ada's page in a room where something has been said, with unread messages elsewhere. */
async function scene(options = {}) {
  const server = await serve();
  const people = {};
  for (const name of ["ada", "grace", "ken"]) {
    const look = name === "ada" ? options : {};
    people[name] = (await enter(server, name[0].toUpperCase() + name.slice(1), { serverDies: true, ...look })).page;
  }
  const { ada, grace, ken } = people;
  for (const room of ["kitchen", "releases"]) {
    await ada.evaluate((name) => (location.hash = `#${name}`), room);
    await ada.getByRole("heading", { name: room }).waitFor();
    await until(ada, () => document.querySelector("chat-app").chat.current.joined);
  }
  await ada.evaluate(() => (location.hash = "#general"));
  for (const [name, text] of TALK) {
    await write(people[name], text);
    await sees(ken, text.split("\n").at(-1).replace(/[*`]/g, ""));
  }
  await server.client("ken", ["send", "releases", "--name", "Kenneth", "0.2 is out"]);
  await server.client("ken", ["send", "kitchen", "--name", "Kenneth", "Ada: coffee?"]);
  await until(ada, () => document.title.startsWith("(2)"));
  await until(ada, () => document.querySelectorAll("li.pending").length === 0);
  return { server, ada, grace, ken };
}

test("light, and the one for the README", async () => {
  const { ada, grace } = await scene({ colorScheme: "light", viewport: { width: 760, height: 480 } });
  await composer(grace).pressSequentially("On my way, give me two", { delay: 200 }); // Told at most each three seconds.
  await ada.getByText("Grace is typing…").waitFor();
  await shoot(ada, "light");
  await shoot(ada, "page");
});

test("dark, the switcher, the keys", async () => {
  const { ada } = await scene({ colorScheme: "dark" });
  await shoot(ada, "dark");
  await ada.keyboard.press("Control+k");
  await ada.keyboard.type("re");
  await ada.getByRole("option", { name: /Create or join/ }).waitFor();
  await shoot(ada, "switcher");
  await ada.keyboard.press("Control+Shift+F");
  await ada.keyboard.type("test");
  await ada.getByText(/found/).waitFor();
  await shoot(ada, "search");
  await ada.keyboard.press("Escape");
  await ada.locator(".scroller").focus();
  await ada.keyboard.press("?");
  await shoot(ada, "keys");
  await ada.keyboard.press("Escape");
  await ada.locator("ol.entries > li").nth(2).hover();
  await shoot(ada, "tools");
});

test("a telephone", async () => {
  const { ada } = await scene({ viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
  await shoot(ada, "mobile");
  await ada.getByRole("button", { name: "Rooms" }).click();
  await shoot(ada, "mobile-rooms");
  await ada.getByRole("link", { name: /general/ }).click();
  await ada.getByRole("button", { name: "Search" }).click();
  await ada.keyboard.type("there");
  await ada.getByText(/found/).waitFor();
  await shoot(ada, "mobile-search");
});

test("no connection, and a message that waits too long", async () => {
  const init = () => (Math.random = () => 5); // The first wait is ten seconds long: time for a picture.
  const { server, ada } = await scene({ colorScheme: "light", init });
  await server.stop("SIGKILL");
  await ada.getByText(/Reconnecting in/).waitFor();
  await write(ada, "Does anybody read this?");
  await shoot(ada, "reconnecting");
  await ada.locator("li.pending.overdue").waitFor();
  await shoot(ada, "failed");
  await server.start();
});

test("forced colours, and the first question", async () => {
  const { server, ada } = await scene({ forcedColors: "active" });
  await shoot(ada, "forced");
  const { page } = await visit(server, { viewport: { width: 700, height: 420 } });
  await page.getByLabel("Your name").waitFor();
  await shoot(page, "sign-in");
});

test("the figures, with something to see", async () => {
  const { server, ada } = await scene({ colorScheme: "light" });
  const { page } = await visit(server, { address: "stats", colorScheme: "dark", viewport: { width: 1000, height: 620 } });
  await page.locator("figure strong", { hasText: /./ }).first().waitFor();
  for (let i = 0; i < 8; i += 1) {
    const lines = Array.from({ length: 40 * (1 + (i * 7) % 5) }, (_, line) => `line ${line}`).join("\n");
    const before = await page.locator("path").first().getAttribute("d");
    await server.client("Kenneth", ["send", i % 3 ? "general" : "kitchen", "--lines", "--quiet"], lines);
    await until(page, (path) => document.querySelector("path").getAttribute("d") !== path, before);
  }
  await shoot(page, "stats");
  await ada.bringToFront();
});
