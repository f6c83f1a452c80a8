// Which messages hold what is looked for, and where. Promises the same answer whatever the case of letters.

/** Messages with all words of `wanted` in their text or as their sender, newest first, at most `most`. */
export function matching(entries, wanted, most) {
  const words = wordsOf(wanted);
  if (words.length === 0) return [];
  return entries
    .filter((entry) => entry.type === "message" && holdsAll(`${entry.from}\n${entry.text}`.toLowerCase(), words))
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : b.seq - a.seq))
    .slice(0, most);
}

const wordsOf = (wanted) => wanted.toLowerCase().split(/\s+/).filter((word) => word !== "");
const holdsAll = (hay, words) => words.every((word) => hay.includes(word));

/** The text on one line from shortly before the first word that it holds: [before, the word, after]. */
export function excerpt(text, wanted) {
  const line = text.replace(/\s+/g, " ");
  const hay = line.toLowerCase();
  const word = wordsOf(wanted).find((each) => hay.includes(each));
  // Some letters are longer in lower case: then no place is marked rather than a wrong one.
  if (word === undefined || hay.length !== line.length) return [line.slice(0, 200), "", ""];
  const at = hay.indexOf(word);
  const start = at > 40 ? line.lastIndexOf(" ", at - 30) + 1 : 0;
  const before = at - start > 60 ? line.slice(at - 30, at) : line.slice(start, at);
  return [`${before.length < at ? "… " : ""}${before}`, line.slice(at, at + word.length), line.slice(at + word.length, at + 200)];
}
