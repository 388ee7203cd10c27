/** How polling ends, what paces it, what is told of it: each sentence is the lesson of a poller that did not. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  AttemptsExhausted,
  Gone,
  JobFailed,
  pollJob,
  Refused,
  Timeout,
  type Progress,
  type Reply,
} from "../src/index.js";
import { after, DONE, pass, PENDING, poll } from "./polling.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const busy = (retryAfterMs?: number): Reply<never> => ({ state: "busy", retryAfterMs });
const BLIP = new TypeError("Failed to fetch");

describe("how it ends", () => {
  test("a job that is done has its result", async () => {
    const watched = poll([PENDING, PENDING, DONE]);
    await pass(60_000);
    expect(watched.end.result).toBe("the result");
    expect(watched.polls).toEqual([2500, 7500, 12_500]);
  });

  test("a failed job ends it with the server's reason", async () => {
    const watched = poll([PENDING, { state: "failed", reason: "no memory" }]);
    await pass(60_000);
    expect(watched.end.error).toBeInstanceOf(JobFailed);
    expect(watched.end.error).toMatchObject({ code: "JobFailed", reason: "no memory" });
    expect(watched.polls).toHaveLength(2);
  });

  test("a job that the server does not know is not pending", async () => {
    const watched = poll([{ state: "gone" }]);
    await pass(60_000);
    expect(watched.end.error).toBeInstanceOf(Gone);
    expect(watched.polls).toHaveLength(1);
  });

  test("a request that the server refuses is not made again", async () => {
    const watched = poll([{ state: "refused", reason: "no rights" }]);
    await pass(60_000);
    expect(watched.end.error).toBeInstanceOf(Refused);
    expect(watched.polls).toHaveLength(1);
  });

  test("a job that is done without a result is asked for again", async () => {
    const watched = poll([{ state: "succeeded" } as Reply<string>, DONE]);
    await pass(60_000);
    expect(watched.end.result).toBe("the result");
  });

  test("attempts end it when they are used up", async () => {
    const watched = poll([PENDING], { attempts: 3 });
    await pass(60_000);
    expect(watched.end.error).toBeInstanceOf(AttemptsExhausted);
    expect(watched.polls).toHaveLength(3);
  });

  test("the deadline ends it after a last poll, however many attempts are left", async () => {
    const watched = poll([PENDING], { timeoutMs: 11_000, attempts: 1000 });
    await pass(60_000);
    expect(watched.end.error).toBeInstanceOf(Timeout);
    expect(watched.polls).toEqual([2500, 7500, 11_000]);
    expect(watched.end.at).toBe(11_000);
  });

  test("a job that is done just by the deadline has its result", async () => {
    const watched = poll([PENDING, PENDING, DONE], { timeoutMs: 11_000 });
    await pass(60_000);
    expect(watched.end.result).toBe("the result");
  });

  test("the deadline counts what answers take", async () => {
    const watched = poll([after(4000, PENDING)], { timeoutMs: 20_000, attempts: 1000 });
    await pass(60_000);
    expect(watched.end.error).toBeInstanceOf(Timeout);
    expect(watched.polls).toEqual([2500, 7500, 12_500, 17_500]);
    expect(watched.end.at).toBe(21_500);
  });

  test("an answer that is on its way at the deadline is waited for", async () => {
    const watched = poll([after(4000, DONE)], { timeoutMs: 5000 });
    await pass(60_000);
    expect(watched.end.result).toBe("the result");
  });

  test("the default attempts and the default timeout end together", async () => {
    const watched = poll([after(20, PENDING)]);
    await pass(700_000);
    expect(watched.polls).toHaveLength(120);
    expect(watched.end.at).toBeCloseTo(597_520, -2);
  });
});

describe("live settings", () => {
  test("a longer interval holds from the next wait on", async () => {
    const watched = poll([PENDING]);
    await pass(3000);
    watched.settings.intervalMs = 10_000;
    await pass(25_000);
    expect(watched.polls).toEqual([2500, 7500, 17_500, 27_500]);
  });

  test("a shorter interval does not cut the wait that is: not all pages of a change ask at once", async () => {
    const watched = poll([PENDING], { intervalMs: 60_000 });
    await pass(31_000);
    watched.settings.intervalMs = 1000;
    await pass(61_000);
    expect(watched.polls).toEqual([30_000, 90_000, 91_000, 92_000]);
  });

  test("a longer timeout and more attempts hold for a job in its last wait", async () => {
    const longer = poll([PENDING, PENDING, PENDING, DONE], { timeoutMs: 10_000 });
    const more = poll([PENDING, PENDING, PENDING, DONE], { attempts: 2 });
    await pass(7400);
    longer.settings.timeoutMs = 30_000;
    more.settings.attempts = 4;
    await pass(60_000);
    expect([longer.end.result, more.end.result]).toEqual(["the result", "the result"]);
  });

  test("a shorter timeout and fewer attempts hold for a job that is waited for", async () => {
    const shorter = poll([PENDING]);
    const fewer = poll([PENDING]);
    await pass(8000);
    shorter.settings.timeoutMs = 10_000;
    fewer.settings.attempts = 3;
    await pass(60_000);
    expect(shorter.end.error).toBeInstanceOf(Timeout);
    expect(fewer.end.error).toBeInstanceOf(AttemptsExhausted);
  });

  test("settings that cannot be used leave those before them", async () => {
    const watched = poll([PENDING]);
    await pass(3000);
    watched.settings.intervalMs = Number.NaN;
    watched.settings.attempts = -1;
    await pass(10_000);
    expect(watched.polls).toEqual([2500, 7500, 12_500]);
  });

  test("a reader of settings that throws, or is not there, is no fault of the job's", async () => {
    const settings = (): never => {
      throw new Error("no page");
    };
    const result = pollJob(async () => Promise.resolve(DONE), { settings });
    const plain = pollJob(async () => Promise.resolve(DONE));
    await pass(60_000);
    expect(await Promise.all([result, plain])).toEqual(["the result", "the result"]);
  });

  test("an interval of 1 ms, as parseInt makes it of 1e+06, does not go below the floor", async () => {
    const watched = poll([PENDING], { intervalMs: 1, attempts: 10_000 });
    await pass(10_000);
    expect(watched.polls.length).toBeLessThanOrEqual(40);
  });
});

describe("options that cannot be used", () => {
  const odd = [Number.NaN, null, "5", {}] as never[];
  test.each(odd)("are as if they were absent (%j)", async (none) => {
    const unusable = {
      floorMs: none,
      maxDelayMs: none,
      maxRetryAfterMs: none,
      jitter: none,
      blips: none,
      requestTimeoutMs: none,
    };
    const seen = (options: object) =>
      [[PENDING], [busy()], [BLIP], [busy(1e9)], [after(40_000, DONE)]].map((answers) => poll(answers, options));
    const [given, absent] = [seen({ ...unusable, random: () => 0.9 }), seen({ random: () => 0.9 })];
    await pass(700_000);
    expect(given.map(({ polls }) => polls)).toEqual(absent.map(({ polls }) => polls));
    expect(given.map(({ end }) => String(end.error))).toEqual(absent.map(({ end }) => String(end.error)));
  });

  test.each([...odd, -1, 1, 2, Infinity])("chance that is none (%j) is drawn otherwise", async (none) => {
    const watched = poll([PENDING], { random: () => none as never });
    await pass(60_000);
    expect(watched.polls.length).toBeGreaterThan(6);
    expect(watched.polls.length).toBeLessThan(17);
  });
});

describe("progress", () => {
  test("is told before the first poll and after each that does not end it", async () => {
    const told: Progress[] = [];
    poll([{ state: "pending", progress: 0.4 }, busy(), BLIP, DONE], { onProgress: (progress) => told.push(progress) });
    await pass(60_000);
    expect(told.map(({ reply, progress, polls }) => [reply, progress, polls])).toEqual([
      ["started", undefined, 0],
      ["pending", 0.4, 1],
      ["busy", undefined, 2],
      ["unavailable", undefined, 3],
    ]);
    expect(told[1]).toMatchObject({ attempts: 120, elapsedMs: 2500, timeoutMs: 600_000, nextPollMs: 5000 });
  });

  test("a listener that rejects is told of on the console, and the job goes on", async () => {
    const console_ = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const error = new Error("listener");
    const watched = poll([DONE], { onProgress: () => Promise.reject(error) });
    await pass(60_000);
    expect(watched.end.result).toBe("the result");
    expect(console_).toHaveBeenCalledWith(error);
  });

  test("a listener that throws is told of on the console, and the job goes on", async () => {
    const console_ = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const onProgress = (): never => {
      throw new Error("listener");
    };
    const watched = poll([DONE], { onProgress });
    await pass(60_000);
    expect(watched.end.result).toBe("the result");
    expect(console_).toHaveBeenCalled();
  });
});
