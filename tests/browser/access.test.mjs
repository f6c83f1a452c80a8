// For everybody: axe in all looks, keyboard alone, input methods, screen readers, small screens.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, composer, enter, ready, sees, serve, until, visit, write } from "./browser.mjs";

const LOOKS = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  "forced colours": { forcedColors: "active" },
  "360 px": { viewport: { width: 360, height: 640 } },
  "360 px, dark": { viewport: { width: 360, height: 640 }, colorScheme: "dark" },
};

/** A room with everything in it that can be seen. */
async function everything(server, page, grace) {
  await write(page, "> a quote\nwith `code`, **bold**, *italic* and https://example.org/\n```\na fence\n```");
  await write(grace, "Ada: look");
  await sees(page, "Ada: look");
  await page.locator("li", { hasText: "Ada: look" }).focus();
  await page.keyboard.press("u");
  await page.locator(".new-line").waitFor();
}

for (const [look, options] of Object.entries(LOOKS)) {
  test(`axe finds nothing: ${look}`, async () => {
    const server = await serve();
    const { page: grace } = await enter(server, "Grace", { serverDies: true });
    const { page } = await visit(server, { ...options, serverDies: true });
    await page.getByLabel("Your name").waitFor(); // Until the script has run, the page is empty.
    assert.deepEqual(await axe(page), [], "sign in");
    await page.getByLabel("Your name").fill("Ada");
    await page.keyboard.press("Enter");
    await ready(page);
    await everything(server, page, grace);
    assert.deepEqual(await axe(page), [], "a room");
    await page.getByRole("button", { name: /here/ }).click();
    await page.locator("#people li", { hasText: "Grace" }).waitFor();
    assert.deepEqual(await axe(page), [], "who is here");
    await page.getByRole("button", { name: /here/ }).click();
    await page.keyboard.press("Control+k");
    await page.getByRole("option").first().waitFor();
    assert.deepEqual(await axe(page), [], "the switcher");
    await page.keyboard.press("Control+Shift+F");
    await page.keyboard.type("ada");
    await page.getByRole("option").first().waitFor();
    assert.deepEqual(await axe(page), [], "the search");
    await page.keyboard.press("Escape");
    await page.locator(".scroller").focus();
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keys" }).waitFor();
    assert.deepEqual(await axe(page), [], "the keys");
    await page.keyboard.press("Escape");
    if (look.startsWith("360")) {
      await page.getByRole("button", { name: "Rooms" }).click();
      await page.getByRole("link", { name: /general/ }).waitFor();
      assert.deepEqual(await axe(page), [], "the rooms");
      await page.getByRole("link", { name: /general/ }).click();
      await composer(page).waitFor();
    }
    await server.stop("SIGKILL");
    await page.getByText(/Reconnecting in/).waitFor();
    await write(page, "unsent");
    // Ten seconds later it looks like a failure; twice is enough to look at that.
    await page.locator(["light", "dark"].includes(look) ? "li.pending.overdue" : "li.pending").waitFor();
    assert.deepEqual(await axe(page), [], "offline, with a message that waits");
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0, "nothing moves by itself");
    const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
    assert.equal(wide, 0, "nothing to scroll sideways");
    await server.start();
    await ready(page);
  });
}

/** Counts frames in which nothing has the focus. */
const watchFocus = () => {
  globalThis.unfocused = 0;
  const frame = () => {
    if (document.querySelector("chat-app")?.firstChild && document.activeElement === document.body) globalThis.unfocused += 1;
    requestAnimationFrame(frame);
  };
  frame();
};

