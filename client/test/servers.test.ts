/** What a poller must withstand of servers and networks: each sentence is the lesson of one that did not. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { pollJob, replyOf, Timeout, Unreachable, type Reply } from "../src/index.js";
import { after, DONE, pass, PENDING, poll } from "./polling.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const pending = (retryAfterMs: number): Reply<never> => ({ state: "pending", retryAfterMs });
const busy = (retryAfterMs?: number): Reply<never> => ({ state: "busy", retryAfterMs });
const BLIP = new TypeError("Failed to fetch");
const HOUR = 3_600_000;

describe("Retry-After", () => {
  test("is honoured, not undercut by the interval", async () => {
    const watched = poll([pending(20_000), PENDING], { random: () => 0 });
    await pass(25_000);
    expect(watched.polls).toEqual([0, 20_000, 24_000]);
  });

  test("is spread upwards alone, since hundreds were sent away by one answer", async () => {
    const watched = poll([pending(20_000)], { random: () => 0.999 });
    await pass(60_000);
    expect(watched.polls[1]! - watched.polls[0]!).toBeCloseTo(28_000, -2);
  });

  test("of 0 does not freeze the page", async () => {
    const watched = poll([pending(0)], { attempts: 10_000 });
    await pass(10_000);
    expect(watched.polls.length).toBeLessThanOrEqual(40);
  });

  test("of 0 does not freeze a page that wants no floor", async () => {
    const watched = poll([pending(0)], { attempts: 100, timeoutMs: HOUR, floorMs: 0, random: () => 0 });
    await pass(50);
    expect(watched.polls.length).toBeLessThanOrEqual(51);
  });

  test("of a month does not become 1 ms", async () => {
    const watched = poll([pending(3_000_000_000)], { timeoutMs: 30 * 24 * HOUR });
    await pass(290_000);
    expect(watched.polls).toHaveLength(1);
    await pass(100_000);
    expect(watched.polls).toHaveLength(2);
  });

  test("that is a date which has passed, or none, does not switch the back-off off", async () => {
    for (const header of ["0", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 1"]) {
      const polls: number[] = [];
      const start = performance.now();
      const fetchStatus = async (): Promise<Reply<never>> => {
        polls.push(performance.now() - start);
        return replyOf<never>(
          new Response(null, { status: 503, headers: { "Retry-After": header } }),
          () => PENDING as never,
        );
      };
      const end = new AbortController();
      pollJob(fetchStatus, { random: () => 0.5, signal: end.signal }).catch(() => undefined);
      await pass(100_000);
      end.abort();
      expect(polls).toEqual([2500, 12_500, 32_500, 72_500]);
    }
  });

  test("is read anew with each answer", async () => {
    const watched = poll([pending(20_000), pending(1000), PENDING], { random: () => 0 });
    await pass(30_000);
    expect(watched.polls.slice(0, 4)).toEqual([0, 20_000, 21_000, 25_000]);
  });

  test("does not outlast the deadline", async () => {
    const watched = poll([pending(60_000)], { timeoutMs: 10_000 });
    await pass(60_000);
    expect(watched.polls).toEqual([2500, 10_000]);
    expect(watched.end.error).toBeInstanceOf(Timeout);
  });

  test.each([Number.NaN, Infinity, -1, null, "30", {}])("that is none (%j) is as if it were absent", async (none) => {
    const pendings = poll([{ state: "pending", retryAfterMs: none } as never]);
    const busies = poll([{ state: "busy", retryAfterMs: none } as never]);
    const blips = poll([{ state: "unavailable", retryAfterMs: none } as never]);
    await pass(18_000);
    expect([pendings.polls, busies.polls, blips.polls]).toEqual([
      [2500, 7500, 12_500, 17_500],
      [2500, 12_500],
      [2500, 7500, 17_500],
    ]);
  });

  test("with a blip is honoured, too, and does not end it sooner", async () => {
    const watched = poll([{ state: "unavailable", retryAfterMs: 30_000 }], { random: () => 0, timeoutMs: HOUR });
    await pass(160_000);
    expect(watched.polls).toEqual([0, 30_000, 60_000, 90_000, 122_000]);
  });

  test("with 429 and 503 is honoured, too", async () => {
    const watched = poll([busy(30_000), DONE], { random: () => 0 });
    await pass(29_000);
    expect(watched.polls).toHaveLength(1);
    await pass(2000);
    expect(watched.end.result).toBe("the result");
  });
});

describe("an overloaded server", () => {
  test("is backed off from, further each time, up to the cap", async () => {
    const watched = poll([busy()], { timeoutMs: HOUR });
    await pass(300_000);
    const waits = watched.polls.slice(1).map((at, index) => at - watched.polls[index]!);
    expect(waits.slice(0, 5)).toEqual([10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  test.each([0, 1000])("is backed off from though it says that %i ms are enough", async (retryAfterMs) => {
    const watched = poll([busy(retryAfterMs)], { timeoutMs: HOUR });
    await pass(300_000);
    expect(watched.polls.slice(0, 6)).toEqual([2500, 12_500, 32_500, 72_500, 132_500, 192_500]);
  });

  test("is left alone for longer than the back-off where it says so", async () => {
    const watched = poll([busy(15_000)], { timeoutMs: HOUR, random: () => 0 });
    await pass(80_000);
    expect(watched.polls).toEqual([0, 15_000, 31_000, 63_000]);
  });

  test("is not asked in step by all whom it sent away: there is jitter at the cap, too", async () => {
    const low = poll([busy()], { timeoutMs: HOUR, random: () => 0 });
    const high = poll([busy()], { timeoutMs: HOUR, random: () => 0.999 });
    await pass(1_000_000);
    const lastWait = ({ polls }: { polls: number[] }): number => polls.at(-1)! - polls.at(-2)!;
    expect(lastWait(low)).toBeCloseTo(48_000, -2);
    expect(lastWait(high)).toBeCloseTo(72_000, -2);
  });

  test("that recovers is asked at the usual pace again", async () => {
    const watched = poll([busy(), busy(), PENDING], { timeoutMs: HOUR });
    await pass(43_000);
    expect(watched.polls).toEqual([2500, 12_500, 32_500, 37_500, 42_500]);
  });

  test("is never given up on before attempts or deadline are", async () => {
    const watched = poll([busy()], { timeoutMs: HOUR, blips: 1 });
    await pass(HOUR - 60_000);
    expect(watched.end).toEqual({});
  });

  test("that stalls does not bring its clients together", async () => {
    const until30 = async (signal: AbortSignal): Promise<Reply<string>> =>
      after(Math.max(0, start + 30_000 - performance.now()), PENDING)(signal);
    const start = performance.now();
    const stalled = (phase: number) => poll([until30, PENDING], { random: () => phase, requestTimeoutMs: 60_000 });
    const [early, late] = [stalled(0.1), stalled(0.9)];
    await pass(40_000);
    expect(late.polls[1]! - early.polls[1]!).toBeGreaterThan(3000);
  });
});

describe("blips", () => {
  test("of the network do not end it", async () => {
    const watched = poll([PENDING, BLIP, BLIP, DONE]);
    await pass(60_000);
    expect(watched.end.result).toBe("the result");
  });

  test("end it when there are too many in a row, with the last as the cause", async () => {
    const watched = poll([BLIP], { blips: 2 });
    await pass(120_000);
    expect(watched.polls).toHaveLength(3);
    expect(watched.end.error).toBeInstanceOf(Unreachable);
    expect(watched.end.error).toHaveProperty("cause", BLIP);
  });

  test("come further apart each time", async () => {
    const watched = poll([BLIP], { timeoutMs: HOUR });
    await pass(90_000);
    expect(watched.polls).toEqual([2500, 7500, 17_500, 37_500, 77_500]);
  });

  test("are forgiven by an answer", async () => {
    const watched = poll([BLIP, BLIP, PENDING, BLIP, BLIP, PENDING, DONE], { blips: 2 });
    await pass(120_000);
    expect(watched.end.result).toBe("the result");
  });

  test("a request that hangs is cut, and is one", async () => {
    const watched = poll([after(HOUR, PENDING), DONE], { requestTimeoutMs: 10_000 });
    await pass(60_000);
    expect(watched.end.result).toBe("the result");
    expect(watched.mostInFlight).toBe(1);
  });

  test("a request that may take a month is not cut after 1 ms", async () => {
    const watched = poll([after(5000, DONE)], { requestTimeoutMs: 30 * 24 * HOUR });
    await pass(60_000);
    expect(watched.end.result).toBe("the result");
    expect(watched.polls).toHaveLength(1);
  });

  test("a request that does not listen to its signal holds nothing up", async () => {
    const watched = poll([async () => new Promise(() => undefined), DONE], { requestTimeoutMs: 10_000 });
    await pass(60_000);
    expect(watched.end.result).toBe("the result");
  });

  test.each([undefined, null, {}, { state: "runing" }, "pending"])(
    "a reply that is none (%j) is one",
    async (reply) => {
      const watched = poll([reply as never, DONE]);
      await pass(60_000);
      expect(watched.end.result).toBe("the result");
    },
  );

  test("a function that throws before it promises anything is one", async () => {
    const result = pollJob(
      () => {
        throw new Error("bad");
      },
      { blips: 0 },
    ).catch((error: unknown) => error);
    await pass(60_000);
    expect(await result).toBeInstanceOf(Unreachable);
  });
});
