/** How HTTP says what became of a job. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { replyOf, retryAfter, type JobState } from "../src/index.js";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
});
afterEach(() => {
  vi.useRealTimers();
});

const read = (body: unknown): JobState<number> => body as JobState<number>;
const response = (status: number, body?: unknown, headers: Record<string, string> = {}): Response =>
  new Response(body === undefined ? null : JSON.stringify(body), { status, headers });

describe("Retry-After", () => {
  test.each([
    ["120", 120_000],
    ["0", 0],
    [" 5 ", 5000],
    ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
    ["Thursday, 01-Jan-26 00:00:30 GMT", 30_000],
    ["Wed, 31 Dec 2025 23:00:00 GMT", 0],
    ["1.5", undefined],
    ["-3", undefined],
    ["1e9", undefined],
    ["soon", undefined],
    ["Thu, the first", undefined],
    ["", undefined],
    [null, undefined],
    ["Thu Jan  1 00:00:30 2026", 30_000],
    ["Sat Jan 10 00:00:30 2026", 777_630_000],
    ["Mon, 1", undefined],
    ["Thu, 01 Jan 2026 00:00:30 2026", undefined],
    ["Thu Jan  1 00:00:30 GMT", undefined],
    ["Thursday, 01 Jan 2026 00:00:30 GMT", undefined],
    ["Thu, 01-Jan-2026 00:00:30 GMT", undefined],
    ["Thu, 1 Jan 2026", undefined],
    ["Thu, 01 Jan 2026 00:00:30", undefined],
    ["Thu, 01 Jan 2026 00:00:30 +0000", undefined],
    ["Thu, 99 Jan 2026 00:00:30 GMT", undefined],
    ["Thu, 01 Foo 2026 00:00:30 GMT", undefined],
    ["Thu, 01 Jan 2026 00:00:30 GMT, 60", undefined],
    ["30, 60", undefined],
    ["9".repeat(400), Number.MAX_SAFE_INTEGER],
  ])("%j is %s", (header, expected) => {
    expect(retryAfter(header)).toBe(expected);
  });

  test("a date is told from the server's clock, not from ours", () => {
    expect(retryAfter("Thu, 01 Jan 2026 10:00:30 GMT", "Thu, 01 Jan 2026 10:00:00 GMT")).toBe(30_000);
  });
});

describe("a response", () => {
  test("of 200 is what its body says", async () => {
    expect(await replyOf(response(200, { state: "succeeded", result: 5 }), read)).toEqual({
      state: "succeeded",
      result: 5,
    });
  });

  test("of 202 has its Retry-After", async () => {
    const accepted = response(202, { state: "pending", progress: 0.5 }, { "Retry-After": "7" });
    expect(await replyOf(accepted, read)).toEqual({ state: "pending", progress: 0.5, retryAfterMs: 7000 });
  });

  test.each([404, 410])("of %d is the end of the job", async (status) => {
    expect(await replyOf(response(status), read)).toEqual({ state: "gone" });
  });

  test.each([429, 503])("of %d is a busy server", async (status) => {
    expect(await replyOf(response(status, {}, { "Retry-After": "9" }), read)).toEqual({
      state: "busy",
      retryAfterMs: 9000,
    });
  });

  test("whose body has no wait of its own, has that of the header", async () => {
    const accepted = response(202, { state: "pending", retryAfterMs: undefined }, { "Retry-After": "7" });
    const silent = (body: unknown) => ({ ...read(body), retryAfterMs: undefined });
    expect(await replyOf(accepted, silent)).toEqual({ state: "pending", retryAfterMs: 7000 });
    const own = response(202, { state: "pending", retryAfterMs: 3000 }, { "Retry-After": "7" });
    expect(await replyOf(own, read)).toEqual({ state: "pending", retryAfterMs: 3000 });
  });

  test.each([undefined, { "Retry-After": "30" }])(
    "of 202 without a body is a job that goes on (%j)",
    async (headers) => {
      const never = vi.fn(read);
      expect(await replyOf(response(202, undefined, headers), never)).toEqual({
        state: "pending",
        retryAfterMs: headers && 30_000,
      });
      expect(never).not.toHaveBeenCalled();
      expect(await replyOf(response(200), read)).toMatchObject({ state: "unavailable" });
    },
  );

  test.each([500, 502, 504, 408, 425])("of %d has its Retry-After", async (status) => {
    const reply = await replyOf(response(status, {}, { "Retry-After": "9" }), read);
    expect(reply).toMatchObject({ state: "unavailable", retryAfterMs: 9000 });
  });

  test("that cannot be read has its Retry-After", async () => {
    const page = new Response("<html>Starting</html>", { headers: { "Retry-After": "9" } });
    expect(await replyOf(page, read)).toMatchObject({ state: "unavailable", retryAfterMs: 9000 });
  });

  test.each([500, 502, 504, 408, 425])("of %d may pass", async (status) => {
    expect(await replyOf(response(status, {}), read)).toMatchObject({ state: "unavailable" });
  });

  test.each([400, 401, 403, 405])("of %d will not", async (status) => {
    expect(await replyOf(response(status, {}), read)).toMatchObject({ state: "refused" });
  });

  test("that is a proxy's page is no answer", async () => {
    expect(await replyOf(new Response("<html>Log in</html>"), read)).toMatchObject({ state: "unavailable" });
  });

  test("that the reader throws at is no answer", async () => {
    const throws = (): never => {
      throw new Error("unknown status");
    };
    expect(await replyOf(response(200, {}), throws)).toMatchObject({ state: "unavailable" });
  });
});