test("with the keyboard alone: sign in, choose a room, write, read back, mark, come back, find, change, drop", async () => {
  const server = await serve();
  const { page: grace } = await enter(server, "Grace", { serverDies: true });
  for (let i = 1; i <= 30; i += 1) await write(grace, `line ${i}`);
  await sees(grace, "line 30");
  const { page } = await visit(server, { init: watchFocus, serverDies: true });
  const focused = () => page.evaluate(() => document.activeElement.tagName);
  await page.getByLabel("Your name").waitFor();
  await page.keyboard.type("Ada");
  await page.keyboard.press("Enter");
  await ready(page);
  assert.equal(await focused(), "TEXTAREA");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("kitchen");
  await page.getByRole("option", { name: /kitchen/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "kitchen" }).waitFor();
  assert.equal(await focused(), "TEXTAREA");
  await page.keyboard.press("Alt+ArrowUp");
  await page.getByRole("heading", { name: "general" }).waitFor();
  await page.keyboard.type("hello");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("again");
  await page.keyboard.press("Enter");
  await sees(page, "again");
  // Back to the messages, three up, and a link to one of them.
  await page.keyboard.press("Shift+Tab");
  while (!(await page.evaluate(() => document.activeElement.closest("ol.entries, .scroller")))) await page.keyboard.press("Shift+Tab");
  await page.locator(".scroller").focus();
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("ArrowUp");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.seq), "29");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "when");
  await page.keyboard.press("Enter");
  await page.locator("li.found", { hasText: "line 29" }).waitFor();
  await page.keyboard.press("u");
  await until(page, () => document.title.startsWith("(3)"));
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "TEXTAREA");
  await until(page, () => document.title.startsWith("general")); // All read, as the table of keys says.
  await page.keyboard.press("Alt+ArrowDown");
  await page.getByRole("heading", { name: "kitchen" }).waitFor();
  await write(grace, "Ada?");
  await until(page, () => document.title.startsWith("(1)"));
  await page.keyboard.press("Alt+Shift+ArrowDown");
  await page.getByRole("heading", { name: "general" }).waitFor();
  assert.equal(await focused(), "TEXTAREA");
  await page.keyboard.press("Control+Shift+F");
  await page.keyboard.type("line 12");
  await page.getByRole("option", { name: /line 12/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator("li.found:focus", { hasText: "line 12" }).waitFor();
  await page.keyboard.press("Escape");
  await until(page, () => document.activeElement.tagName === "TEXTAREA");
  // What is not stored yet can be changed, and dropped.
  await server.stop("SIGKILL");
  await page.getByText(/Reconnecting in/).waitFor();
  for (const text of ["wrong", "not at all"]) {
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
  }
  await page.keyboard.press("Shift+Tab");
  await page.locator("li.pending button.drop:focus").waitFor();
  await page.keyboard.press("Enter");
  await until(page, () => document.activeElement.tagName === "TEXTAREA");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.type(", no: right");
  await page.keyboard.press("Enter");
  await server.start();
  await ready(page);
  await sees(page, "wrong, no: right");
  await until(page, () => document.querySelectorAll("li.pending").length === 0);
  assert.deepEqual(server.database.texts("general").slice(-2), ["Ada?", "wrong, no: right"]);
  assert.equal(await page.evaluate(() => globalThis.unfocused), 0, "the focus was never nowhere");
});

test("Enter inside an input method never sends", async () => {
  const server = await serve();
  const { page, context } = await enter(server, "Ada");
  await composer(page).fill("にほん");
  const press = (init) => page.evaluate((what) => {
    document.querySelector("textarea").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...what }));
  }, init);
  await press({ isComposing: true });
  await press({ keyCode: 229 });
  const devtools = await context.newCDPSession(page);
  await devtools.send("Input.imeSetComposition", { text: "日本", selectionStart: 2, selectionEnd: 2 });
  await devtools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "Process", code: "Enter", windowsVirtualKeyCode: 229 });
  await devtools.send("Input.insertText", { text: "日本" });
  assert.equal(await composer(page).inputValue(), "にほん日本");
  assert.equal(await page.locator("li.pending, ol.entries > li").count(), 0);
  await page.keyboard.press("Enter");
  await sees(page, "にほん日本");
});

test("a screen reader hears each message once, and nothing while history loads or people come", async () => {
  const server = await serve({ fill: (database) => database.fill("archive", 300) });
  const { page: grace } = await enter(server, "Grace", { address: "#archive" });
  const { page } = await enter(server, "Ada", { address: "#archive" });
  await page.evaluate(() => {
    globalThis.heard = [];
    const region = document.querySelector("chat-app > [role=status]");
    new MutationObserver(() => globalThis.heard.push(...[...region.childNodes].map((each) => each.textContent)))
      .observe(region, { childList: true });
  });
  assert.equal(await page.locator(".scroller").getAttribute("role"), "log");
  assert.equal(await page.locator(".scroller").getAttribute("aria-live"), "off");
  assert.equal(await page.locator('[aria-live="polite"]').count(), 1);
  await page.evaluate(() => (document.querySelector(".scroller").scrollTop = 0));
  await until(page, () => Number(document.querySelector("ol.entries").firstChild.dataset.seq) < 250);
  await enter(server, "Ken", { address: "#archive" });
  await page.locator("room-head", { hasText: "3 here" }).waitFor();
  for (const text of ["one", "two", "three", "four"]) await write(grace, text);
  await until(page, () => globalThis.heard.length >= 4);
  assert.deepEqual(await page.evaluate(() => globalThis.heard), ["one", "two", "three", "four"].map((text) => `Grace: ${text}`));
});

