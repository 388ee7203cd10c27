// @vitest-environment happy-dom
/** The generated reader of the reference app, in a page: where it looks, what it says, and that it never throws. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";

type Reader = typeof import("../../examples/ideaforge/src/lib/job-config.js");

const DEFAULTS = { pollIntervalMs: 5000, maxPollAttempts: 120, timeoutMs: 600_000 };
let reader: Reader;
let told: { name: string; detail: unknown }[];

beforeEach(async () => {
  vi.resetModules();
  reader = await import("../../examples/ideaforge/src/lib/job-config.js");
  told = [];
  for (const name of [reader.REFUSED, reader.CHANGED]) globalThis.addEventListener(name, hear);
});
afterEach(() => {
  for (const name of [reader.REFUSED, reader.CHANGED]) globalThis.removeEventListener(name, hear);
  vi.unstubAllGlobals();
  document.head.innerHTML = "";
  document.body.innerHTML = "";
});

const hear = (event: Event): void => void told.push({ name: event.type, detail: (event as CustomEvent).detail });
const globals = (values: Record<string, unknown>): void => {
  for (const [env, value] of Object.entries(values)) vi.stubGlobal(`__${env}__`, value);
};
const block = (text: string): void => {
  document.head.innerHTML = `<script type="application/json" id="chartgen-settings">${text}</script>`;
};

test("a page without settings has the defaults, and nothing is told", () => {
  expect(reader.getSettings()).toEqual(DEFAULTS);
  expect(told).toEqual([]);
});

test("globals are read, as the modes inline and file set them", () => {
  globals({ JOB_POLL_INTERVAL_MS: 4000 });
  expect(reader.getSettings()).toEqual({ ...DEFAULTS, pollIntervalMs: 4000 });
});

test("a block of JSON is read, as the mode json writes it", () => {
  block('{"JOB_POLL_INTERVAL_MS":4000,"OTHER":1}');
  expect(reader.getSettings()).toEqual({ ...DEFAULTS, pollIntervalMs: 4000 });
});

test("texts are read by the one grammar, as a shell script leaves them", () => {
  globals({ JOB_POLL_INTERVAL_MS: "4000" });
  expect(reader.getSettings().pollIntervalMs).toBe(4000);
  globals({ JOB_POLL_INTERVAL_MS: "4e+03" });
  expect(reader.getSettings().pollIntervalMs).toBe(5000);
});

test("settings that change in the page are seen by the next read; as long as they do not, they are the same object", () => {
  const first = reader.getSettings();
  expect(reader.getSettings()).toBe(first);
  globals({ JOB_POLL_INTERVAL_MS: 4000 });
  expect(reader.getSettings().pollIntervalMs).toBe(4000);
});

test("what is refused is told once, by an event, and all that a rule joins falls back", () => {
  globals({ JOB_POLL_INTERVAL_MS: 10_000, JOB_MAX_POLL_ATTEMPTS: 120, JOB_TIMEOUT_MS: 600_000 });
  expect(reader.getSettings()).toEqual(DEFAULTS);
  reader.getSettings();
  const message = "timeoutMs is smaller than maxPollAttempts * pollIntervalMs: 600000 < 120 * 10000 = 1200000";
  const env = ["JOB_TIMEOUT_MS", "JOB_MAX_POLL_ATTEMPTS", "JOB_POLL_INTERVAL_MS"];
  const refusal = { settings: ["timeoutMs", "maxPollAttempts", "pollIntervalMs"], env, message };
  expect(told).toEqual([{ name: "chartgen:settings-refused", detail: [refusal] }]);
  expect(reader.refusedSettings()).toEqual([refusal]);
});

test("a block that is no JSON object is told, and the defaults stand", () => {
  for (const text of ["{", "[]", "null", "5"]) {
    block(text);
    expect(reader.getSettings()).toEqual(DEFAULTS);
    expect(told.pop()).toMatchObject({ name: "chartgen:settings-refused" });
  }
});

test("elements with the names of settings are no settings", () => {
  document.body.innerHTML = '<div id="chartgen-settings">{"JOB_POLL_INTERVAL_MS":4000}</div>';
  globals({ JOB_POLL_INTERVAL_MS: document.body });
  expect(reader.getSettings()).toEqual(DEFAULTS);
  expect(told).toHaveLength(1);
});

const NONE = [
  [],
  {},
  null,
  undefined,
  Symbol("s"),
  5n,
  () => 1,
  Number.NaN,
  Infinity,
  2 ** 53,
  1.5,
  true,
  "",
  "x".repeat(500),
];
test.each(NONE.map((value) => ({ value, kind: `a ${typeof value}` })))(
  "$kind ($value) that is no integer never throws",
  ({ value }) => {
    globals({ JOB_POLL_INTERVAL_MS: value });
    expect(reader.getSettings()).toEqual(DEFAULTS);
    for (const { message } of reader.refusedSettings()) expect(message.length).toBeLessThan(160);
  },
);

test("a circle for a number never throws", () => {
  const circle: Record<string, unknown> = {};
  circle["itself"] = circle;
  globals({ JOB_POLL_INTERVAL_MS: circle });
  expect(reader.getSettings()).toEqual(DEFAULTS);
});

test("a listener that throws, and a page without events, change nothing", () => {
  vi.stubGlobal("CustomEvent", undefined);
  globals({ JOB_POLL_INTERVAL_MS: 1 });
  expect(reader.getSettings()).toEqual(DEFAULTS);
});

test("without a page, all are defaults", () => {
  vi.stubGlobal("document", undefined);
  vi.stubGlobal("window", undefined);
  expect(reader.getSettings()).toEqual(DEFAULTS);
});

test("settings that come later are adopted as a whole, or not at all", () => {
  globals({ JOB_POLL_INTERVAL_MS: 4000 });
  reader.applySettings({ JOB_POLL_INTERVAL_MS: 10_000, JOB_MAX_POLL_ATTEMPTS: 60, JOB_TIMEOUT_MS: 600_000, NEW: 1 });
  const settings = { pollIntervalMs: 10_000, maxPollAttempts: 60, timeoutMs: 600_000 };
  expect(reader.getSettings()).toEqual(settings);
  expect(told).toEqual([{ name: "chartgen:settings-changed", detail: settings }]);
  reader.applySettings({ JOB_POLL_INTERVAL_MS: 20_000, JOB_MAX_POLL_ATTEMPTS: 120 });
  expect(reader.getSettings()).toEqual(settings);
  expect(told.at(-1)?.name).toBe("chartgen:settings-refused");
});

test("settings that come later and are those that hold change nothing, and nothing is told", () => {
  globals({ JOB_POLL_INTERVAL_MS: 4000 });
  const before = reader.getSettings();
  reader.applySettings({ JOB_POLL_INTERVAL_MS: "4000" });
  expect(reader.getSettings()).toBe(before);
  expect(told).toEqual([]);
});

test("settings that come later and are not admitted change nothing; who admits is asked of other ones alone", () => {
  globals({ JOB_POLL_INTERVAL_MS: 4000 });
  const before = reader.getSettings();
  const admits = vi.fn(() => false);
  const judged = reader.applySettings({ JOB_POLL_INTERVAL_MS: 3000 }, admits);
  reader.applySettings({ JOB_POLL_INTERVAL_MS: 4000 }, admits);
  reader.applySettings({ JOB_POLL_INTERVAL_MS: 1 }, admits);
  expect(reader.getSettings()).toBe(before);
  expect(admits.mock.calls).toEqual([[judged.settings, before]]);
  expect(told.map(({ name }) => name)).toEqual(["chartgen:settings-refused"]);
});

test("settings that come later mend a page whose own are refused, even where they are the defaults", () => {
  globals({ JOB_POLL_INTERVAL_MS: 1 });
  expect(reader.getSettings()).toEqual(DEFAULTS);
  reader.applySettings({});
  expect(reader.refusedSettings()).toEqual([]);
});

test("the poller's settings are these, by the poller's names", () => {
  globals({ JOB_POLL_INTERVAL_MS: 4000 });
  expect(reader.pollSettings()).toEqual({ intervalMs: 4000, attempts: 120, timeoutMs: 600_000 });
});
