// The part of Markdown that models write, as a tree of plain values: nothing in it is ever taken for HTML, and links go
// to web and mail addresses only. Whoever shows the tree needs no sanitiser.

export type Inline =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "strong" | "emphasis" | "strike"; readonly children: readonly Inline[] }
  | { readonly type: "link"; readonly url: string; readonly children: readonly Inline[] }
  | { readonly type: "break" };

export type Block =
  | { readonly type: "paragraph"; readonly children: readonly Inline[] }
  | { readonly type: "heading"; readonly level: number; readonly children: readonly Inline[] }
  | { readonly type: "code"; readonly language: string; readonly text: string }
  | { readonly type: "quote"; readonly children: readonly Block[] }
  | { readonly type: "list"; readonly start: number | null; readonly items: readonly (readonly Block[])[] }
  | { readonly type: "table"; readonly header: readonly (readonly Inline[])[]; readonly rows: readonly (readonly (readonly Inline[])[])[] }
  | { readonly type: "rule" };

const depthMax = 8;
/** Nobody writes a heading or a table row this long; patterns are not tried on such lines. */
const lineMax = 4_000;

export function parseMarkdown(text: string): readonly Block[] {
  return blocks(text.replace(/\r\n?/g, "\n").replace(/\t/g, "    ").split("\n"), 0);
}

const fence = /^ {0,3}(`{3,}|~{3,})\s*([^\s`]*)[^`]*$/;
const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const rule = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const quote = /^ {0,3}> ?(.*)$/;
const listItem = /^( {0,3})([-*+]|\d{1,9}[.)])( +|$)(.*)$/;
const tableRule = /^ {0,3}\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

function blocks(lines: readonly string[], depth: number): Block[] {
  const result: Block[] = [];
  let paragraph: string[] = [];
  function endParagraph() {
    if (paragraph.length > 0) {
      result.push({ type: "paragraph", children: inlines(paragraph.join("\n")) });
      paragraph = [];
    }
  }

  let index = 0;
  while (index < lines.length) {
    const line = lines[index]!;
    const special = depth < depthMax ? specialBlock(lines, index, depth, paragraph.length > 0) : null;
    if (special !== null) {
      endParagraph();
      result.push(special.block);
      index = special.next;
    } else if (line.trim() === "") {
      endParagraph();
      index += 1;
    } else {
      paragraph.push(line.trimStart());
      index += 1;
    }
  }
  endParagraph();
  return result;
}

interface Taken {
  readonly block: Block;
  /** The first line after the block. */
  readonly next: number;
}

/** The block that starts at a line, if one other than a paragraph does. */
function specialBlock(lines: readonly string[], at: number, depth: number, isInParagraph: boolean): Taken | null {
  const line = lines[at]!;
  if (line.length > lineMax) {
    return null;
  }
  const fenceMatch = fence.exec(line);
  if (fenceMatch !== null) {
    return codeBlock(lines, at, fenceMatch[1]!, fenceMatch[2]!);
  }
  const headingMatch = heading.exec(line);
  if (headingMatch !== null) {
    return { block: { type: "heading", level: headingMatch[1]!.length, children: inlines(headingMatch[2]!) }, next: at + 1 };
  }
  if (rule.test(line)) {
    return { block: { type: "rule" }, next: at + 1 };
  }
  if (quote.test(line)) {
    return quoteBlock(lines, at, depth);
  }
  const item = listItem.exec(line);
  // Inside a paragraph only an item with text, numbered 1 if at all, starts a list: "in\n1999. It" is no list.
  if (item !== null && (!isInParagraph || (item[4] !== "" && /^([-*+]|1[.)])$/.test(item[2]!)))) {
    return listBlock(lines, at, depth);
  }
  if (line.includes("|") && tableRule.test(lines[at + 1] ?? "") && cells(line).length === cells(lines[at + 1]!).length) {
    return tableBlock(lines, at);
  }
  return null;
}

function codeBlock(lines: readonly string[], at: number, mark: string, language: string): Taken {
  const end = new RegExp(`^ {0,3}\\${mark[0]}{${mark.length},}\\s*$`);
  let next = at + 1;
  while (next < lines.length && !end.test(lines[next]!)) {
    next += 1;
  }
  return { block: { type: "code", language, text: lines.slice(at + 1, next).join("\n") }, next: next + 1 };
}

function quoteBlock(lines: readonly string[], at: number, depth: number): Taken {
  const inner: string[] = [];
  let next = at;
  for (let match = quote.exec(lines[next] ?? ""); match !== null; match = quote.exec(lines[next] ?? "")) {
    inner.push(match[1]!);
    next += 1;
  }
  return { block: { type: "quote", children: blocks(inner, depth + 1) }, next };
}

function listBlock(lines: readonly string[], at: number, depth: number): Taken {
  const first = listItem.exec(lines[at]!)!;
  const isNumbered = /\d/.test(first[2]!);
  const items: Block[][] = [];
  let next = at;
  while (next < lines.length) {
    const match = listItem.exec(lines[next]!);
    if (match === null || /\d/.test(match[2]!) !== isNumbered || rule.test(lines[next]!)) {
      break;
    }
    const indent = match[1]!.length + match[2]!.length + Math.min(Math.max(match[3]!.length, 1), 4);
    const inner = [match[4]!];
    next += 1;
    while (next < lines.length && belongsToItem(lines, next, indent)) {
      inner.push(lines[next]!.slice(Math.min(indent, indentation(lines[next]!))));
      next += 1;
    }
    items.push(blocks(inner, depth + 1));
    while (next < lines.length && lines[next]!.trim() === "" && listItem.test(lines[next + 1] ?? "")) {
      next += 1;
    }
  }
  return { block: { type: "list", start: isNumbered ? parseInt(first[2]!, 10) : null, items }, next };
}

/** Whether a line goes on with the item above it: indented to its text (nested lists: by two), or lazily following on. */
function belongsToItem(lines: readonly string[], at: number, indent: number): boolean {
  const line = lines[at]!;
  if (line.trim() === "") {
    const following = lines[at + 1];
    return following !== undefined && following.trim() !== "" && indentation(following) >= Math.min(indent, 2);
  }
  if (indentation(line) >= Math.min(indent, 2)) {
    return true;
  }
  const isFresh = lines[at - 1]!.trim() === "";
  return !isFresh && !listItem.test(line) && !fence.test(line) && !heading.test(line) && !quote.test(line) && !rule.test(line);
}

function tableBlock(lines: readonly string[], at: number): Taken {
  const header = cells(lines[at]!).map(inlines);
  const rows: Inline[][][] = [];
  let next = at + 2;
  while (next < lines.length && lines[next]!.includes("|") && lines[next]!.trim() !== "") {
    const row = cells(lines[next]!).slice(0, header.length).map(inlines);
    while (row.length < header.length) {
      row.push([]);
    }
    rows.push(row);
    next += 1;
  }
  return { block: { type: "table", header, rows }, next };
}

function cells(line: string): string[] {
  const inner = line.trim().replace(/^\|/, "").replace(/([^\\])\|$/, "$1");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, "|"));
}

function indentation(line: string): number {
  return line.length - line.trimStart().length;
}

// One alternative a construct; what none of them takes stays text. No quantifier is nested, so that time stays linear.
const inlinePattern = new RegExp(
  [
    "\\\\([\\\\`*_{}\\[\\]()#+\\-.!|~<>])",
    "(`+)([^`]|[^`][\\s\\S]{0,2000}?[^`])\\2(?!`)",
    "!?\\[([^\\]\\n]{1,1000})\\]\\(\\s*<?([^()\\s<>]{1,500}(?:\\([^()\\s]{0,200}\\))?[^()\\s<>]{0,500})>?(?:\\s+\"[^\"\\n]{0,200}\")?\\s*\\)",
    "\\*\\*(?=\\S)([^\\n]{0,1000}?\\S)\\*\\*",
    "(?<![\\w*])\\*(?=[^\\s*])([^*\\n]{0,1000}?[^\\s*])\\*(?!\\*)",
    "(?<!\\w)__(?=\\S)([^\\n]{0,1000}?\\S)__(?!\\w)",
    "(?<!\\w)_(?=[^\\s_])([^_\\n]{0,1000}?[^\\s_])_(?!\\w)",
    "~~(?=\\S)([^\\n]{0,1000}?\\S)~~",
    "\\b(https?:\\/\\/[^\\s<>\"'`\\]]{1,2000})",
    "(?: {2,}|\\\\)\\n",
  ].join("|"),
  "g",
);

