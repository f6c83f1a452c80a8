// What a search finds, and the line that shows it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { excerpt, matching } from "../../web/finding.js";

const entry = (seq, from, text, at = seq) =>
  ({ type: "message", seq, from, text, at: new Date(1700000000000 + at * 1000).toISOString() });
const found = (entries, wanted, most = 50) => matching(entries, wanted, most).map((each) => each.seq);

test("all words, in any order and case, in the text or as the sender, newest first", () => {
  const log = [entry(1, "Ada", "The KEY is here"), entry(2, "Grace", "no"), entry(3, "Grace", "a key, Ada?"), entry(4, "Ken", "keys for ada")];
  assert.deepEqual(found(log, "key ada"), [4, 3, 1]);
  assert.deepEqual(found(log, "  ADA  Key "), [4, 3, 1]);
  assert.deepEqual(found(log, "grace"), [3, 2]);
  assert.deepEqual(found(log, "grace key"), [3]);
  assert.deepEqual(found(log, "nothing"), []);
  assert.deepEqual(found(log, " "), [], "nothing is looked for");
  assert.deepEqual(found(log, "a", 2), [4, 3]);
  assert.deepEqual(found([...log, { ...entry(9, "Ada", "key"), type: "of a later version" }], "ada key"), [4, 3, 1]);
});

test("entries of one moment stand in the order of their log", () => {
  assert.deepEqual(found([entry(1, "A", "x", 0), entry(3, "A", "x", 0), entry(2, "A", "x", 0)], "x"), [3, 2, 1]);
});

test("the line begins shortly before what was found, and loses nothing of it", () => {
  assert.deepEqual(excerpt("one\n two", "TWO"), ["one ", "two", ""]);
  assert.deepEqual(excerpt("the sender has it", "ada"), ["the sender has it", "", ""]);
  const [before, word, after] = excerpt(`${"word ".repeat(100)}needle ${"tail ".repeat(100)}`, "needle");
  assert.equal(word, "needle");
  assert.match(before, /^… (word ){1,9}$/);
  assert.ok(after.startsWith(" tail") && after.length <= 200);
  const [long] = excerpt(`${"x".repeat(500)}needle`, "needle");
  assert.equal(long, `… ${"x".repeat(30)}`);
});

test("letters that grow in lower case put no mark in the wrong place", () => {
  assert.deepEqual(excerpt("İİİ needle", "needle"), ["İİİ needle", "", ""]);
});
