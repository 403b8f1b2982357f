import assert from "node:assert/strict";
import { test } from "node:test";
import { attribute, listAttribute, parsedJSON } from "../src/model/attributes";
import { childNodes, containsWord, foldedText, jsonTokens } from "../src/model/jsonTree";
import {
  content, documents, embeddedTexts, exceptionEvent, inputMessages, invocationParameters, outputMessages, spoken, tags, tokenDetails,
  toolDefinitions, toolUse,
} from "../src/model/openInference";

test("dotted keys are found in trees, in flat maps, and where a value stands beside its children", () => {
  assert.equal(attribute({ llm: { model_name: "m" } }, "llm.model_name"), "m");
  assert.equal(attribute({ "exception.type": "E" }, "exception.type"), "E");
  assert.equal(attribute({ a: 1, "a.b": 2 }, "a.b"), 2);
  assert.equal(attribute({ x: { "a.b": { c: 3 } } }, "x.a.b.c"), 3);
  assert.equal(attribute({ a: 1 }, "a.b"), undefined);
  assert.equal(attribute({}, "constructor"), undefined);
});

test("an object whose keys are positions is a list", () => {
  assert.deepEqual(listAttribute({ d: { "10": { n: 2 }, "2": { n: 1 } } }, "d"), [{ n: 1 }, { n: 2 }]);
  assert.deepEqual(listAttribute({ d: { name: { n: 1 } } }, "d"), []);
});

test("messages are read with their texts, pictures, tool calls and reasons to stop", () => {
  const attributes = {
    llm: {
      input_messages: [
        { message: { role: "user", contents: [{ message_content: { type: "text", text: "What is it?" } }, { message_content: { type: "image", image: { image: { url: "data:x" } } } }] } },
        { message: { role: "tool", content: "42", tool_call_id: "c1", name: "f" } },
      ],
      output_messages: [{ message: { role: "assistant", finish_reason: "tool_calls", tool_calls: [{ tool_call: { id: "c1", function: { name: "f", arguments: "{\"x\":1}" } } }] } }],
    },
  };
  const [asked, result] = inputMessages(attributes);
  assert.deepEqual(asked?.parts, [{ type: "text", text: "What is it?" }, { type: "image", url: "data:x" }]);
  assert.deepEqual([result?.role, result?.name, result?.toolCallId], ["tool", "f", "c1"]);
  const [answered] = outputMessages(attributes);
  assert.deepEqual(answered?.toolCalls, [{ id: "c1", name: "f", argumentsText: "{\"x\":1}" }]);
  assert.equal(answered?.finishReason, "tool_calls");
});

test("the single function call of older instrumentations is a tool call", () => {
  const [message] = outputMessages({ llm: { output_messages: [{ message: { role: "assistant", function_call_name: "f", function_call_arguments_json: "{}" } }] } });
  assert.deepEqual(message?.toolCalls, [{ id: null, name: "f", argumentsText: "{}" }]);
});

test("what was said is the last message of the right side, else the whole input or output", () => {
  const attributes = {
    llm: { input_messages: [{ message: { role: "system", content: "s" } }, { message: { role: "user", content: "first" } }, { message: { role: "assistant", content: "a" } }, { message: { role: "user", content: "second" } }] },
    output: { value: "whole", mime_type: "text/plain" },
  };
  assert.equal(spoken(attributes, "input")?.value, "second");
  assert.deepEqual(spoken(attributes, "output"), { value: "whole", mimeType: "text/plain" });
  assert.equal(spoken({}, "output"), null);
});

test("documents keep order, score and metadata", () => {
  const list = documents({ retrieval: { documents: [{ document: { id: 7, content: "c", score: 0.5, metadata: { a: 1 } } }, { document: {} }] } }, "retrieval.documents");
  assert.deepEqual(list, [{ id: "7", content: "c", score: 0.5, metadata: { a: 1 } }, { id: null, content: "", score: null, metadata: null }]);
});

