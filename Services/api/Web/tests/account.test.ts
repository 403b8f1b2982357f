import assert from "node:assert/strict";
import { test } from "node:test";
import { readPageConfig } from "../src/config";
import { passwordProblem } from "../src/model/password";
import { returnPath } from "../src/model/returnAddress";
import { providerProblem } from "../src/pages/account/providerProblem";

test("after signing in one comes back to a path of this application only", () => {
  assert.equal(returnPath("/projects/UHJvamVjdDox?search=a"), "/projects/UHJvamVjdDox?search=a");
  for (const bad of [null, "", "//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example", "projects", "/ x", "/login?returnUrl=/login"]) {
    assert.equal(returnPath(bad), "/");
  }
});

test("a password's problem is named", () => {
  assert.equal(passwordProblem("abcd", false), null);
  assert.ok(/at least 4/.test(passwordProblem("abc", false) ?? ""));
  assert.ok(/spaces/.test(passwordProblem("ab cd", false) ?? ""));
  assert.ok(/accents/.test(passwordProblem("pässwort", false) ?? ""));
  assert.ok(/a digit, a capital letter, one of/.test(passwordProblem("abcdefghijkl", true) ?? ""));
  assert.equal(passwordProblem("Abcdefghij1!", true), null);
});

test("an error's code in the address never becomes text on the page", () => {
  assert.ok(/exists already/.test(providerProblem("email_in_use") ?? ""));
  assert.equal(providerProblem("<b>pay here</b>"), "Signing in did not succeed.");
  assert.equal(providerProblem("constructor"), "Signing in did not succeed.");
  assert.equal(providerProblem(null), null);
});

test("the page knows how people sign in", () => {
  const config = readPageConfig('{"rootPath":"/a","version":"1","authentication":{"hasPasswords":true,"hasLDAP":false,"hasMail":true,"hasStrongPasswords":false,"providers":[{"id":"google","name":"Google","isAutomatic":false},{"id":3}]}}');
  assert.deepEqual(config.authentication, {
    hasPasswords: true, hasLDAP: false, hasMail: true, hasStrongPasswords: false,
    providers: [{ id: "google", name: "Google", isAutomatic: false }],
  });
  assert.equal(readPageConfig('{"authentication":null}').authentication, null);
});
