import type { JSONObject, JSONValue } from "../data/types";
import { isArray, isObject, parsedJSON } from "./attributes";

/** A node of a JSON value as it is browsed: objects with a single member are joined to one dotted key. */
export interface JSONNode {
  /** What leads to it from its parent: `llm.model_name`, or a position in a list. */
  readonly key: string;
  /** What leads to it from the top, as the attribute's own key. */
  readonly path: string;
  readonly value: JSONValue;
  /** What was sent, where `value` is what a text of JSON stands for. */
  readonly sent: JSONValue;
  readonly childCount: number;
}

export function childNodes(value: JSONValue, path: string): readonly JSONNode[] {
  if (isArray(value)) {
    return value.map((element, index) => node(String(index), joined(path, String(index)), element));
  }
  return isObject(value) ? Object.keys(value).map((key) => node(key, joined(path, key), value[key]!)) : [];
}

function node(key: string, path: string, value: JSONValue): JSONNode {
  let [fullKey, fullPath, inner] = [key, path, value];
  for (let only = onlyMember(inner); only !== null; only = onlyMember(inner)) {
    fullKey += `.${only}`;
    fullPath += `.${only}`;
    inner = (inner as JSONObject)[only]!;
  }
  const meant = typeof inner === "string" ? parsedJSON(inner) ?? inner : inner;
  return { key: fullKey, path: fullPath, value: meant, sent: inner, childCount: childCount(meant) };
}

function onlyMember(value: JSONValue): string | null {
  if (!isObject(value)) {
    return null;
  }
  const keys = Object.keys(value);
  return keys.length === 1 ? keys[0]! : null;
}

function childCount(value: JSONValue): number {
  return isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : 0;
}

function joined(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

/** Whether a value or anything in it has `word` (in lower case) in a key or a text; `budget` bounds the work. */
export function containsWord(key: string, value: JSONValue, word: string, budget = { left: 20_000 }): boolean {
  budget.left -= 1;
  if (budget.left < 0 || key.toLowerCase().includes(word)) {
    return true;
  }
  if (isArray(value)) {
    return value.some((element) => containsWord("", element, word, budget));
  }
  if (isObject(value)) {
    return Object.keys(value).some((name) => containsWord(name, value[name]!, word, budget));
  }
  return String(value).toLowerCase().includes(word);
}

/** A few words for a value that is folded: `{ role, content }`, `3 items`, `1,536 numbers`. */
export function foldedText(value: JSONValue): string {
  if (isArray(value)) {
    const noun = value.length > 0 && value.every((element) => typeof element === "number") ? "number" : "item";
    return `${new Intl.NumberFormat("en").format(value.length)} ${noun}${value.length === 1 ? "" : "s"}`;
  }
  if (!isObject(value)) {
    return String(value);
  }
  const keys = Object.keys(value);
  const shown = keys.slice(0, 4).join(", ");
  return keys.length === 0 ? "{ }" : `{ ${shown}${keys.length > 4 ? ", …" : ""} }`;
}

export type TokenType = "key" | "string" | "number" | "literal" | "punctuation";

const token = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|\b(true|false|null)\b|([{}[\],]+)/g;

/** Pretty JSON text cut into coloured pieces; what lies between them is white space. */
export function jsonTokens(text: string): readonly { readonly text: string; readonly type: TokenType | null }[] {
  const pieces: { text: string; type: TokenType | null }[] = [];
  let at = 0;
  for (const match of text.matchAll(token)) {
    const start = match.index ?? 0;
    if (start > at) {
      pieces.push({ text: text.slice(at, start), type: null });
    }
    const [whole = "", string, colon, number, literal] = match;
    if (string !== undefined) {
      pieces.push({ text: string, type: colon === undefined ? "string" : "key" });
      if (colon !== undefined) {
        pieces.push({ text: colon, type: "punctuation" });
      }
    } else {
      pieces.push({ text: whole, type: number !== undefined ? "number" : literal !== undefined ? "literal" : "punctuation" });
    }
    at = start + whole.length;
  }
  if (at < text.length) {
    pieces.push({ text: text.slice(at), type: null });
  }
  return pieces;
}
