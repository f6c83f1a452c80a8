// A text's blocks as nodes. Promises that only p, blockquote, pre, code, strong, em, a and text come of it.
import { make } from "./dom.js";
import { parseText, safeLink } from "./markdown.js";

const TAGS = { code: "code", bold: "strong", italic: "em" };

function pieceNode(piece) {
  if (piece.type === "link" && safeLink(piece.text))
    return make("a", { href: piece.text, rel: "noopener noreferrer", target: "_blank" }, piece.text);
  return TAGS[piece.type] ? make(TAGS[piece.type], null, piece.text) : document.createTextNode(piece.text);
}

/** The nodes of a message's text. */
export function textNodes(text) {
  return parseText(text).map((block) => {
    if (block.type === "code") return make("pre", null, make("code", null, block.text));
    const nodes = block.pieces.map(pieceNode);
    return block.type === "quote" ? make("blockquote", null, ...nodes) : make("p", null, ...nodes);
  });
}
