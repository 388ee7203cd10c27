/** What a poller must withstand of pages and clocks: each sentence is the lesson of one that did not. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Aborted, PollError, restore, serialize, Timeout, type Reply } from "../src/index.js";
import { after, DONE, page, pass, PENDING, poll } from "./polling.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const BLIP = new TypeError("Failed to fetch");
const HOUR = 3_600_000;

describe("an abort", () => {
  test("cuts the wait", async () => {
    const controller = new AbortController();
    const watched = poll([PENDING], { signal: controller.signal });
    await pass(3000);
    controller.abort("left the page");
    await pass(0);
    expect(watched.end.error).toBeInstanceOf(Aborted);
    expect(watched.end.error).toHaveProperty("cause", "left the page");
    expect(watched.end.at).toBe(3000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("cuts the request", async () => {
    const controller = new AbortController();
    let cut = false;
    const hang = (signal: AbortSignal): Promise<Reply<string>> => {
      signal.addEventListener("abort", () => (cut = true));
      return new Promise(() => undefined);
    };
    const watched = poll([hang], { signal: controller.signal });
    await pass(3000);
    controller.abort();
    await pass(0);
    expect(watched.end.error).toBeInstanceOf(Aborted);
    expect(cut).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("before the start makes no request", async () => {
    const watched = poll([DONE], { signal: AbortSignal.abort() });
    await pass(60_000);
    expect(watched.end.error).toBeInstanceOf(Aborted);
    expect(watched.end.at).toBe(0);
    expect(watched.polls).toEqual([]);
  });

  test("leaves no listener behind, nor does an end without one", async () => {
    page();
    const looking = [vi.spyOn(document, "addEventListener"), vi.spyOn(document, "removeEventListener")] as const;
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    poll([PENDING, PENDING, DONE], { signal });
    await pass(60_000);
    expect(added.mock.calls.length).toBeGreaterThan(0);
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
    expect(looking[0].mock.calls.length).toBeGreaterThan(0);
    expect(looking[1]).toHaveBeenCalledTimes(looking[0].mock.calls.length);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a hidden page", () => {
  test("polls on, as slowly as the browser's throttled timers let it, until the deadline and not the attempts", async () => {
    page().hide();
    const real = globalThis.setTimeout;
    vi.stubGlobal("setTimeout", (run: () => void, ms: number) => real(run, Math.max(ms, 60_000)));
    const watched = poll([PENDING]);
    await pass(700_000);
    expect(watched.polls.length).toBeLessThan(13);
    expect(watched.end.error).toBeInstanceOf(Timeout);
  });

  test("that is seen again polls at once, if its time is up", async () => {
    const { hide, show } = page();
    const watched = poll([PENDING, DONE]);
    await pass(2500);
    const real = globalThis.setTimeout;
    hide();
    vi.stubGlobal("setTimeout", (run: () => void, ms: number) => real(run, ms + 60_000));
    await pass(5000);
    vi.setSystemTime(Date.now() + 6000); // what a throttled timer does not notice
    show();
    await pass(0);
    expect(watched.polls).toHaveLength(2);
  });

  test("that is seen again before its time, by a wall's clock that was set ahead, waits on", async () => {
    const { hide, show } = page();
    const watched = poll([PENDING]);
    await pass(3000);
    hide();
    vi.setSystemTime(Date.now() + 6000);
    show();
    await pass(4400);
    expect(watched.polls).toHaveLength(1);
    await pass(100);
    expect(watched.polls).toHaveLength(2);
  });

  test("that is seen again before its time waits on", async () => {
    const { hide, show } = page();
    const watched = poll([PENDING]);
    await pass(3000);
    hide();
    await pass(1000);
    show();
    await pass(0);
    expect(watched.polls).toHaveLength(1);
    await pass(3500);
    expect(watched.polls).toEqual([2500, 7500]);
  });

  test("that is to pause asks nothing, and once more before it says that the time is up", async () => {
    const { hide, show } = page();
    const late = poll([PENDING], { whenHidden: "pause" });
    const done = poll([PENDING, DONE], { whenHidden: "pause" });
    await pass(3000);
    hide();
    await pass(HOUR);
    expect([late.polls, done.polls]).toEqual([[2500], [2500]]);
    show();
    await pass(0);
    expect(late.polls).toHaveLength(2);
    expect(late.end.error).toBeInstanceOf(Timeout);
    expect(done.end.result).toBe("the result");
  });
});

describe("clocks", () => {
  const night = 8 * HOUR;

  test("a night's sleep ends in a poll, not in a timeout: the job may be done", async () => {
    const watched = poll([PENDING, DONE]);
    await pass(3000);
    vi.setSystemTime(Date.now() + night); // the wall goes on, performance.now() stands still
    await pass(5000);
    expect(watched.end.result).toBe("the result");
  });

  test("a night's sleep that both clocks count ends in a poll, too", async () => {
    const watched = poll([PENDING, DONE]);
    await pass(3000);
    const now = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => now() + night);
    vi.setSystemTime(Date.now() + night);
    await pass(5000);
    expect(watched.end.result).toBe("the result");
  });

  test("after a night's sleep, a job that still is not done has timed out", async () => {
    const watched = poll([PENDING]);
    await pass(3000);
    vi.setSystemTime(Date.now() + night);
    await pass(5000);
    expect(watched.polls).toHaveLength(2);
    expect(watched.end.error).toBeInstanceOf(Timeout);
  });

  test("a network that is not there yet after a night's sleep does not cost the result", async () => {
    const watched = poll([PENDING, BLIP, BLIP, DONE]);
    await pass(3000);
    vi.setSystemTime(Date.now() + night);
    await pass(60_000);
    expect(watched.end.result).toBe("the result");
  });

  test("an answer from before a night's sleep is asked for again", async () => {
    const watched = poll([after(4000, PENDING), DONE]);
    await pass(3000);
    vi.setSystemTime(Date.now() + night);
    await pass(60_000);
    expect(watched.end.result).toBe("the result");
  });

  test("a clock that is set back does not stretch the deadline", async () => {
    const watched = poll([PENDING], { timeoutMs: 20_000, attempts: 1000 });
    await pass(3000);
    vi.setSystemTime(Date.now() - HOUR);
    await pass(17_000);
    expect(watched.end.error).toBeInstanceOf(Timeout);
  });

  test("a clock that is set by seconds changes nothing", async () => {
    const watched = poll([PENDING], { timeoutMs: 20_000, attempts: 1000 });
    await pass(3000);
    vi.setSystemTime(Date.now() + 9000);
    await pass(12_000);
    expect(watched.end).toEqual({});
    await pass(5000);
    expect(watched.end.error).toBeInstanceOf(Timeout);
  });

  test("an interval of two months does not become 1 ms", async () => {
    const day = 24 * HOUR;
    const watched = poll([PENDING], { intervalMs: 60 * day, timeoutMs: 400 * day, random: () => 0.5 });
    await pass(29 * day);
    expect(watched.polls).toHaveLength(0);
    await pass(2 * day);
    expect(watched.polls).toHaveLength(1);
  });
});

describe("a reload", () => {
  test("goes on with the deadline and the attempts that were", async () => {
    let saved = "";
    const controller = new AbortController();
    poll([PENDING], { signal: controller.signal, onProgress: ({ state }) => (saved = serialize(state)) });
    await pass(13_000);
    controller.abort();
    await pass(7000);
    const resume = restore(saved);
    const attempts = poll([PENDING], { resume, attempts: 5 });
    const deadline = poll([PENDING], { resume, timeoutMs: 30_000 });
    await pass(60_000);
    expect(attempts.polls).toHaveLength(2);
    expect(deadline.end.at).toBe(10_000);
  });

  test("after the deadline asks once more", async () => {
    const resume = { version: 1, startedAt: Date.now() - HOUR, polls: 7 } as const;
    const done = poll([DONE], { resume });
    const late = poll([PENDING], { resume });
    await pass(60_000);
    expect(done.end.result).toBe("the result");
    expect(late.polls).toHaveLength(1);
    expect(late.end.error).toBeInstanceOf(Timeout);
  });

  test("after the deadline asks until there is an answer: the network may not be there yet", async () => {
    const resume = { version: 1, startedAt: Date.now() - HOUR, polls: 7 } as const;
    const watched = poll([BLIP, BLIP, DONE], { resume });
    await pass(60_000);
    expect(watched.end.result).toBe("the result");
  });

  test("of everybody's page at once, as after a deploy, does not bring them together", async () => {
    const resume = { version: 1, startedAt: Date.now() - 1000, polls: 7 } as const;
    const [early, late] = [0.1, 0.9].map((phase) => poll([PENDING], { resume, random: () => phase }));
    await pass(5000);
    expect([early!.polls, late!.polls]).toEqual([[500, 4700], [4500]]);
  });

  test("with a start that lies ahead, by a clock that was wrong, starts now", async () => {
    const watched = poll([PENDING], {
      resume: { version: 1, startedAt: Date.now() + HOUR, polls: 0 },
      timeoutMs: 20_000,
    });
    await pass(60_000);
    expect(watched.end.at).toBe(20_000);
  });

  test.each([
    "",
    "{",
    "null",
    "[]",
    '{"version":2,"startedAt":0,"polls":0}',
    '{"version":1,"startedAt":"0","polls":0}',
    '{"version":1,"startedAt":0,"polls":-1}',
  ])("with a saved text that is not ours (%s) starts anew", (text) => {
    expect(restore(text)).toBeUndefined();
  });

  test("an error has the state that resumes it", async () => {
    const watched = poll([PENDING], { attempts: 1 });
    await pass(60_000);
    expect((watched.end.error as PollError).state).toMatchObject({ version: 1, polls: 1 });
  });
});
