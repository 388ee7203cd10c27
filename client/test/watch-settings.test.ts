/** Settings that change while a page is open: when they are asked for, which are adopted, what is told. */

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { pollJob, watchSettings } from "../src/index.js";
import { EVEN, pass, PENDING } from "./polling.js";
import { BROKEN, documentOf, HTML, settingsOf, tagged, watch, type Answer } from "./watching.js";

const RUNS = { numRuns: Number(process.env["CHARTGEN_RUNS"] ?? 100) };
const BLIP = new TypeError("Failed to fetch");
const HOUR = 3_600_000;
const A = tagged("a", settingsOf(5000));
const B = tagged("b", settingsOf(10_000));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const times = (asked: readonly { at: number }[]): number[] => asked.map(({ at }) => Math.round(at));
const waits = (asked: readonly { at: number }[]): number[] =>
  asked.slice(1).map(({ at }, index) => at - asked[index]!.at);

describe("when it asks", () => {
  test("first after a random part of the interval, then once in one that chance lengthens alone", async () => {
    const early = await watch([A], { random: () => 0 });
    await pass(10_000);
    expect(times(early.asked)).toEqual([0, 5000, 10_000]);
    early.stop();
    const late = await watch([A], { random: () => 0.999 });
    await pass(11_000);
    expect(times(late.asked)).toEqual([4995, 10_994]);
  });

  test("at the interval of the settings that it adopted", async () => {
    const watched = await watch([B], { random: () => 0 });
    await pass(20_000);
    expect(times(watched.asked)).toEqual([0, 10_000, 20_000]);
  });

  test("at an interval of its own, as it is at each step", async () => {
    let intervalMs = 2000;
    const watched = await watch([A], { intervalMs: () => intervalMs, random: () => 0 });
    await pass(2000);
    intervalMs = 30_000;
    await pass(60_000);
    expect(times(watched.asked)).toEqual([0, 2000, 4000, 34_000]);
    watched.stop();
    const fixed = await watch([A], { intervalMs: 20_000, random: () => 0 });
    await pass(40_000);
    expect(times(fixed.asked)).toEqual([0, 20_000, 40_000]);
  });

  test.each([
    [Number.NaN, 5000],
    [-1, 5000],
    [Infinity, 5000],
    [1, 1000],
    [
      (): number => {
        throw new Error("no page");
      },
      5000,
    ],
  ])("at an interval that cannot be used (%s) every %i ms", async (intervalMs, expected) => {
    const watched = await watch([A], { intervalMs, random: () => 0 });
    await pass(20_000);
    expect(waits(watched.asked)[0]).toBe(expected);
  });

  test("not at all while nobody sees the page; at once when it is seen, if its time is up", async () => {
    const watched = await watch([A]);
    watched.page.hide();
    await pass(HOUR);
    expect(watched.asked).toEqual([]);
    watched.page.show();
    await pass(0);
    expect(times(watched.asked)).toEqual([HOUR]);
  });

  test("once an interval where the page comes and goes while the wall's clock jumps ahead", async () => {
    const watched = await watch([A], { random: () => 0 });
    for (let second = 0; second < 20; second += 1) {
      await pass(1000);
      vi.setSystemTime(Date.now() + HOUR);
      watched.page.hide();
      watched.page.show();
    }
    expect(times(watched.asked)).toEqual([0, 5000, 10_000, 15_000, 20_000]);
  });

  test("in its time when the page is seen before that", async () => {
    const watched = await watch([A], { random: () => 0 });
    await pass(1000);
    watched.page.hide();
    await pass(1000);
    watched.page.show();
    await pass(4000);
    expect(times(watched.asked)).toEqual([0, 5000]);
  });

  test("a server that stalls does not bring its pages together", async () => {
    const stalled = async (phase: number): Promise<number> => {
      const hang = async (): Promise<Response> =>
        new Promise((resolve) => setTimeout(() => resolve(new Response(A.body)), 20_000));
      const watched = await watch([hang, A], { random: () => phase });
      await pass(40_000);
      watched.stop();
      return waits(watched.asked)[0]!;
    };
    expect((await stalled(0.9)) - (await stalled(0.1))).toBeGreaterThan(3000);
  });
});

