import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffDelay } from "../src/data/backoff";
import { DataError } from "../src/data/DataError";
import { traceIds } from "../src/data/LiveChannel";
import { QueryCache } from "../src/data/QueryCache";
import { restSource } from "../src/data/rest";

let asked: string[] = [];

function answer(status: number, body: unknown): void {
  asked = [];
  globalThis.fetch = (async (address: RequestInfo | URL) => {
    asked.push(String(address));
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  }) as typeof fetch;
}

async function failure(promise: Promise<unknown>): Promise<DataError> {
  try {
    await promise;
  } catch (error) {
    return DataError.from(error);
  }
  throw new Error("It did not fail.");
}

const totals = { spanCount: 3, errorCount: 1, promptTokens: 10, completionTokens: 5, totalCost: 0.25 };

test("a project is read from its JSON, its times exactly and its gaps as gaps", async () => {
  answer(200, { data: [{ ...totals, id: "UHJvamVjdDox", name: "n", description: null, traceCount: 2, latencyMsP50: 1.5, latencyMsP99: null, lastSpanTime: "2025-03-04T17:03:21.042137Z" }] });
  const [project] = await restSource.projects();
  assert.equal(project?.lastSpanTime, 1_741_107_801_042_137);
  assert.deepEqual([project?.latencyP50, project?.latencyP99, project?.description], [1.5, null, null]);
});

test("ids and searches are escaped in addresses that are relative to the page's base", async () => {
  answer(200, { data: [], nextCursor: null });
  await restSource.traces({ projectId: "UHJvamVjdDoxMg==", search: "a&b", sessionId: "s/1" }, "c=", 50);
  assert.deepEqual(asked, ["bennu/v1/projects/UHJvamVjdDoxMg%3D%3D/traces?limit=50&cursor=c%3D&search=a%26b&sessionId=s%2F1"]);
});

test("a trace row without a root span, and kinds and states nobody knows, are taken as they are", async () => {
  const base = { ...totals, id: "1", traceId: "ab", startTime: "2025-01-01T00:00:00Z", endTime: "2025-01-01T00:00:01Z", latencyMs: 1_000, sessionId: null, userId: null };
  const rootSpan = { spanId: "cd", name: "r", kind: "NOVEL", statusCode: "STRANGE", inputPreview: null, outputPreview: "o", isOrphan: true };
  answer(200, { data: [{ ...base, rootSpan: null }, { ...base, rootSpan }], nextCursor: "next" });
  const page = await restSource.traces({ projectId: "p" }, null, 2);
  assert.equal(page.items[0]?.rootSpan, null);
  assert.deepEqual([page.items[1]?.rootSpan?.kind, page.items[1]?.rootSpan?.statusCode, page.items[1]?.rootSpan?.isOrphan], ["UNKNOWN", "UNSET", true]);
  assert.equal(page.nextCursor, "next");
});

test("a span is read with its tree, its events and what OTLP says beyond", async () => {
  answer(200, {
    data: {
      id: "1", spanId: "cd", traceId: "ab", parentId: null, name: "s", kind: "LLM", statusCode: "OK", startTime: "2025-01-01T00:00:00Z", endTime: "2025-01-01T00:00:01Z",
      promptTokens: 4, completionTokens: null, modelName: "m", statusMessage: "", attributes: { llm: { model_name: "m" } },
      events: [{ name: "exception", timestamp: "2025-01-01T00:00:00.5Z", attributes: { "exception.type": "E" } }], otlp: null, resource: { resource: {}, scope: {} },
      promptCost: 0.1, completionCost: null,
    },
  });
  const span = await restSource.span("cd");
  assert.deepEqual(span.events[0]?.attributes, { "exception.type": "E" });
  assert.deepEqual([span.promptTokens, span.completionTokens, span.otlp, span.promptCost], [4, null, null, 0.1]);
});

test("refusals carry the server's words and a reason to act on", async () => {
  for (const [status, reason, isRetryable] of [
    [401, "unauthorized", false], [404, "notFound", false], [422, "refused", false], [429, "unavailable", true], [503, "unavailable", true],
  ] as const) {
    answer(status, { error: { message: "the words" } });
    const error = await failure(restSource.projects());
    assert.deepEqual([error.reason, error.message, error.isRetryable, error.status], [reason, "the words", isRetryable, status]);
  }
});

test("answers that are no JSON, or lack a field, say so", async () => {
  answer(200, "<html>");
  assert.equal((await failure(restSource.projects())).reason, "malformed");
  answer(200, { data: [{ id: "1" }] });
  assert.ok((await failure(restSource.projects())).message.includes("projects.data[0].spanCount"));
  answer(502, "<html>");
  assert.equal((await failure(restSource.projects())).message, "The server answered 502.");
});

test("a server that cannot be reached is told from one that refuses", async () => {
  globalThis.fetch = async () => {
    throw new TypeError("failed");
  };
  assert.equal((await failure(restSource.projects())).reason, "unreachable");
});

test("the cache shows an old answer while it fetches, and asks once for many", async () => {
  let now = 0;
  let fetches = 0;
  const cache = new QueryCache(10, () => now);
  const fetcher = async () => ++fetches;
  await Promise.all([cache.refresh("k", fetcher, 1_000), cache.refresh("k", fetcher, 1_000)]);
  assert.deepEqual([cache.state<number>("k").value, fetches], [1, 1]);
  await cache.refresh("k", fetcher, 1_000);
  assert.equal(fetches, 1);
  now = 2_000;
  const refreshing = cache.refresh("k", fetcher, 1_000);
  assert.deepEqual([cache.state<number>("k").value, cache.state("k").isFetching], [1, true]);
  await refreshing;
  assert.equal(cache.state<number>("k").value, 2);
});

test("a failure keeps the value, and the next answer clears it", async () => {
  const cache = new QueryCache(10);
  await cache.refresh("k", async () => "value", 0);
  await cache.refresh("k", async () => Promise.reject(new DataError("unavailable", "away")), 0);
  assert.deepEqual([cache.state<string>("k").value, cache.state("k").error?.reason], ["value", "unavailable"]);
  await cache.refresh("k", async () => "again", 0);
  assert.deepEqual([cache.state<string>("k").value, cache.state("k").error], ["again", null]);
});

test("the cache forgets what was used least, and never what is listened to", async () => {
  const cache = new QueryCache(2);
  await cache.refresh("kept", async () => 1, 0);
  cache.subscribe("kept", () => undefined);
  for (const key of ["a", "b", "c"]) {
    await cache.refresh(key, async () => key, 0);
  }
  assert.deepEqual(["kept", "a", "b", "c"].map((key) => cache.state(key).value), [1, undefined, undefined, "c"]);
});

test("pauses between attempts grow, are spread, and end at half a minute", () => {
  assert.deepEqual([1, 2, 3, 10, 1_000].map((failures) => backoffDelay(failures, 1)), [1_000, 2_000, 4_000, 30_000, 30_000]);
  assert.deepEqual([backoffDelay(3, 0), backoffDelay(3, 0.5)], [2_000, 3_000]);
});

test("news names its traces, and news cut short or broken names none", () => {
  assert.deepEqual(traceIds('{"traceIds":["a","b"]}'), ["a", "b"]);
  assert.equal(traceIds(JSON.stringify({ traceIds: Array.from({ length: 100 }, String) })), null);
  assert.equal(traceIds("nonsense"), null);
  assert.equal(traceIds("{}"), null);
});