test("tools are read from JSON text in the shapes of several providers", () => {
  const schema = (value: unknown) => ({ tool: { json_schema: JSON.stringify(value) } });
  const tools = toolDefinitions({ llm: { tools: [
    schema({ type: "function", function: { name: "a", description: "d", parameters: { p: 1 } } }), schema({ name: "b", input_schema: { q: 1 } }), schema("broken"),
  ] } });
  assert.deepEqual(tools.map((tool) => [tool.name, tool.description, tool.parameters]), [["a", "d", { p: 1 }], ["b", null, { q: 1 }], ["unnamed", null, null]]);
});

test("parameters, tool use, embeddings, tags and token details are read", () => {
  assert.deepEqual(invocationParameters({ llm: { invocation_parameters: "{\"temperature\":0.2}" } }), { temperature: 0.2 });
  assert.equal(invocationParameters({ llm: { invocation_parameters: "{}" } }), null);
  assert.deepEqual(toolUse({ tool: { name: "t", parameters: "{\"a\":1}" } }), { name: "t", description: null, id: null, parameters: { a: 1 } });
  assert.equal(toolUse({}), null);
  assert.deepEqual(embeddedTexts({ embedding: { embeddings: [{ embedding: { text: "x", vector: [1, 2] } }] } }), [{ text: "x", vector: [1, 2] }]);
  assert.deepEqual(tags({ tag: { tags: ["a", "b"] } }), ["a", "b"]);
  assert.deepEqual(tokenDetails({ llm: { token_count: { prompt_details: { cache_read: 5, audio: 0 } } } }), [{ side: "prompt", type: "cache_read", count: 5 }]);
});

test("input that is no text is told as JSON, and missing input is none", () => {
  assert.deepEqual(content({ input: { value: { a: 1 } } }, "input"), { value: "{\n  \"a\": 1\n}", mimeType: null });
  assert.equal(content({}, "input"), null);
});

test("exceptions are told from other events", () => {
  const attributes = { "exception.type": "E", "exception.message": "m", "exception.stacktrace": "s", "exception.escaped": "True" };
  assert.deepEqual(exceptionEvent({ name: "exception", attributes }), { type: "E", message: "m", stackTrace: "s", hasEscaped: true });
  assert.equal(exceptionEvent({ name: "other", attributes }), null);
});

test("only objects and lists count as JSON text", () => {
  assert.deepEqual(parsedJSON(" {\"a\": 1} "), { a: 1 });
  assert.equal(parsedJSON("42"), undefined);
  assert.equal(parsedJSON("[not json"), undefined);
});

test("objects with one member are joined to a dotted key", () => {
  assert.deepEqual(childNodes({ openinference: { span: { kind: "LLM" } }, llm: { a: 1, b: 2 } }, "").map((node) => [node.path, node.childCount]), [["openinference.span.kind", 0], ["llm", 2]]);
});

test("texts of JSON unfold, and are still known as the texts they were sent as", () => {
  const [node] = childNodes({ schema: "{\"a\": 1, \"b\": 2}" }, "");
  assert.deepEqual([node?.value, node?.sent, node?.childCount], [{ a: 1, b: 2 }, "{\"a\": 1, \"b\": 2}", 2]);
});

test("words are looked for in keys and values, at any depth", () => {
  assert.equal(containsWord("k", { a: [{ deep: "Needle" }] }, "needle"), true);
  assert.equal(containsWord("k", { needle: 1 }, "needle"), true);
  assert.equal(containsWord("k", { a: 1 }, "needle"), false);
});

test("folded values say what they hold", () => {
  assert.deepEqual([foldedText([1, 2, 3]), foldedText([{}]), foldedText({ a: 1, b: 2 }), foldedText({})], ["3 numbers", "1 item", "{ a, b }", "{ }"]);
});

test("JSON is coloured without losing a character", () => {
  const text = JSON.stringify({ "a\"b": ["x: {y}", -1.5e3, true, null, {}] }, null, 2);
  const pieces = jsonTokens(text);
  assert.equal(pieces.map((piece) => piece.text).join(""), text);
  assert.deepEqual(pieces.filter((piece) => piece.type === "string").map((piece) => piece.text), ["\"x: {y}\""]);
  assert.deepEqual(pieces.filter((piece) => piece.type === "number").map((piece) => piece.text), ["-1500"]);
});