describe("what it asks", () => {
  test("is whether the last document, by its ETag, still is the server's; it passes caches by", async () => {
    const watched = await watch([A, A, B]);
    await pass(20_000);
    const conditions = watched.asked.map(({ headers, status }) => [headers.get("If-None-Match"), status]);
    expect(conditions).toEqual([
      [null, 200],
      ['"a"', 304],
      ['"a"', 200],
    ]);
    expect(watched.asked.map(({ cache }) => cache)).toEqual(["no-store", "no-store", "no-store"]);
    expect(watched.applied).toEqual([5000, 10_000]);
  });

  test("an ETag goes back as it came, a weak one, too", async () => {
    const watched = await watch([documentOf("a", settingsOf(6000), { ETag: 'W/"1-2"' })]);
    await pass(20_000);
    expect(watched.asked[1]).toMatchObject({ status: 304 });
    expect(watched.asked[1]!.headers.get("If-None-Match")).toBe('W/"1-2"');
    expect(watched.applied).toEqual([6000]);
  });

  test("without an ETag, the date does; without a date, all is asked for each time, and adopted once", async () => {
    const date = "Sat, 28 Nov 2026 10:00:00 GMT";
    const dated = await watch([documentOf("a", settingsOf(6000), { "Last-Modified": date })]);
    await pass(20_000);
    expect(dated.asked[1]!.headers.get("If-Modified-Since")).toBe(date);
    expect(dated.asked[1]).toMatchObject({ status: 304 });
    dated.stop();
    const plain = await watch([documentOf("a", settingsOf(6000))]);
    await pass(20_000);
    expect(plain.asked.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(plain.applied).toEqual([6000]);
  });

  test("both, an ETag is the better one", async () => {
    const watched = await watch([
      documentOf("a", {}, { ETag: '"a"', "Last-Modified": "Sat, 28 Nov 2026 10:00:00 GMT" }),
    ]);
    await pass(10_000);
    expect(watched.asked[1]!.headers.has("If-Modified-Since")).toBe(false);
  });

  test("the ETag of an answer that is no document is not asked about", async () => {
    const watched = await watch([A, HTML, A]);
    await pass(20_000);
    expect(watched.asked.map(({ headers }) => headers.get("If-None-Match"))).toEqual([null, '"a"', '"a"']);
  });

  test("a 304 that nobody asked for is no document", async () => {
    const watched = await watch([new Response(null, { status: 304 }), B]);
    await pass(30_000);
    expect(watched.applied).toEqual([10_000]);
  });
});

describe("a server that does not answer well", () => {
  test.each([BLIP, { body: "", status: 500 }, { body: "", status: 503 }, { body: "", status: 429 }])(
    "is asked ever less often, down to once in five minutes, and nothing is told (%o)",
    async (answer) => {
      const watched = await watch([answer]);
      await pass(HOUR);
      expect(waits(watched.asked).slice(0, 7)).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
      expect([watched.refused, watched.events]).toEqual([[], []]);
      watched.stop();
    },
  );

  test("and recovers is asked at the usual pace again", async () => {
    const watched = await watch([BLIP, BLIP, A]);
    await pass(50_000);
    expect(times(watched.asked)).toEqual([2500, 12_500, 32_500, 38_000, 43_500, 49_000]);
  });

  test("is left alone as long as it asks for", async () => {
    const watched = await watch([{ body: "", status: 503, headers: { "Retry-After": "60" } }, A], { random: () => 0 });
    await pass(70_000);
    expect(times(watched.asked).slice(0, 3)).toEqual([0, 60_000, 65_000]);
  });

  test.each([429, 500, 503])(
    "with %d is asked ever less often, though it says that no time is enough",
    async (status) => {
      const watched = await watch([{ body: "", status, headers: { "Retry-After": "0" } }]);
      await pass(100_000);
      expect(waits(watched.asked)).toEqual([10_000, 20_000, 40_000]);
    },
  );

  test("with an error is left alone as long as it asks for", async () => {
    const failing = { body: "", status: 502, headers: { "Retry-After": "60" } };
    const watched = await watch([failing, A], { random: () => 0 });
    await pass(62_000);
    expect(times(watched.asked)).toEqual([0, 60_000]);
  });

  test("is not asked sooner than the interval, whatever Retry-After says", async () => {
    const watched = await watch([{ body: "", status: 503, headers: { "Retry-After": "0" } }], { random: () => 0 });
    await pass(20_000);
    expect(Math.min(...waits(watched.asked))).toBeGreaterThanOrEqual(5000);
  });

  test("for half a minute is no longer waited for", async () => {
    let isCut = false;
    const hang = (signal: AbortSignal): Promise<Response> => {
      signal.addEventListener("abort", () => (isCut = true));
      return new Promise(() => undefined);
    };
    const watched = await watch([hang, B]);
    await pass(60_000);
    expect(isCut).toBe(true);
    expect(watched.applied).toEqual([10_000]);
  });
});

describe("an answer that is no document", () => {
  const json = (value: unknown): Answer => ({ body: JSON.stringify(value) });
  test.each<[string, Answer, string]>([
    ["the page that answers any path", HTML, "a page of HTML, as servers answer for any path"],
    ["a page by another name", { body: "\n<html>" }, "a page of HTML, as servers answer for any path"],
    [
      "a document that says it is a page",
      { ...B, headers: { "Content-Type": "text/html" } },
      "a page of HTML, as servers answer for any path",
    ],
    ["nothing", { body: "" }, "no JSON"],
    ["half a document", { body: A.body.slice(0, 40) }, "no JSON"],
    ["a list", json([A]), "JSON of another form"],
    ["null", json(null), "JSON of another form"],
    ["the settings alone", json(settingsOf(5000)), "JSON of another form"],
    ["a version without a text", json({ version: 1, settings: {} }), "JSON of another form"],
    ["a version that is empty", json({ version: "", settings: {} }), "JSON of another form"],
    ["a version without an end", json({ version: "a".repeat(1000), settings: {} }), "JSON of another form"],
    ["a list of settings", json({ version: "a", settings: [] }), "JSON of another form"],
    ["a document in the prototype", { body: '{"__proto__":{"version":"a","settings":{}}}' }, "JSON of another form"],
    ["a path that is not there", { body: "", status: 404 }, "not there"],
    ["a login", { body: "", status: 401 }, "refused: status 401"],
  ])("%s changes nothing, and is told once", async (_, answer, what) => {
    const watched = await watch([answer]);
    await pass(HOUR);
    const message = `/settings.json is ${what}; expected a document of settings`;
    expect(watched.refused).toEqual([[{ settings: [], env: [], message }]]);
    expect(watched.events).toEqual(watched.refused);
    expect(watched.applied).toEqual([]);
    expect(watched.asked.length).toBeLessThan(20);
  });

  test("is told once for each of its kind where replicas differ, and does not keep a document away", async () => {
    const watched = await watch(Array.from({ length: 200 }, (_, index) => [HTML, B, { body: "" }, B][index % 4]!));
    await pass(HOUR);
    expect(watched.asked.length).toBeGreaterThan(100);
    expect(watched.refused).toHaveLength(2);
    expect(watched.applied).toEqual([10_000]);
    expect(watched.reader.getSettings().pollIntervalMs).toBe(10_000);
  });

  test("and has no end is not read to its end", async () => {
    let parts = 0;
    let isCancelled = false;
    const pull = (controller: ReadableStreamDefaultController): void => {
      parts += 1;
      controller.enqueue(new Uint8Array(65_536).fill(32));
    };
    const endless = new ReadableStream({ pull, cancel: () => void (isCancelled = true) });
    const watched = await watch([new Response(endless), BLIP]);
    await pass(10_000);
    expect(watched.refused[0]![0]!.message).toContain("larger than 8388608 bytes");
    expect(isCancelled).toBe(true);
    expect(parts).toBeLessThan(140);
  });

  test("a document of several megabytes, as a full ConfigMap makes it where all is escaped, is one", async () => {
    const watched = await watch([documentOf("a", { ...settingsOf(6000), OTHER: "x".repeat(6_200_000) })]);
    await pass(10_000);
    expect(watched.applied).toEqual([6000]);
  });

  test("characters that parts of an answer cut are read whole", async () => {
    const bytes = new TextEncoder().encode(`\ufeff${documentOf("ä漢😀", settingsOf(6000)).body}`);
    const byByte = new ReadableStream({
      start: (controller) => {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const watched = await watch([new Response(byByte), BLIP]);
    await pass(10_000);
    expect(watched.applied).toEqual([6000]);
  });
});

describe("a document", () => {
  test("is adopted by the page's own reader: unknown settings are not looked at, absent ones are defaults", async () => {
    const watched = await watch([documentOf("a", { JOB_POLL_INTERVAL_MS: 2000, LATER: { any: "thing" } })]);
    await pass(10_000);
    expect(watched.reader.getSettings()).toEqual({ pollIntervalMs: 2000, maxPollAttempts: 120, timeoutMs: 600_000 });
    expect(watched.refused).toEqual([]);
  });

  test("that breaks a rule changes nothing, and is told once, whether it comes again or is the same still", async () => {
    const plain = { ...tagged("bad", BROKEN), headers: {} };
    const watched = await watch([B, tagged("bad", BROKEN), tagged("bad", BROKEN), plain]);
    await pass(HOUR);
    expect(watched.reader.getSettings().pollIntervalMs).toBe(10_000);
    expect(watched.applied).toEqual([10_000]);
    expect(watched.refused).toHaveLength(1);
    expect(watched.refused[0]).toMatchObject([{ settings: ["timeoutMs", "maxPollAttempts", "pollIntervalMs"] }]);
    expect(watched.events).toEqual(watched.refused);
  });

  test("that breaks a rule is told once where two replicas have two of them", async () => {
    const bad = [BROKEN, { JOB_POLL_INTERVAL_MS: 1 }].map((settings, index) => tagged(`bad${index}`, settings));
    const watched = await watch(Array.from({ length: 500 }, (_, index) => bad[index % 2]!));
    await pass(HOUR);
    expect(watched.refused).toHaveLength(2);
  });

  test("that breaks a rule does not keep the next away", async () => {
    const watched = await watch([tagged("bad", BROKEN), B]);
    await pass(20_000);
    expect(watched.applied).toEqual([10_000]);
  });

  test("with names of prototypes changes no object", async () => {
    const body = `{"version":"a","settings":{"__proto__":{"JOB_POLL_INTERVAL_MS":1000,"polluted":1},
      "constructor":{"prototype":{"polluted":1}},"toString":1},"__proto__":{"polluted":1}}`;
    const watched = await watch([{ body }]);
    await pass(10_000);
    expect(watched.reader.getSettings().pollIntervalMs).toBe(5000);
    expect(watched.applied).toHaveLength(1);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("reaches a job that is waited for at its next step", async () => {
    const watched = await watch([tagged("c", { JOB_POLL_INTERVAL_MS: 60_000, JOB_MAX_POLL_ATTEMPTS: 10 })]);
    const polls: number[] = [];
    const start = performance.now();
    const fetchStatus = async () => {
      polls.push(performance.now() - start);
      return Promise.resolve(PENDING);
    };
    void pollJob(fetchStatus, { settings: watched.reader.pollSettings, random: EVEN });
    await pass(70_000);
    expect(polls).toEqual([2500, 62_500]);
  });

  test("whose listener throws is adopted all the same, and so is the next", async () => {
    const console_ = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const onApplied = (): never => {
      throw new Error("listener");
    };
    const watched = await watch([A, B], { onApplied });
    await pass(20_000);
    expect(watched.reader.getSettings().pollIntervalMs).toBe(10_000);
    expect(console_).toHaveBeenCalledTimes(2);
  });

  test("whose listener rejects is told of on the console", async () => {
    const console_ = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const error = new Error("listener");
    await watch([A, HTML], { onApplied: () => Promise.reject(error), onRefused: () => Promise.reject(error) });
    await pass(20_000);
    expect(console_.mock.calls).toEqual([[error], [error]]);
  });

  test("that another reader throws at is not tried again, and the next is", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const applySettings = vi.fn((): never => {
      throw new Error("reader");
    });
    await watch([A, A, B], { applySettings });
    await pass(60_000);
    expect(applySettings).toHaveBeenCalledTimes(2);
  });
});

describe("two replicas that disagree", () => {
  const flapping = Array.from({ length: 200 }, (_, index) => (index % 2 ? B : A));

  test("do not take a page back and forth: a version that was left stays away for two minutes", async () => {
    const watched = await watch(flapping);
    await pass(120_000);
    expect(watched.asked.length).toBeGreaterThan(10);
    expect(watched.applied).toEqual([5000, 10_000]);
  });

  test("nor do three", async () => {
    const three = [A, B, tagged("c", settingsOf(5001))];
    const watched = await watch(Array.from({ length: 200 }, (_, index) => three[index % 3]!));
    await pass(120_000);
    expect(watched.applied).toEqual([5000, 10_000, 5001]);
  });

  test("do not take a page back to what it was loaded with, which has no version", async () => {
    const watched = await watch([B, A, B], { intervalMs: 5000 }, settingsOf(5000));
    await pass(9000);
    expect(times(watched.asked)).toEqual([2500, 8000]);
    expect(watched.reader.getSettings().pollIntervalMs).toBe(10_000);
    await pass(HOUR);
    expect(watched.applied).toEqual([10_000]);
    expect([watched.changes, watched.refused, watched.events]).toEqual([1, [], []]);
  });

  test("nor by a document of another version, or in other words, that says the same", async () => {
    const same = tagged("a2", { JOB_POLL_INTERVAL_MS: "5000", JOB_MAX_POLL_ATTEMPTS: 120, LATER: 1 });
    const watched = await watch([B, same], { intervalMs: 5000 }, { JOB_POLL_INTERVAL_MS: 5000 });
    await pass(122_000);
    expect(watched.applied).toEqual([10_000]);
    await pass(8000);
    expect(watched.applied).toEqual([10_000, 5000]);
    expect(watched.changes).toBe(2);
  });

  test("for longer than that take it back once in two minutes", async () => {
    const watched = await watch(flapping);
    await pass(HOUR / 6);
    expect(watched.applied.length).toBeGreaterThan(4);
    expect(watched.applied.length).toBeLessThanOrEqual(2 + 5);
  });

  test("and then agree: an operator who takes a change back at once sees that after two minutes, by 304, too", async () => {
    const watched = await watch([A, B, A]);
    await pass(120_000);
    expect(watched.asked.at(-1)!.status).toBe(304);
    expect(watched.applied).toEqual([5000, 10_000]);
    await pass(25_000);
    expect(watched.applied).toEqual([5000, 10_000, 5000]);
  });

  test("an operator who takes a change back later sees that with the next request", async () => {
    const answers = Array.from({ length: 15 }, () => B);
    const watched = await watch([A, ...answers, A]);
    await pass(174_000);
    expect(watched.asked).toHaveLength(17);
    expect(watched.applied).toEqual([5000, 10_000, 5000]);
  });
});

describe("an end", () => {
  test("cuts the wait, and leaves nothing behind", async () => {
    const watched = await watch([A]);
    watched.stop();
    watched.stop();
    await pass(0);
    expect(vi.getTimerCount()).toBe(0);
    await pass(HOUR);
    expect(watched.asked).toEqual([]);
  });

  test("cuts the request, and what it brings all the same is not adopted", async () => {
    let isCut = false;
    const late = (signal: AbortSignal): Promise<Response> => {
      signal.addEventListener("abort", () => (isCut = true));
      return new Promise((resolve) => setTimeout(() => resolve(new Response(B.body)), 5000));
    };
    const watched = await watch([late]);
    await pass(3000);
    watched.stop();
    expect(isCut).toBe(true);
    await pass(10_000);
    expect(watched.applied).toEqual([]);
    expect(watched.reader.getSettings().pollIntervalMs).toBe(5000);
  });

  test("that cuts a request is no failure of the server's", async () => {
    const hang = async (): Promise<Response> => new Promise(() => undefined);
    const watched = await watch([hang, BLIP, A]);
    await pass(3000);
    watched.stop();
    watched.again();
    await pass(15_000);
    expect(times(watched.asked)).toEqual([2500, 7500, 17_500]);
  });

  test("comes by a signal, too, and leaves no listener on it", async () => {
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, "removeEventListener");
    const watched = await watch([A], { signal: controller.signal });
    await pass(3000);
    controller.abort();
    await pass(HOUR);
    expect(watched.asked).toHaveLength(1);
    expect(removed).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that came before the start asks nothing", async () => {
    const watched = await watch([A], { signal: AbortSignal.abort() });
    await pass(HOUR);
    expect(watched.asked).toEqual([]);
  });

  test("may come from what the watch itself calls", async () => {
    const controller = new AbortController();
    const watched = await watch([B], { signal: controller.signal, onApplied: () => controller.abort() });
    await pass(HOUR);
    expect(watched.asked).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("without a page, as on a server, nothing is watched", () => {
  const fetch = vi.fn();
  vi.stubGlobal("fetch", fetch);
  watchSettings({ applySettings: () => ({ settings: {}, refused: [] }) })();
  expect(vi.getTimerCount()).toBe(0);
});

describe("two who watch", () => {
  test("share their requests and are both told; it ends with the last", async () => {
    const watched = await watch([A, B]);
    const others: unknown[] = [];
    const stop = watched.again({ onApplied: (settings) => others.push(settings) });
    await pass(5000);
    expect(watched.asked).toHaveLength(1);
    expect([watched.applied.length, others.length]).toEqual([1, 1]);
    watched.stop();
    await pass(5000);
    expect([watched.applied.length, others.length]).toEqual([1, 2]);
    stop();
    await pass(HOUR);
    expect(watched.asked).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("ask as often as the one who wants it most often", async () => {
    const watched = await watch([A], { intervalMs: 60_000, random: () => 0 });
    watched.again({ intervalMs: 10_000 });
    await pass(20_000);
    expect(times(watched.asked)).toEqual([0, 10_000, 20_000]);
  });

  test("one after the other ask no sooner than one, and the second knows what the first saw", async () => {
    const watched = await watch([A, B, A], { random: () => 0 });
    await pass(5000);
    watched.stop();
    const stop = watched.again();
    await pass(10_000);
    expect(times(watched.asked)).toEqual([0, 5000, 15_000]);
    expect(watched.asked.at(-1)!.headers.get("If-None-Match")).toBe('"b"');
    expect(watched.applied).toEqual([5000, 10_000]);
    stop();
  });

  test("of two addresses ask both", async () => {
    const watched = await watch([A]);
    watched.again({ url: "/other.json" });
    await pass(3000);
    expect(watched.asked).toHaveLength(2);
  });
});

const answers = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(A, B, tagged("c", settingsOf(2000)), tagged("d", settingsOf(15_000))) },
    fc.constantFrom(tagged("bad", BROKEN), HTML, BLIP, { body: "", status: 503, headers: { "Retry-After": "7" } }),
    fc
      .dictionary(fc.constantFrom(...Object.keys(BROKEN), "__proto__"), fc.jsonValue())
      .map((settings) => documentOf(`v${JSON.stringify(settings)}`.slice(0, 100), settings)),
    fc.string().map((body) => ({ body })),
  ),
  { minLength: 1, maxLength: 40 },
);

test(
  "whatever a server answers: one request an interval, settings that keep the rules, nothing back in two minutes",
  { timeout: 60_000 + 400 * RUNS.numRuns },
  async () => {
    await fc.assert(
      fc.asyncProperty(answers, fc.double({ min: 0, max: 0.999, noNaN: true }), async (answers, seed) => {
        let chance = seed;
        const random = (): number => (chance = (chance * 997 + 0.1) % 1);
        const watched = await watch(answers, { random });
        watched.stop();
        const { applySettings, judgeSettings, getSettings } = watched.reader;
        const adopted: { at: number; raw: string }[] = [];
        const held = [{ at: 0, settings: JSON.stringify(getSettings()) }]; // from when on; first those of the page
        const apply: typeof applySettings = (raw, admits) => {
          const judged = applySettings(raw, admits);
          if (judged.refused.length > 0 || judged.settings !== getSettings()) return judged;
          const [at, settings] = [performance.now(), JSON.stringify(judged.settings)];
          adopted.push({ at, raw: JSON.stringify(raw) });
          if (settings !== held.at(-1)!.settings) held.push({ at, settings });
          return judged;
        };
        const stop = watched.again({ applySettings: apply });
        const intervals: number[] = []; // after each request
        for (let second = 0; second < 300; second += 1) {
          await pass(1000);
          const { pollIntervalMs, maxPollAttempts, timeoutMs } = getSettings();
          while (intervals.length < watched.asked.length) intervals.push(pollIntervalMs);
          const raw = {
            JOB_POLL_INTERVAL_MS: pollIntervalMs,
            JOB_MAX_POLL_ATTEMPTS: maxPollAttempts,
            JOB_TIMEOUT_MS: timeoutMs,
          };
          expect(judgeSettings(raw).refused).toEqual([]);
        }
        stop();
        for (const [index, wait] of waits(watched.asked).entries())
          expect(wait).toBeGreaterThanOrEqual(intervals[index]! - 1);
        for (const [index, { at, raw }] of adopted.entries()) {
          const before = adopted.findLastIndex((one, other) => other < index && one.raw === raw);
          if (before >= 0) expect(at - adopted[before + 1]!.at).toBeGreaterThanOrEqual(120_000);
        }
        for (const [index, { at, settings }] of held.entries()) {
          const before = held.findLastIndex((one, other) => other < index && one.settings === settings);
          if (before >= 0) expect(at - held[before + 1]!.at).toBeGreaterThanOrEqual(120_000);
        }
        expect(watched.refused.length).toBe(watched.events.length);
      }),
      RUNS,
    );
  },
);
