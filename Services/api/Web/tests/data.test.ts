import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffDelay } from "../src/data/backoff";
import { DataError } from "../src/data/DataError";
import { spanBodiesMax } from "../src/data/DataSource";
import { Gathered } from "../src/data/Gathered";
import { graphqlSource } from "../src/data/graphqlSource";
import { traceIds } from "../src/data/LiveChannel";
import { QueryCache } from "../src/data/QueryCache";

interface Asked {
  readonly address: string;
  readonly document: string;
  readonly variables: Record<string, unknown>;
}

let asked: Asked[] = [];

function answer(status: number, ...bodies: unknown[]): void {
  asked = [];
  globalThis.fetch = (async (address: RequestInfo | URL, options: RequestInit = {}) => {
    const { query, variables } = JSON.parse(String(options.body)) as { query: string; variables: Record<string, unknown> };
    const body = bodies[Math.min(asked.length, bodies.length - 1)];
    asked.push({ address: String(address), document: query, variables });
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

const costSummary = { prompt: { tokens: 10, cost: 0.1 }, completion: { tokens: 5, cost: null }, total: { cost: 0.25 } };
const lastPage = { hasNextPage: false, endCursor: "last" };

function projectNode(name: string): Record<string, unknown> {
  return {
    id: "UHJvamVjdDox", name, description: null, traceCount: 2, recordCount: 3, errorCount: 1, costSummary, latencyP50: 1.5, latencyP99: null,
    streamingLastUpdatedAt: "2025-03-04T17:03:21.042137+00:00", traces: { data: [{ timestamp: "2025-03-04T17:00:00+00:00", value: 2 }] },
  };
}

function projectPage(name: string, pageInfo: unknown): unknown {
  return { data: { projects: { edges: [{ node: projectNode(name) }], pageInfo } } };
}

test("a project is read with its times exactly, its gaps as gaps and its day", async () => {
  answer(200, projectPage("n", lastPage));
  const [project] = await graphqlSource.projects();
  assert.equal(project?.lastSpanTime, 1_741_107_801_042_137);
  assert.deepEqual([project?.latencyP50, project?.latencyP99, project?.description], [1.5, null, null]);
  assert.deepEqual([project?.spanCount, project?.promptTokens, project?.completionTokens, project?.totalCost], [3, 10, 5, 0.25]);
  assert.deepEqual(project?.day.points.map((point) => [point.traceCount, point.spanCount]), [[2, 0]]);
});

test("what there is nothing to add up for is nothing, where GraphQL says null", async () => {
  const nothing = { tokens: null, cost: null };
  const empty = { prompt: nothing, completion: nothing, total: nothing };
  const day = { data: [{ timestamp: "2025-03-04T17:00:00+00:00", value: null }] };
  const node = { ...projectNode("n"), costSummary: empty, traces: day };
  answer(200, { data: { projects: { edges: [{ node }], pageInfo: lastPage } } });
  const [project] = await graphqlSource.projects();
  assert.deepEqual([project?.promptTokens, project?.completionTokens, project?.totalCost], [0, 0, 0]);
  assert.deepEqual(project?.day.points.map((point) => point.traceCount), [0]);
});

test("projects beyond one page are all read", async () => {
  answer(200, projectPage("first", { hasNextPage: true, endCursor: "c1" }), projectPage("second", lastPage));
  assert.deepEqual((await graphqlSource.projects()).map((project) => project.name), ["first", "second"]);
  assert.deepEqual(asked.map(({ variables }) => variables.after), [null, "c1"]);
});

test("what people type goes by variables into a constant document, to an address relative to the page's base", async () => {
  answer(200, { data: { node: { traces: { edges: [], pageInfo: lastPage } } } });
  await graphqlSource.traces({ projectId: "p", search: 'a"}b', sessionId: "" }, "c=", 50);
  await graphqlSource.traces({ projectId: "p", sessionId: "s/1" }, null, 50);
  assert.deepEqual(asked.map(({ address }) => address), ["graphql", "graphql"]);
  assert.deepEqual(asked.map(({ variables }) => variables), [
    { project: "p", first: 50, after: "c=", search: 'a"}b', session: null }, { project: "p", first: 50, after: null, search: null, session: "s/1" },
  ]);
  assert.equal(asked[0]?.document, asked[1]?.document);
  assert.ok(!asked[0]?.document.includes('a"}b'));
});

test("a trace row has what stands for it, and kinds and states nobody knows are taken as they are", async () => {
  const base = {
    id: "1", traceId: "ab", startTime: "2025-01-01T00:00:00Z", endTime: "2025-01-01T00:00:01Z", latencyMs: 1_000, sessionId: null, userId: null,
    numSpans: 3, errorCount: 1, costSummary,
  };
  const rootPreview = { spanId: "cd", name: "r", spanKind: "llm", statusCode: "OK", input: null, output: "o", isOrphan: true };
  const rows = [rootPreview, { ...rootPreview, spanKind: "novel", statusCode: "STRANGE", isOrphan: false }];
  answer(200, {
    data: { node: { traces: { edges: rows.map((row) => ({ node: { ...base, rootPreview: row } })), pageInfo: { hasNextPage: true, endCursor: "next" } } } },
  });
  const page = await graphqlSource.traces({ projectId: "p" }, null, 2);
  assert.deepEqual(page.items.map(({ rootSpan }) => [rootSpan?.kind, rootSpan?.statusCode, rootSpan?.isOrphan]), [
    ["LLM", "OK", true], ["UNKNOWN", "UNSET", false],
  ]);
  assert.deepEqual([page.items[0]?.rootSpan?.outputPreview, page.items[0]?.spanCount, page.nextCursor], ["o", 3, "next"]);
});

test("the end of a list is known though its last row has a cursor", async () => {
  answer(200, { data: { node: { sessions: { edges: [], pageInfo: lastPage } } } });
  assert.equal((await graphqlSource.sessions("p", null, 50)).nextCursor, null);
});

test("the counts of a step are put together, and the time asked for ends with the step of the present", async () => {
  const timestamp = "2025-01-01T00:00:00+00:00";
  answer(200, {
    data: {
      node: {
        traces: { data: [{ timestamp, value: 1 }] }, spans: { data: [{ timestamp, totalCount: 5, errorCount: 2 }] },
        tokens: { data: [{ timestamp, promptTokenCount: 7, completionTokenCount: 8 }] },
      },
    },
  });
  const { points, bucketSeconds } = await graphqlSource.series("p", "1h");
  assert.equal(bucketSeconds, 60);
  assert.deepEqual(points, [{ time: 1_735_689_600_000_000, traceCount: 1, spanCount: 5, errorCount: 2, promptTokens: 7, completionTokens: 8 }]);
  const { time, bins } = asked[0]?.variables as { time: { start: string; end: string }; bins: unknown };
  assert.deepEqual(bins, { scale: "MINUTE" });
  assert.ok(Date.parse(time.end) > Date.now() - 1_000 && Date.parse(time.end) <= Date.now() + 60_000);
  assert.equal(Date.parse(time.end) - Date.parse(time.start), 61 * 60_000);
});

test("a span is read with its tree, its events and what OTLP says beyond", async () => {
  answer(200, {
    data: {
      getSpanByOtelId: {
        id: "1", spanId: "cd", parentId: null, name: "s", spanKind: "llm", statusCode: "OK", startTime: "2025-01-01T00:00:00Z", endTime: "2025-01-01T00:00:01Z",
        tokenCountPrompt: 4, tokenCountCompletion: null, modelName: "m", context: { traceId: "ab" }, statusMessage: "",
        attributes: JSON.stringify({ llm: { model_name: "m" } }),
        events: [{ name: "exception", timestamp: "2025-01-01T00:00:00.5Z", attributes: { "exception.type": "E" } }], otlp: null,
        resource: { resource: {}, scope: {} }, costSummary,
      },
    },
  });
  const span = await graphqlSource.span("cd");
  assert.deepEqual(span.attributes, { llm: { model_name: "m" } });
  assert.deepEqual(span.events[0]?.attributes, { "exception.type": "E" });
  assert.deepEqual([span.traceId, span.promptTokens, span.completionTokens, span.otlp, span.promptCost, span.completionCost], ["ab", 4, null, null, 0.1, null]);
});

test("a project's id is asked for by its name, whatever that holds", async () => {
  answer(200, { data: { getProjectByName: { id: "UHJvamVjdDox" } } });
  assert.equal(await graphqlSource.projectNamed('a/b "ü"'), "UHJvamVjdDox");
  assert.deepEqual(asked[0]?.variables, { name: 'a/b "ü"' });
});

test("the bodies of many spans come in one answer, and places that are left empty do no harm", async () => {
  const body = (spanId: string) => ({ spanId, statusMessage: "", attributes: JSON.stringify({ output: { value: spanId } }) });
  answer(200, { data: { s0: body("aa"), s1: null, s2: body("cc"), s3: null } });
  const bodies = await graphqlSource.spanBodies(["aa", "bb", "cc"]);
  assert.deepEqual([...bodies].map(([id, { attributes }]) => [id, attributes]), [["aa", { output: { value: "aa" } }], ["cc", { output: { value: "cc" } }]]);
  assert.deepEqual(asked.map(({ variables }) => variables), [{ s0: "aa", s1: "bb", s2: "cc" }]);
  const places = [...(asked[0]?.document.matchAll(/s(\d+): getSpanByOtelId\(spanId: \$s\1\)/g) ?? [])].map((match) => Number(match[1]));
  assert.deepEqual(places, Array.from({ length: spanBodiesMax }, (_, place) => place));
});

test("what is asked for at about the same time is asked for together, in portions", async () => {
  const portions: (readonly string[])[] = [];
  const gathered = new Gathered(async (keys) => {
    portions.push(keys);
    return new Map(keys.filter((key) => key !== "gone").map((key) => [key, key.toUpperCase()]));
  }, 3, 0);
  const [gone, ...found] = await Promise.all([failure(gathered.fetch("gone")), ...["a", "b", "c"].map((key) => gathered.fetch(key))]);
  assert.deepEqual([gone.reason, found, portions], ["notFound", ["A", "B", "C"], [["gone", "a", "b"], ["c"]]]);
  await gathered.fetch("d");
  assert.deepEqual(portions[2], ["d"]);
});

test("a portion that fails fails for all that it was to bring, and for nobody else", async () => {
  let isAway = true;
  const gathered = new Gathered(async (keys: readonly string[]) => {
    if (isAway) {
      throw new DataError("unavailable", "away");
    }
    return new Map(keys.map((key) => [key, key]));
  }, 10, 0);
  const failures = await Promise.all(["a", "b"].map((key) => failure(gathered.fetch(key))));
  assert.deepEqual(failures.map(({ reason }) => reason), ["unavailable", "unavailable"]);
  isAway = false;
  assert.equal(await gathered.fetch("a"), "a");
});

test("what is not there is not found, however the server says so", async () => {
  answer(200, { data: { getTraceByOtelId: null } });
  assert.equal((await failure(graphqlSource.trace("ab"))).reason, "notFound");
  answer(200, { data: { getSpanByOtelId: null } });
  assert.equal((await failure(graphqlSource.span("ab"))).reason, "notFound");
  answer(200, { data: { getProjectByName: null } });
  assert.equal((await failure(graphqlSource.projectNamed("n"))).reason, "notFound");
  answer(200, { data: null, errors: [{ message: "Project with ID 9 not found", extensions: { code: "NOT_FOUND" } }] });
  assert.equal((await failure(graphqlSource.project("p"))).reason, "notFound");
  // The id of something that is no project.
  answer(200, { data: { node: {} } });
  assert.equal((await failure(graphqlSource.project("p"))).reason, "notFound");
});

test("refusals carry the server's words and a reason to act on", async () => {
  for (const [status, reason, isRetryable] of [
    [401, "unauthorized", false], [422, "refused", false], [429, "unavailable", true], [503, "unavailable", true],
  ] as const) {
    answer(status, { error: { message: "the words" } });
    const error = await failure(graphqlSource.projects());
    assert.deepEqual([error.reason, error.message, error.isRetryable, error.status], [reason, "the words", isRetryable, status]);
  }
  for (const [code, reason] of [["UNAVAILABLE", "unavailable"], ["FORBIDDEN", "unauthorized"], ["NOVEL", "refused"], [undefined, "refused"]] as const) {
    answer(200, { data: null, errors: [{ message: "the words", extensions: { code } }, { message: "more" }] });
    const error = await failure(graphqlSource.projects());
    assert.deepEqual([error.reason, error.message], [reason, "the words"]);
  }
});

test("answers that are no JSON, or lack a field, say so", async () => {
  answer(200, "<html>");
  assert.equal((await failure(graphqlSource.projects())).reason, "malformed");
  answer(200, { data: { projects: { edges: [{ node: { id: "1" } }], pageInfo: lastPage } } });
  assert.ok((await failure(graphqlSource.projects())).message.includes("data.projects.edges[0].node.recordCount"));
  const time = "2025-01-01T00:00:00Z";
  answer(200, { data: { getSpanByOtelId: { id: "1", spanId: "1", name: "s", startTime: time, endTime: time, context: { traceId: "ab" }, statusMessage: "", attributes: "[]" } } });
  assert.ok((await failure(graphqlSource.span("1"))).message.includes("a JSON object at data.getSpanByOtelId.attributes"));
  answer(502, "<html>");
  assert.equal((await failure(graphqlSource.projects())).message, "The server answered 502.");
});

test("a server that cannot be reached is told from one that refuses", async () => {
  globalThis.fetch = async () => {
    throw new TypeError("failed");
  };
  assert.equal((await failure(graphqlSource.projects())).reason, "unreachable");
});

test("a question that is given up ends with the signal's reason", async () => {
  const giving = new AbortController();
  globalThis.fetch = (_address, options) =>
    new Promise((_resolve, reject) => options?.signal?.addEventListener("abort", () => reject(new TypeError("aborted"))));
  const question = graphqlSource.trace("ab", giving.signal);
  giving.abort(new Error("no longer wanted"));
  await assert.rejects(question, /no longer wanted/);
});

test("events are listened to below the page's base", () => {
  assert.equal(graphqlSource.eventsURL(null), "bennu/v1/events");
  assert.equal(graphqlSource.eventsURL("UHJvamVjdDoxMg=="), "bennu/v1/projects/UHJvamVjdDoxMg%3D%3D/events");
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
