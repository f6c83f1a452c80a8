// A text as blocks of pieces: `code`, **bold**, *italic*, > quotes, fences and links; all else as typed.
// Promises that no character of the text is lost, that time is linear in it, and that links are http, https, mailto.

const LINK = /(?:https?:\/\/|mailto:)[^\s<>"'`\u0000-\u001f\u007f]+/giy;
const OPENING = /[\s([{"'*_>]/;

/** Blocks: {type: "text", pieces} | {type: "quote", pieces} | {type: "code", text}. */
export function parseText(text) {
  const blocks = [];
  const lines = text.split("\n");
  // A fence without an end is text; looking for it once keeps a wall of fences linear.
  let lastFence = lines.length - 1;
  while (lastFence >= 0 && !lines[lastFence].startsWith("```")) lastFence -= 1;
  let collected = [];
  let kind = "text";
  const flush = () => {
    if (collected.length > 0) blocks.push({ type: kind, pieces: parseLine(collected.join("\n")) });
    collected = [];
  };
  for (let i = 0; i < lines.length; i += 1) {
    if (lines[i].startsWith("```") && i < lastFence) {
      flush();
      const start = i + 1;
      i = start;
      while (!lines[i].startsWith("```")) i += 1;
      blocks.push({ type: "code", text: lines.slice(start, i).join("\n") });
      continue;
    }
    const quoted = /^>\s?/.exec(lines[i]);
    const next = quoted ? "quote" : "text";
    if (next !== kind) flush();
    kind = next;
    collected.push(quoted ? lines[i].slice(quoted[0].length) : lines[i]);
  }
  flush();
  return blocks;
}

/** Pieces: {type: "text" | "code" | "bold" | "italic" | "link", text}, bold and italic without nesting. */
export function parseLine(text) {
  const pieces = [];
  let plain = 0;
  let at = 0;
  let noLinkUntil = 0;
  const take = (type, start, inner, end) => {
    if (start > plain) pieces.push({ type: "text", text: text.slice(plain, start) });
    pieces.push({ type, text: inner });
    plain = at = end;
  };
  while (at < text.length) {
    const span = spanAt(text, at) ?? (at >= noLinkUntil ? linkAt(text, at) : null);
    // Of what only looks like an address, the rest is not looked at again: that would be quadratic.
    if (span?.type === "none") noLinkUntil = span.end;
    if (span && span.type !== "none") take(span.type, at, span.text, span.end);
    else at += 1;
  }
  if (plain < text.length) pieces.push({ type: "text", text: text.slice(plain) });
  return pieces;
}

function spanAt(text, at) {
  const character = text[at];
  if (character !== "`" && character !== "*") return null;
  if (character === "`") return closed(text, at, "`", "code");
  if (text[at + 1] === "*") return closed(text, at, "**", "bold");
  return closed(text, at, "*", "italic");
}

function closed(text, at, mark, type) {
  const start = at + mark.length;
  // The next mark of its kind: where there is none, no later one will look for it. So this stays linear.
  const end = text.indexOf(mark, start);
  if (end <= start) return null;
  const inner = text.slice(start, end);
  // "2 * 3 * 4" and a mark over several lines are no emphasis.
  if (inner.includes("\n") || (type !== "code" && (inner[0] === " " || inner.at(-1) === " "))) return null;
  if (type !== "code" && at > 0 && !OPENING.test(text[at - 1])) return null;
  return { type, text: inner, end: end + mark.length };
}

function linkAt(text, at) {
  if (!"hHmM".includes(text[at]) || (at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1]))) return null;
  LINK.lastIndex = at;
  const match = LINK.exec(text);
  if (!match) return null;
  // A full stop or a bracket behind a link belongs to the sentence.
  let end = match[0].length;
  while (".,;:!?*".includes(match[0][end - 1])) end -= 1;
  let link = match[0].slice(0, end);
  if (link.endsWith(")") && !link.includes("(")) link = link.slice(0, -1);
  return safeLink(link) ? { type: "link", text: link, end: at + link.length }
    : { type: "none", end: at + match[0].length };
}

/** True for an address that may stand in an href. */
export function safeLink(address) {
  try {
    return ["http:", "https:", "mailto:"].includes(new URL(address).protocol);
  } catch {
    return false;
  }
}