test("360 × 640 with the keyboard open: composer and newest message in sight, letters large enough not to zoom", async () => {
  const server = await serve({ fill: (database) => database.fill("archive", 100) });
  const { page } = await enter(server, "Ada", { address: "#archive", viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });
  await write(page, "the newest");
  await sees(page, "the newest");
  await page.setViewportSize({ width: 360, height: 320 });
  const inSight = () => ["textarea", "ol.entries > li:last-child"].every((selector) => {
    const { top, bottom } = document.querySelector(selector).getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
  await until(page, inSight);
  assert.ok(await page.evaluate(() => parseFloat(getComputedStyle(document.querySelector("textarea")).fontSize)) >= 16);
  assert.doesNotMatch(await page.locator("meta[name=viewport]").getAttribute("content"), /user-scalable|maximum-scale/);
});

test("200 % zoom leaves everything in reach", async () => {
  const server = await serve();
  const { page } = await enter(server, "Ada", { viewport: { width: 640, height: 360 }, deviceScaleFactor: 2 });
  await write(page, "x".repeat(500));
  await sees(page, "xxx");
  assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth), true);
  await page.getByRole("button", { name: "Rooms" }).click();
  await page.getByRole("button", { name: "Sign out" }).scrollIntoViewIfNeeded();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Your name").waitFor();
});

test("permission for notifications is asked for after a click, and each mention gives one", async () => {
  const init = () => {
    globalThis.asked = 0;
    globalThis.notices = [];
    document.hasFocus = () => globalThis.away !== true;
    globalThis.Notification = class {
      static permission = "default";
      static requestPermission() {
        globalThis.asked += 1;
        this.permission = "granted";
        return Promise.resolve("granted");
      }
      constructor(title, { body }) {
        globalThis.notices.push(`${title}: ${body}`);
      }
      close() {}
    };
  };
  const server = await serve();
  const { page } = await enter(server, "Ada", { init });
  const { page: grace } = await enter(server, "Grace");
  assert.equal(await page.evaluate(() => globalThis.asked), 0);
  await page.getByRole("button", { name: "Notify me" }).click();
  assert.equal(await page.evaluate(() => globalThis.asked), 1);
  await write(grace, "Ada, you see this");
  await sees(page, "you see this");
  await page.evaluate(() => (globalThis.away = true));
  await write(grace, "nobody in particular");
  await write(grace, "Ada, lunch?");
  await until(page, () => globalThis.notices.length > 0);
  await write(grace, "the end");
  await sees(page, "the end");
  assert.deepEqual(await page.evaluate(() => globalThis.notices), ["Grace in general: Ada, lunch?"]);
});

test("a keyboard that lies over the page, as on iOS, leaves composer and newest message in sight", async () => {
  const server = await serve({ fill: (database) => database.fill("archive", 100) });
  const { page } = await enter(server, "Ada", { address: "#archive", viewport: { width: 360, height: 640 } });
  await write(page, "the newest");
  await sees(page, "the newest");
  const bottoms = (covered) => page.evaluate((height) => {
    Object.defineProperty(visualViewport, "height", { configurable: true, get: () => height });
    visualViewport.dispatchEvent(new Event("resize"));
    return new Promise((resolve) => {
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(["textarea", "ol.entries > li:last-child"]
        .map((selector) => document.querySelector(selector).getBoundingClientRect().bottom))));
    });
  }, 640 - covered);
  for (const bottom of await bottoms(300)) assert.ok(bottom > 200 && bottom <= 340, `${bottom} px`);
  for (const bottom of await bottoms(0)) assert.ok(bottom > 500 && bottom <= 640, `${bottom} px`);
});

test("the system's colours are followed at once and from the first paint, and nothing moves", async () => {
  const server = await serve();
  const init = () => {
    // Before any script of the page: what the first frame would have.
    new PerformanceObserver((_, observer) => {
      observer.disconnect();
      globalThis.firstGround = getComputedStyle(document.body).backgroundColor;
    }).observe({ type: "paint", buffered: true });
  };
  const { page } = await enter(server, "Ada", { colorScheme: "dark", reducedMotion: "reduce", init });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  assert.equal(await page.evaluate(() => globalThis.firstGround), dark, "no flash");
  // Even before the style sheet: the browser's own canvas.
  assert.equal(await page.locator("meta[name=color-scheme]").getAttribute("content"), "light dark");
  await page.emulateMedia({ colorScheme: "light" });
  assert.notEqual(await ground(), dark);
  await write(page, "hello");
  await sees(page, "hello");
  await page.keyboard.press("Control+k");
  const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((node) => {
    const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(node);
    return transitionDuration !== "0s" || animationName !== "none" || scrollBehavior !== "auto";
  }).length);
  assert.equal(moving, 0);
});
