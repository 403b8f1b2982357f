import assert from "node:assert/strict";
import { test } from "node:test";
import { readPageConfig } from "../src/config";
import { isProjectId, spanIdIn, traceIdIn } from "../src/model/ids";
import { parseRoute, pathBelowRoot, routePath, type Route } from "../src/router/route";

test("every route survives its own address", () => {
  const routes: Route[] = [
    { page: "projects" },
    { page: "project", projectId: "UHJvamVjdDox", tab: "traces" },
    { page: "project", projectId: "UHJvamVjdDoxMg==", tab: "sessions" },
    { page: "session", projectId: "UHJvamVjdDox", sessionId: "a/b c?d#e%20" },
    { page: "trace", projectId: "UHJvamVjdDox", traceId: "0af7651916cd43dd8448eb211c80319c" },
    { page: "trace", projectId: null, traceId: "0af7651916cd43dd8448eb211c80319c" },
    { page: "span", spanId: "b7ad6b7169203331" },
    { page: "signIn" }, { page: "signedOut" }, { page: "forgottenPassword" }, { page: "firstPassword" }, { page: "resetPassword" },
    { page: "profile" }, { page: "settings", tab: "users" }, { page: "settings", tab: "keys" },
  ];
  for (const route of routes) {
    assert.deepEqual(parseRoute(routePath(route)), route);
  }
});

test("the top and a trailing slash lead to the same page", () => {
  assert.deepEqual(parseRoute("/"), { page: "projects" });
  assert.deepEqual(parseRoute("/projects/"), { page: "projects" });
  assert.deepEqual(parseRoute("/projects/p/traces/"), { page: "project", projectId: "p", tab: "traces" });
});

test("the addresses that Phoenix redirects are understood", () => {
  assert.deepEqual(parseRoute("/redirects/traces/abc"), { page: "trace", projectId: null, traceId: "abc" });
});

test("ids are known in any case, with blanks around them, and as UUIDs", () => {
  const id = "0af7651916cd43dd8448eb211c80319c";
  assert.equal(traceIdIn(" 0AF7651916CD43DD8448EB211C80319C\n"), id);
  assert.equal(traceIdIn("0af76519-16cd-43dd-8448-eb211c80319c"), id);
  assert.equal(spanIdIn("0xb7ad6b7169203331"), "b7ad6b7169203331");
  for (const text of ["", "b7ad6b7169203331", "0".repeat(32), `${id}0`, "z".repeat(32)]) {
    assert.equal(traceIdIn(text), null);
  }
});

test("a project may be named in an address by any text, and its id is told from a name", () => {
  for (const name of ["hello", "a/b", "größe 100% ✓", "?#&=+", "Project:1", "UHJvamVjdDo=", "U3Bhbjox", "%2F", "projects"]) {
    const route = { page: "session", projectId: name, sessionId: "s" } as const;
    assert.deepEqual(parseRoute(routePath(route)), route);
    assert.ok(!isProjectId(name), name);
  }
  assert.ok(isProjectId("UHJvamVjdDox") && isProjectId("UHJvamVjdDoxMg=="));
});

test("anything else is missing, and broken escapes do no harm", () => {
  for (const path of ["/nope", "/projects/p/nope", "/projects/p/traces/t/more", "/traces", "/traces/a/b"]) {
    assert.equal(parseRoute(path).page, "missing");
  }
  assert.deepEqual(parseRoute("/traces/%zz"), { page: "trace", projectId: null, traceId: "%zz" });
});

test("paths are read below the root path, and not beside it", () => {
  assert.equal(pathBelowRoot("/phoenix/projects", "/phoenix"), "/projects");
  assert.equal(pathBelowRoot("/phoenix", "/phoenix"), "/");
  assert.equal(pathBelowRoot("/phoenixes/projects", "/phoenix"), null);
  assert.equal(pathBelowRoot("/projects", ""), "/projects");
});

test("the page's configuration is read, and a page without one is at the top of its host", () => {
  assert.deepEqual(readPageConfig('{"rootPath":"/a/b/","version":"1.2.3"}'), { rootPath: "/a/b", version: "1.2.3", authentication: null });
  assert.deepEqual(readPageConfig('{"rootPath":"a"}'), { rootPath: "/a", version: "", authentication: null });
  assert.deepEqual(readPageConfig("not JSON"), { rootPath: "", version: "", authentication: null });
  assert.deepEqual(readPageConfig(null), { rootPath: "", version: "", authentication: null });
});
