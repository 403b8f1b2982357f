// Reads what OpenInference's conventions say of a span from its attribute tree, tolerantly: traces come from many hands.
import type { JSONObject, JSONValue } from "../data/types";
import { attribute, isArray, isObject, listAttribute, numberAttribute, parsedJSON, textAttribute } from "./attributes";

export interface ToolCall {
  readonly id: string | null;
  readonly name: string;
  /** As sent; JSON in nearly all cases. */
  readonly argumentsText: string;
}

export type MessagePart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  | { readonly type: "image"; readonly url: string }
  | { readonly type: "other"; readonly value: JSONValue };

export interface Message {
  readonly role: string;
  readonly name: string | null;
  readonly parts: readonly MessagePart[];
  readonly toolCalls: readonly ToolCall[];
  /** The call that this message answers. */
  readonly toolCallId: string | null;
  readonly finishReason: string | null;
}

export interface RetrievedDocument {
  readonly id: string | null;
  readonly content: string;
  readonly score: number | null;
  readonly metadata: JSONValue | null;
}

export interface ToolDefinition {
  readonly name: string;
  readonly description: string | null;
  readonly parameters: JSONValue | null;
}

export interface EmbeddedText {
  readonly text: string;
  readonly vector: readonly number[];
}

export interface Content {
  readonly value: string;
  readonly mimeType: string | null;
}

export function inputMessages(attributes: JSONObject): readonly Message[] {
  return listAttribute(attributes, "llm.input_messages").map(message);
}

export function outputMessages(attributes: JSONObject): readonly Message[] {
  return listAttribute(attributes, "llm.output_messages").map(message);
}

function message(element: JSONObject): Message {
  const text = contentText(attribute(element, "message.content"));
  const parts = listAttribute(element, "message.contents").map(messagePart);
  return {
    role: textAttribute(element, "message.role") ?? "unknown",
    name: textAttribute(element, "message.name"),
    parts: text === null || text === "" ? parts : [{ type: "text", text }, ...parts],
    toolCalls: toolCalls(element),
    toolCallId: textAttribute(element, "message.tool_call_id"),
    finishReason: textAttribute(element, "message.finish_reason"),
  };
}

