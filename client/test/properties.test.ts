/** What holds of every poller, whatever its settings, its chance and its server. */

import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Reply } from "../src/index.js";
import { asked, backOff, newPhase, step } from "../src/pace.js";
import { after, pass, PENDING, poll } from "./polling.js";

const RUNS = { numRuns: Number(process.env["CHARTGEN_RUNS"] ?? 100) };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Chance that a seed repeats (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const waits = (polls: number[]): number[] => polls.slice(1).map((at, index) => at - polls[index]!);
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const answers: fc.Arbitrary<Reply<string>> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(PENDING) },
  fc.record({ state: fc.constant("pending" as const), retryAfterMs: fc.double({ min: 0, max: 1e15, noNaN: true }) }),
  fc.record({ state: fc.constant("busy" as const), retryAfterMs: fc.option(fc.nat(), { nil: undefined }) }),
  fc.constant({ state: "unavailable" as const }),
);
const server = fc.array(fc.tuple(answers, fc.integer({ min: 0, max: 12_000 })), { minLength: 1, maxLength: 30 });
const settings = {
  intervalMs: fc.integer({ min: 1, max: 60_000 }),
  attempts: fc.integer({ min: 1, max: 60 }),
  timeoutMs: fc.integer({ min: 1, max: 900_000 }),
};

test("the mean rate is that of the interval, whatever the jitter, as long as answers come in time", async () => {
  const cases = {
    seed: fc.integer(),
    interval: fc.integer({ min: 1000, max: 20_000 }),
    jitter: fc.double({ min: 0, max: 0.5, noNaN: true }),
    took: fc.double({ min: 0, max: 0.4, noNaN: true }),
  };
  await fc.assert(
    fc.asyncProperty(fc.record(cases), async ({ seed, interval, jitter, took }) => {
      const options = { intervalMs: interval, jitter, random: chance(seed), attempts: 401, timeoutMs: 1e12 };
      const watched = poll([after(took * interval, PENDING)], options);
      await pass(500 * interval);
      expect(watched.polls).toHaveLength(401);
      // Six deviations of the mean of 400 uniform waits.
      const tolerance = interval * (0.002 + (6 * jitter) / Math.sqrt(3 * 400));
      expect(Math.abs(mean(waits(watched.polls)) - interval)).toBeLessThan(tolerance);
    }),
    { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / 4) },
  );
});

test("no more than one request is in flight, none begins sooner than the floor after the last, and it ends by the deadline and one answer", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        ...settings,
        server,
        seed: fc.integer(),
        floorMs: fc.integer({ min: 1, max: 3000 }),
        requestTimeoutMs: fc.integer({ min: 100, max: 9000 }),
      }),
      async ({ server, seed, ...options }) => {
        const replies = server.map(([reply, ms]) => after(ms, reply));
        const watched = poll(replies, { ...options, random: chance(seed), blips: 1000 });
        await pass(options.timeoutMs + options.requestTimeoutMs + 1);
        expect(watched.mostInFlight).toBeLessThanOrEqual(1);
        // Timers go by whole milliseconds.
        expect(Math.min(options.floorMs + 1, ...waits(watched.polls))).toBeGreaterThanOrEqual(options.floorMs - 1);
        expect(watched.end.error).toBeDefined();
        expect(watched.polls.length).toBeLessThanOrEqual(options.attempts);
        expect(vi.getTimerCount()).toBe(0);
      },
    ),
    RUNS,
  );
});

test("no wait is shorter than the floor, none is longer than its cap and its jitter allow", () => {
  const bounds = {
    floorMs: fc.double({ min: 1, max: 5000, noNaN: true }),
    maxDelayMs: fc.double({ min: 1, max: 1e6, noNaN: true }),
    maxRetryAfterMs: fc.double({ min: 5000, max: 1e6, noNaN: true }),
    jitter: fc.double({ min: 0, max: 0.9, noNaN: true }),
    draw: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  };
  const cases = fc.record({
    ...bounds,
    interval: fc.double({ min: 1, max: 1e9, noNaN: true }),
    failures: fc.nat(),
    retryAfter: fc.double({ min: 0, max: 1e18, noNaN: true }),
  });
  fc.assert(
    fc.property(cases, ({ interval, failures, retryAfter, draw, ...rest }) => {
      const bounds = { ...rest, random: () => draw };
      const all = [
        step(interval, bounds),
        newPhase(interval, bounds),
        backOff(interval, failures, bounds),
        asked(retryAfter, bounds),
      ];
      const base = Math.max(interval, bounds.floorMs / (1 - bounds.jitter));
      const most = 1 + bounds.jitter;
      const caps = [
        base * most,
        base,
        Math.max(base, bounds.maxDelayMs) * most,
        bounds.maxRetryAfterMs * (1 + 2 * bounds.jitter),
      ];
      all.forEach((wait, index) => {
        expect(wait).toBeGreaterThanOrEqual(bounds.floorMs * (1 - 1e-9));
        expect(wait).toBeLessThanOrEqual(caps[index]! * (1 + 1e-9));
      });
      expect(asked(retryAfter, bounds)).toBeGreaterThanOrEqual(Math.min(retryAfter, bounds.maxRetryAfterMs));
    }),
    { numRuns: RUNS.numRuns * 10 },
  );
});

/** The number of polls in each second, of 400 tabs that start together; the server stalls from second 10 to 30. */
async function seconds(jittered: boolean): Promise<number[]> {
  const counts = Array.from({ length: 120 }, () => 0);
  const start = performance.now();
  const answer = (signal: AbortSignal): Promise<Reply<string>> => {
    const now = performance.now() - start;
    counts[Math.floor(now / 1000)]! += 1;
    return after(now > 10_000 && now < 30_000 ? 30_000 - now : 50, PENDING)(signal);
  };
  const chances = chance(7);
  const options = jittered ? { random: chances } : { random: () => 0.5, jitter: 0 };
  for (let tab = 0; tab < 400; tab += 1) poll([answer], options);
  await pass(119_000);
  return counts.slice(45, 105);
}

test(
  "400 tabs that start together, and a stall of 20 s, make no square wave; without chance they do",
  { timeout: 120_000 },
  async () => {
    const peak = (counts: number[]): number => Math.max(...counts) / mean(counts);
    const jittered = await seconds(true);
    expect(mean(jittered)).toBeCloseTo(80, -1);
    expect(peak(jittered)).toBeLessThan(1.35);
    vi.useRealTimers();
    vi.useFakeTimers();
    expect(peak(await seconds(false))).toBeGreaterThan(3);
  },
);