function inlines(text: string, depth = 0): Inline[] {
  const result: Inline[] = [];
  let at = 0;
  function plain(end: number) {
    if (end > at) {
      result.push({ type: "text", text: text.slice(at, end) });
    }
  }
  if (depth > depthMax) {
    return [{ type: "text", text }];
  }
  for (const match of text.matchAll(inlinePattern)) {
    const start = match.index ?? 0;
    if (start < at) {
      continue;
    }
    plain(start);
    const { node, length } = inline(match, depth);
    result.push(node);
    at = start + length;
  }
  plain(text.length);
  return result;
}

function inline(match: RegExpMatchArray, depth: number): { node: Inline; length: number } {
  const whole = match[0]!;
  const [, escaped, , code, label, url, strong, emphasis, strongLow, emphasisLow, strike, bareURL] = match;
  const inside = (text: string) => inlines(text, depth + 1);
  const taken = (node: Inline, length = whole.length) => ({ node, length });
  if (escaped !== undefined) {
    return taken({ type: "text", text: escaped });
  }
  if (code !== undefined) {
    return taken({ type: "code", text: code.replace(/^ (.*\S.*) $/s, "$1").replace(/\n/g, " ") });
  }
  if (label !== undefined && url !== undefined) {
    const safe = safeURL(url);
    return taken(safe === null ? { type: "text", text: whole } : { type: "link", url: safe, children: inside(label) });
  }
  if (bareURL !== undefined) {
    // Punctuation at the end belongs to the sentence.
    const address = bareURL.replace(/[.,;:!?*_)]+$/, "");
    const safe = safeURL(address);
    return safe === null
      ? taken({ type: "text", text: whole })
      : taken({ type: "link", url: safe, children: [{ type: "text", text: address }] }, address.length);
  }
  const bold = strong ?? strongLow;
  if (bold !== undefined) {
    return taken({ type: "strong", children: inside(bold) });
  }
  const slanted = emphasis ?? emphasisLow;
  if (slanted !== undefined) {
    return taken({ type: "emphasis", children: inside(slanted) });
  }
  return taken(strike === undefined ? { type: "break" } : { type: "strike", children: inside(strike) });
}

/** An address as it may stand in a link; null for any scheme that could run something. */
export function safeURL(url: string): string | null {
  return /^(https?:\/\/|mailto:)[^\s]/i.test(url) ? url : null;
}