function contentText(value: JSONValue | undefined): string | null {
  if (value === undefined || value === null) {
    return null;
  }
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function messagePart(element: JSONObject): MessagePart {
  const type = textAttribute(element, "message_content.type");
  const text = textAttribute(element, "message_content.text");
  if (text !== null) {
    return { type: type === "reasoning" ? "reasoning" : "text", text };
  }
  const url = textAttribute(element, "message_content.image.image.url") ?? textAttribute(element, "message_content.image.url");
  if (url !== null) {
    return { type: "image", url };
  }
  return { type: "other", value: attribute(element, "message_content") ?? element };
}

function toolCalls(element: JSONObject): readonly ToolCall[] {
  const calls = listAttribute(element, "message.tool_calls").map((call) => ({
    id: textAttribute(call, "tool_call.id"),
    name: textAttribute(call, "tool_call.function.name") ?? "unnamed",
    argumentsText: contentText(attribute(call, "tool_call.function.arguments")) ?? "",
  }));
  // The single function call that came before tool calls, still sent by older instrumentations.
  const name = textAttribute(element, "message.function_call_name");
  const argumentsText = textAttribute(element, "message.function_call_arguments_json") ?? "";
  return name === null ? calls : [...calls, { id: null, name, argumentsText }];
}

export function documents(attributes: JSONObject, key: string): readonly RetrievedDocument[] {
  return listAttribute(attributes, key).map((element) => ({
    id: textAttribute(element, "document.id"),
    content: contentText(attribute(element, "document.content")) ?? "",
    score: numberAttribute(element, "document.score"),
    metadata: attribute(element, "document.metadata") ?? null,
  }));
}

/** The tools that a model could choose from. */
export function toolDefinitions(attributes: JSONObject): readonly ToolDefinition[] {
  return listAttribute(attributes, "llm.tools").map((element) => {
    const schema = unpacked(attribute(element, "tool.json_schema"));
    const fields = isObject(schema) ? schema : {};
    const inner = fields.function;
    const definition = isObject(inner) ? inner : fields;
    return {
      name: textAttribute(definition, "name") ?? textAttribute(element, "tool.name") ?? "unnamed",
      description: textAttribute(definition, "description") ?? textAttribute(element, "tool.description"),
      parameters: definition.parameters ?? definition.input_schema ?? (Object.keys(fields).length > 0 ? fields : null),
    };
  });
}

export function embeddedTexts(attributes: JSONObject): readonly EmbeddedText[] {
  return listAttribute(attributes, "embedding.embeddings").map((element) => {
    const vector = attribute(element, "embedding.vector");
    return {
      text: textAttribute(element, "embedding.text") ?? "",
      vector: isArray(vector) ? vector.filter((value): value is number => typeof value === "number") : [],
    };
  });
}

/** `input` or `output` of a span; null where there is none. */
export function content(attributes: JSONObject, direction: "input" | "output"): Content | null {
  const value = contentText(attribute(attributes, `${direction}.value`));
  return value === null ? null : { value, mimeType: textAttribute(attributes, `${direction}.mime_type`) };
}

/** What a person said to the span, or it to them: of messages only the last one that counts, else the whole input or output. */
export function spoken(attributes: JSONObject, direction: "input" | "output"): Content | null {
  const messages = direction === "input" ? inputMessages(attributes) : outputMessages(attributes);
  const speakers = direction === "input" ? ["user", "human"] : ["assistant", "ai", "model"];
  const last = [...messages].reverse().find((message) => speakers.includes(message.role.toLowerCase()));
  const text = (last?.parts ?? []).flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n");
  return text === "" ? content(attributes, direction) : { value: text, mimeType: null };
}

/** Settings of a model's call, sent as JSON text. */
export function invocationParameters(attributes: JSONObject): JSONObject | null {
  const value = unpacked(
    attribute(attributes, "llm.invocation_parameters") ?? attribute(attributes, "embedding.invocation_parameters"),
  );
  return isObject(value) && Object.keys(value).length > 0 ? value : null;
}

export interface PromptTemplate {
  readonly template: string;
  readonly version: string | null;
  readonly variables: JSONValue | null;
}

export function promptTemplate(attributes: JSONObject): PromptTemplate | null {
  const template = textAttribute(attributes, "llm.prompt_template.template");
  if (template === null) {
    return null;
  }
  return {
    template,
    version: textAttribute(attributes, "llm.prompt_template.version"),
    variables: unpacked(attribute(attributes, "llm.prompt_template.variables")) ?? null,
  };
}

export interface ToolUse {
  readonly name: string | null;
  readonly description: string | null;
  readonly id: string | null;
  readonly parameters: JSONValue | null;
}

export function toolUse(attributes: JSONObject): ToolUse | null {
  const parameters = unpacked(attribute(attributes, "tool.parameters") ?? attribute(attributes, "tool.json_schema"));
  const use = {
    name: textAttribute(attributes, "tool.name"),
    description: textAttribute(attributes, "tool.description"),
    id: textAttribute(attributes, "tool.id") ?? textAttribute(attributes, "tool_call.id"),
    parameters: parameters ?? null,
  };
  return use.name === null && use.description === null && use.parameters === null ? null : use;
}

export interface TokenDetail {
  readonly side: "prompt" | "completion";
  readonly type: string;
  readonly count: number;
}

/** How a call's tokens split up: `prompt_details.cache_read`, `completion_details.reasoning` and the like. */
export function tokenDetails(attributes: JSONObject): readonly TokenDetail[] {
  return (["prompt", "completion"] as const).flatMap((side) => {
    const details = attribute(attributes, `llm.token_count.${side}_details`);
    return Object.entries(isObject(details) ? details : {}).flatMap(([type, count]) =>
      typeof count === "number" && count > 0 ? [{ side, type, count }] : [],
    );
  });
}

export interface ExceptionEvent {
  readonly type: string;
  readonly message: string;
  readonly stackTrace: string | null;
  readonly hasEscaped: boolean;
}

/** What an event named `exception` says; null for any other event. */
export function exceptionEvent(event: { readonly name: string; readonly attributes: JSONObject }): ExceptionEvent | null {
  if (event.name !== "exception") {
    return null;
  }
  const escaped = attribute(event.attributes, "exception.escaped");
  return {
    type: textAttribute(event.attributes, "exception.type") ?? "Exception",
    message: textAttribute(event.attributes, "exception.message") ?? "",
    stackTrace: textAttribute(event.attributes, "exception.stacktrace"),
    hasEscaped: escaped === true || (typeof escaped === "string" && escaped.toLowerCase() === "true"),
  };
}

export function tags(attributes: JSONObject): readonly string[] {
  const value = attribute(attributes, "tag.tags");
  return isArray(value) ? value.map(String) : typeof value === "string" && value !== "" ? [value] : [];
}

export function modelName(attributes: JSONObject): string | null {
  return ["llm.model_name", "embedding.model_name", "reranker.model_name"].reduce<string | null>(
    (found, key) => found ?? textAttribute(attributes, key), null,
  );
}

/** Values that are sent as JSON text or as a tree. */
function unpacked(value: JSONValue | undefined): JSONValue | undefined {
  return typeof value === "string" ? parsedJSON(value) ?? value : value;
}
