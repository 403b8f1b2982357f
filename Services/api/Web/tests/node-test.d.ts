// What the tests use of node's own modules; the distribution packages no types for them.
declare module "node:test" {
  export function test(name: string, body: () => void | Promise<void>): void;
}

declare module "node:assert/strict" {
  interface Assert {
    (value: unknown, message?: string): asserts value;
    equal(actual: unknown, expected: unknown, message?: string): void;
    notEqual(actual: unknown, expected: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
    ok(value: unknown, message?: string): asserts value;
    throws(body: () => unknown, error?: RegExp): void;
    rejects(promise: Promise<unknown>, error?: RegExp): Promise<void>;
  }
  const assert: Assert;
  export default assert;
}
