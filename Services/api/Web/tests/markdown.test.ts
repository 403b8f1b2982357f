import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMarkdown, safeURL, type Block, type Inline } from "../src/model/markdown";

function plain(nodes: readonly Inline[]): string {
  return nodes.map((node) => ("text" in node ? node.text : "children" in node ? plain(node.children) : "\n")).join("");
}

function paragraph(text: string): readonly Inline[] {
  const [block] = parseMarkdown(text);
  assert.equal(block?.type, "paragraph");
  return block?.type === "paragraph" ? block.children : [];
}

const types = (text: string) => parseMarkdown(text).map((block) => block.type);

test("HTML is text and nothing else", () => {
  assert.deepEqual(paragraph("<script>alert(1)</script> <b>x</b>"), [{ type: "text", text: "<script>alert(1)</script> <b>x</b>" }]);
});

test("links go to the web and to mail, and every other scheme stays text", () => {
  for (const url of ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//evil.example", "/relative"]) {
    assert.equal(safeURL(url), null);
    assert.equal(paragraph(`[click](${url})`).some((node) => node.type === "link"), false);
  }
  assert.deepEqual(paragraph("[a *b*](https://example.com/x_(y))"), [
    { type: "link", url: "https://example.com/x_(y)", children: [{ type: "text", text: "a " }, { type: "emphasis", children: [{ type: "text", text: "b" }] }] },
  ]);
  assert.deepEqual(paragraph("See https://example.com/a.")[1], { type: "link", url: "https://example.com/a", children: [{ type: "text", text: "https://example.com/a" }] });
});

test("emphasis, code and strikes are told apart, and snake_case and 2 * 3 * 4 are left alone", () => {
  assert.deepEqual(paragraph("**bold** _slanted_ `code` ~~gone~~").map((node) => node.type), ["strong", "text", "emphasis", "text", "code", "text", "strike"]);
  assert.deepEqual(paragraph("snake_case_name and 2 * 3 * 4"), [{ type: "text", text: "snake_case_name and 2 * 3 * 4" }]);
  assert.deepEqual(paragraph("`**not bold**`"), [{ type: "code", text: "**not bold**" }]);
  assert.equal(plain(paragraph("\\*kept\\*")), "*kept*");
});

test("fences keep their text as it is, also when they never end", () => {
  assert.deepEqual(parseMarkdown("```python\nif x:\n    # **y**\n```\nafter"), [
    { type: "code", language: "python", text: "if x:\n    # **y**" }, { type: "paragraph", children: [{ type: "text", text: "after" }] },
  ]);
  assert.deepEqual(parseMarkdown("~~~\nopen"), [{ type: "code", language: "", text: "open" }]);
});

test("lists nest, count from their own number, and end where they end", () => {
  const [list, after] = parseMarkdown("3. one\n   - inner\n   - more\n4. two\n\nafter");
  assert.equal(list?.type === "list" && list.start, 3);
  assert.equal(list?.type === "list" && list.items.length, 2);
  const inner: Block | undefined = list?.type === "list" ? list.items[0]?.[1] : undefined;
  assert.equal(inner?.type === "list" && inner.items.length, 2);
  assert.equal(after?.type, "paragraph");
});

test("a number that begins a line in a sentence starts no list", () => {
  assert.deepEqual(types("It was in\n1999. A good year."), ["paragraph"]);
});

test("blocks of all kinds follow each other", () => {
  assert.deepEqual(types("# Title\ntext\n> quoted\n\n---\n- item\n\n| a | b |\n|---|:-:|\n| 1 | 2 |"), ["heading", "paragraph", "quote", "rule", "list", "table"]);
});

test("table rows have as many cells as the header", () => {
  const [table] = parseMarkdown("| a | b |\n|---|---|\n| 1 |\n| x \\| y | 2 | 3 |");
  assert.equal(table?.type, "table");
  if (table?.type === "table") {
    assert.deepEqual(table.rows.map((row) => row.map(plain)), [["1", ""], ["x | y", "2"]]);
  }
});

test("two spaces or a backslash at a line's end break it", () => {
  assert.deepEqual(paragraph("a  \nb\\\nc").map((node) => node.type), ["text", "break", "text", "break", "text"]);
});

test("nesting without end and hostile repetition stay bounded", () => {
  const hostile = ["> ".repeat(500) + "x", "- ".repeat(500) + "x", "**".repeat(20_000), "[".repeat(20_000), "[a](".repeat(5_000), "`".repeat(20_001), "*a ".repeat(20_000), "_a_".repeat(10_000), "| ".repeat(1_900)];
  for (const text of hostile) {
    assert.ok(parseMarkdown(text).length >= 0);
  }
  assert.ok(parseMarkdown(`${"a|".repeat(1_000)}\n${"-|".repeat(1_000)}\n${"x\n".repeat(2_000)}`).length > 0);
});
