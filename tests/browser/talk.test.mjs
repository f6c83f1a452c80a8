// Two browsers and a terminal client in one room, on both databases, through a crash of the server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { composer, enter, ready, sees, serve, texts, until, visit, write } from "./browser.mjs";

for (const kind of ["sqlite", "postgres"]) {
  test(`${kind}: everybody sees one log, through kill -9 while somebody types`, async () => {
    const server = await serve({ kind });
    const { page: ada } = await enter(server, "Ada", { serverDies: true });
    const { page: grace } = await enter(server, "Grace", { serverDies: true });
    await write(ada, "Who has the key?");
    await sees(grace, "Who has the key?");
    await composer(grace).pressSequentially("I do");
    await ada.getByText("Grace is typing…").waitFor();
    await composer(grace).press("Enter");
    await sees(ada, "I do");
    assert.equal(await ada.getByText("Grace is typing…").count(), 0);
    const sent = await server.client("ken", ["send", "general", "from a terminal"]);
    assert.equal(sent.status, 0, sent.stderr);
    await sees(ada, "from a terminal");
    await sees(grace, "from a terminal");

    await composer(ada).pressSequentially("half a sen");
    await server.stop("SIGKILL");
    await ada.getByText(/Connection lost/).waitFor();
    await composer(ada).pressSequentially("tence");
    await composer(ada).press("Enter");
    await write(ada, "and one more");
    await write(grace, "written in the dark");
    await grace.locator("li.pending", { hasText: "written in the dark" }).waitFor();
    await server.start();
    for (const page of [ada, grace]) {
      await ready(page);
      for (const text of ["half a sentence", "and one more", "written in the dark"]) await sees(page, text);
      await until(page, () => document.querySelectorAll("li.pending").length === 0);
    }
    const stored = server.database.texts("general");
    assert.equal(stored.length, 6, "each once");
    assert.deepEqual(stored.filter((text) => /sentence|more/.test(text)), ["half a sentence", "and one more"]);
    assert.deepEqual(await texts(ada), stored);
    assert.deepEqual(await texts(grace), stored);
    const tail = await server.client("ken", ["tail", "general", "--json", "--since", "0"]);
    assert.deepEqual(tail.stdout.trim().split("\n").map((line) => JSON.parse(line).text), stored);
  });
}

test("a visitor is remembered, and a name that is taken is refused with its reason", async () => {
  const server = await serve({ settings: { NAME_HOLD: "3600" } });
  const { page, context } = await enter(server, "Ada");
  await write(page, "hello");
  await sees(page, "hello");
  await page.reload();
  await ready(page);
  await sees(page, "hello");
  const { page: other } = await visit(server);
  await other.getByLabel("Your name").fill("ada");
  await other.keyboard.press("Enter");
  await other.getByRole("alert").filter({ hasText: /Somebody has this name/ }).waitFor();
  await other.getByLabel("Your name").fill("Grace");
  await other.keyboard.press("Enter");
  await ready(other);
  // Signing out in one tab signs out all.
  const second = await context.newPage();
  await second.goto(server.url);
  await ready(second);
  await second.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Your name").waitFor();
});

test("rooms: created by typing, unread and mentions counted, left again", async () => {
  const server = await serve();
  const { page: ada } = await enter(server, "Ada");
  const { page: grace } = await enter(server, "Grace", { address: "#kitchen" });
  await ada.keyboard.press("Control+k");
  await ada.keyboard.type("kitchen");
  await ada.getByRole("option", { name: /kitchen/ }).first().waitFor();
  await ada.keyboard.press("Enter");
  await ada.getByRole("heading", { name: "kitchen" }).waitFor();
  await ada.goBack();
  await ada.getByRole("heading", { name: "general" }).waitFor();
  await write(grace, "one");
  await write(grace, "Ada: two");
  await ada.getByRole("link", { name: /kitchen.*2.*new, you are mentioned/ }).waitFor();
  assert.equal(await ada.title(), "(2) general – Callboard");
  await ada.getByRole("link", { name: /kitchen/ }).click();
  await sees(ada, "two");
  await ada.locator("li", { hasText: "one" }).locator(".new-line").waitFor();
  await until(ada, () => document.title === "kitchen – Callboard");
  assert.equal(await ada.locator(".new-line").count(), 1, "the line stays until the reader leaves");
  await ada.getByRole("button", { name: /here/ }).click();
  await ada.locator("#people li", { hasText: "Grace" }).waitFor();
  await ada.getByRole("button", { name: "Leave this room" }).click();
  await ada.getByRole("heading", { name: "general" }).waitFor();
  await ada.getByRole("link", { name: /kitchen/ }).waitFor({ state: "detached" }); // With the next frame.
});
