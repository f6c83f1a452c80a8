// Markdown-lite: what it marks, what it leaves, and that it cannot be made slow or made to lie.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseLine, parseText, safeLink } from "../../web/markdown.js";
import { randomFrom } from "./world.mjs";

const pieces = (text) => parseLine(text).map((piece) => `${piece.type}:${piece.text}`);

test("code, bold, italic and links are marked", () => {
  assert.deepEqual(pieces("a `b*c*` **d** *e* f"),
    ["text:a ", "code:b*c*", "text: ", "bold:d", "text: ", "italic:e", "text: f"]);
  assert.deepEqual(pieces("see https://example.org/a_(b)?c=d#e."),
    ["text:see ", "link:https://example.org/a_(b)?c=d#e", "text:."]);
  assert.deepEqual(pieces("(http://example.org)"), ["text:(", "link:http://example.org", "text:)"]);
  assert.deepEqual(pieces("mailto:ada@example.org, now"), ["link:mailto:ada@example.org", "text:, now"]);
});

test("what only looks like a mark stays as typed", () => {
  for (const text of ["2 * 3 * 4", "*", "**", "``", "a*b*c", "**a\nb**", "`a\nb`", "xhttp://a.b", "*open", "snake_case_name",
    "javascript:alert(1)", "data:text/html,x", "https://", "ftp://a.b"]) {
    assert.deepEqual(pieces(text), [`text:${text}`], text);
  }
});

test("fences, quotes and texts are blocks, and an open fence is text", () => {
  assert.deepEqual(parseText("a\n> b\n> c\nd"), [
    { type: "text", pieces: [{ type: "text", text: "a" }] },
    { type: "quote", pieces: [{ type: "text", text: "b\nc" }] },
    { type: "text", pieces: [{ type: "text", text: "d" }] },
  ]);
  assert.deepEqual(parseText("```c\n*x*\n\n> y\n```\nz"), [
    { type: "code", text: "*x*\n\n> y" },
    { type: "text", pieces: [{ type: "text", text: "z" }] },
  ]);
  assert.deepEqual(parseText("```\nx"), [{ type: "text", pieces: [{ type: "text", text: "```\nx" }] }]);
  assert.deepEqual(parseText(""), [{ type: "text", pieces: [] }]);
});

test("only http, https and mailto are addresses", () => {
  for (const address of ["http://a", "https://a/b", "mailto:a@b"]) assert.ok(safeLink(address));
  for (const address of ["javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "blob:x", "file:///x", "x", "", "//a"])
    assert.ok(!safeLink(address), address);
});

test("no character gets lost but the marks: 20,000 random lines", () => {
  const random = randomFrom(11);
  const alphabet = ["*", "**", "`", "a", " ", "http://a.b", "(", ")", "\u{1f600}", "_", "<b>", "\n", ".", "é"];
  for (let round = 0; round < 20000; round += 1) {
    let text = "";
    for (let i = Math.floor(random() * 14); i > 0; i -= 1) text += alphabet[Math.floor(random() * alphabet.length)];
    const marks = { bold: "**", italic: "*", code: "`" };
    const back = parseLine(text).map((piece) => (marks[piece.type] ?? "") + piece.text + (marks[piece.type] ?? ""));
    assert.equal(back.join(""), text);
  }
});

test("a hostile text costs no more steps than its length", () => {
  // Counted and not timed: indexOf and slices are the only steps that may be long.
  const counted = (text) => {
    let steps = 0;
    const { indexOf } = String.prototype;
    String.prototype.indexOf = function count(what, from = 0) {
      const found = indexOf.call(this, what, from);
      steps += (found < 0 ? this.length : found) - from + 1;
      return found;
    };
    try {
      parseText(text);
    } finally {
      String.prototype.indexOf = indexOf;
    }
    return steps;
  };
  for (const unit of ["*", "`", "**", "*a", " *a", "`a", "**a ", " **a\n", "```\n", "> ", "http://", "h", " `\n"]) {
    const short = counted(unit.repeat(1000));
    const long = counted(unit.repeat(8000));
    assert.ok(long <= 8 * short + 100 * 8000, `${JSON.stringify(unit)}: ${short}, then ${long}`);
  }
});

test("no part of a text is looked at again and again for links", () => {
  // Timed, as regular expressions cannot be counted: quadratic, these take 2 s and more; linear, some milliseconds.
  for (const [start, unit, end] of [["http://a", ".", "a"], ["http://a", "!?", "a"], ["http://a", "*", "a"],
    ["", "http://[", ""]]) {
    const text = start + unit.repeat(100000 / unit.length) + end;
    const begin = performance.now();
    parseText(text);
    const took = performance.now() - begin;
    assert.ok(took < 1000, `${JSON.stringify(unit)}: ${took} ms`);
  }
});

test("an address that is none hides neither marks nor later addresses", () => {
  assert.deepEqual(pieces("http://[ *a* http://b"), ["text:http://[ ", "italic:a", "text: ", "link:http://b"]);
  assert.deepEqual(pieces("http://a...b!?*"), ["link:http://a...b", "text:!?*"]);
});
