// No text becomes anything but text: 200 hostile ones as messages, as names and as rooms.
import assert from "node:assert/strict";
import { test } from "node:test";
import { composer, enter, ready, sees, serve, until, visit } from "./browser.mjs";
import { HOSTILE } from "./hostile.mjs";

const ALLOWED = ["LI", "DIV", "SPAN", "A", "TIME", "P", "BLOCKQUOTE", "PRE", "CODE", "STRONG", "EM", "BUTTON"];
const ATTRIBUTES = ["data-seq", "tabindex", "class", "href", "rel", "target", "datetime", "title", "type", "aria-keyshortcuts"];

const watch = () => {
  globalThis.hits = 0;
  globalThis.hit = () => (globalThis.hits += 1);
  globalThis.violations = [];
  addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(event.violatedDirective));
};

test("200 hostile texts: only allowed nodes, attributes and addresses, nothing runs, no policy is even tried", async () => {
  assert.ok(HOSTILE.length >= 195, `${HOSTILE.length} texts`);
  const server = await serve();
  const { page: ada } = await enter(server, "Ada", { init: watch });
  const { page: grace } = await enter(server, "Grace", { init: watch });
  await grace.evaluate((texts) => {
    const { chat } = document.querySelector("chat-app");
    for (const text of texts) chat.post(chat.current, text);
  }, HOSTILE);
  for (const page of [ada, grace]) {
    await until(page, (count) => document.querySelectorAll("ol.entries > li").length === count, HOSTILE.length);
    await until(page, () => document.querySelectorAll("li.pending").length === 0);
    const found = await page.evaluate(() => ({
      nodes: [...document.querySelectorAll("ol.entries *")].map((node) => ({
        tag: node.tagName, attributes: [...node.attributes].map((each) => each.name), href: node.getAttribute("href"),
        resolved: node.href,
      })),
      texts: [...document.querySelectorAll("ol.entries > li .text")].map((node) => node.textContent),
      stored: document.querySelector("chat-app").chat.current.log.entries.map((entry) => entry.text),
    }));
    assert.deepEqual([...new Set(found.nodes.map((node) => node.tag))].filter((tag) => !ALLOWED.includes(tag)), []);
    assert.deepEqual([...new Set(found.nodes.flatMap((node) => node.attributes))].filter((name) => !ATTRIBUTES.includes(name)), []);
    const addresses = found.nodes.filter((node) => node.href !== null).map((node) => node.resolved);
    for (const address of addresses) assert.match(address, /^(https?:\/\/|mailto:)/);
    assert.deepEqual(found.stored, HOSTILE);
    const bare = (text) => text.replace(/[*`>\n]|^> ?/gm, "").replace(/\s/g, "");
    await page.keyboard.press("Control+Shift+F");
    await page.keyboard.type("hit");
    await until(page, () => document.querySelectorAll("message-search [role=option]").length === 50);
    const inSearch = await page.evaluate(() => [...document.querySelectorAll("message-search li *")].map((each) => each.tagName));
    assert.deepEqual([...new Set(inSearch)].sort(), ["B", "DIV", "MARK"]);
    found.texts.forEach((text, i) => assert.equal(bare(text), bare(HOSTILE[i])));
    assert.equal(await page.evaluate(() => globalThis.hits), 0);
    assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
  }
});

test("hostile names and rooms are only names and rooms", async () => {
  const server = await serve();
  const name = "<img src=x onerror=hit()>";
  const room = "<svg onload=hit()>/../%2e#?&\"'";
  const { page } = await enter(server, name, { init: watch, address: `#${encodeURIComponent(room)}` });
  const { page: ada } = await enter(server, "Ada", { init: watch, address: `#${encodeURIComponent(room)}` });
  await composer(page).fill("hello");
  await composer(page).press("Enter");
  await sees(ada, "hello");
  await ada.getByRole("heading", { name: room }).waitFor();
  await ada.getByRole("button", { name: "2 here" }).click();
  await ada.locator("#people li", { hasText: name }).waitFor();
  await ada.keyboard.press("Control+k");
  await ada.getByRole("option", { name: room }).waitFor();
  for (const each of [page, ada]) {
    assert.equal(await each.evaluate(() => document.querySelectorAll("img, svg, iframe").length), 0);
    assert.equal(await each.evaluate(() => globalThis.hits), 0);
    assert.deepEqual(await each.evaluate(() => globalThis.violations), []);
  }
});

test("the policy is the one we promise, and the browser enforces it", async () => {
  const server = await serve();
  const answer = await fetch(server.url);
  assert.equal(answer.headers.get("content-security-policy"),
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    + "form-action 'self'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'");
  const visitor = await visit(server, { init: watch });
  const refused = await visitor.page.evaluate(() => {
    try {
      document.createElement("p").innerHTML = "<b>x</b>";
      return "nothing";
    } catch (error) {
      return error.name;
    }
  });
  assert.equal(refused, "TypeError");
  assert.ok(visitor.said.some((line) => line.includes("TrustedHTML")));
  visitor.said.length = 0; // This test has provoked it.
});

test("a token that does not count any more leads back to the question for a name", async () => {
  const server = await serve();
  const { page } = await enter(server, "Ada");
  await page.evaluate(() => {
    const me = JSON.parse(localStorage.getItem("callboard.me"));
    localStorage.setItem("callboard.me", JSON.stringify({ ...me, token: "made-up" }));
  });
  await page.reload();
  await page.getByRole("alert").filter({ hasText: /sign-in has expired/ }).waitFor();
  assert.equal(await page.getByLabel("Your name").inputValue(), "Ada");
  await page.getByLabel("Your name").fill("Ada two");
  await page.keyboard.press("Enter");
  await ready(page);
});
