// @vitest-environment happy-dom
/** The hook, in React's own strict mode. */

import { act, StrictMode, type ReactNode } from "react";
import { createRoot, hydrateRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { renderToString } from "react-dom/server";
import * as reader from "../../examples/ideaforge/src/lib/job-config.js";
import { useJob, useSettings, type FetchJob, type Job } from "../src/react.js";
import { settingsOf } from "./watching.js";

let root: Root;
let shown: Job<string>;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  root = createRoot(document.createElement("div"));
});
afterEach(async () => {
  await act(async () => root.unmount());
  vi.useRealTimers();
});

function Shown({ id, fetchJob }: { id: string | null; fetchJob: FetchJob<string> }): ReactNode {
  shown = useJob(id, fetchJob, { random: () => 0.5 });
  if (id !== null && shown.status === "succeeded") expect(shown.result).toBe(`${id} is done`);
  return shown.status;
}

const render = (id: string | null, fetchJob: FetchJob<string>): Promise<void> =>
  act(async () =>
    root.render(
      <StrictMode>
        <Shown id={id} fetchJob={fetchJob} />
      </StrictMode>,
    ),
  );
const pass = (ms: number): Promise<unknown> => act(async () => vi.advanceTimersByTimeAsync(ms));
const done =
  (...calls: string[]): FetchJob<string> =>
  async (id) => {
    calls.push(id);
    return Promise.resolve({ state: "succeeded", result: `${id} is done` });
  };

test("without an id, nothing is asked", async () => {
  const fetchJob = vi.fn(done());
  await render(null, fetchJob);
  await pass(60_000);
  expect(shown).toEqual({ status: "idle" });
  expect(fetchJob).not.toHaveBeenCalled();
});

test("a job that is done has its result, asked for once in strict mode, too", async () => {
  const fetchJob = vi.fn(done());
  await render("a", fetchJob);
  expect(shown.status).toBe("polling");
  await pass(60_000);
  expect(shown).toEqual({ status: "succeeded", result: "a is done" });
  expect(fetchJob).toHaveBeenCalledTimes(1);
});

test("another id starts anew, and what was known of the old is not shown for it", async () => {
  await render("a", done());
  await pass(60_000);
  await render("b", done());
  expect(shown.status).toBe("polling");
  await pass(60_000);
  expect(shown).toEqual({ status: "succeeded", result: "b is done" });
});

test("another function in each render does not start anew, and the latest is asked", async () => {
  const [first, second] = [vi.fn(done()), vi.fn(done())];
  await render("a", first);
  await pass(1000);
  await render("a", second);
  await pass(1500);
  expect(first).not.toHaveBeenCalled();
  expect(shown.status).toBe("succeeded");
});

test("an id that goes and comes again starts anew, too", async () => {
  const statuses: string[] = [];
  function Seen({ id }: { id: string | null }): ReactNode {
    const { status } = useJob(id, done(), { random: () => 0.5 });
    statuses.push(status);
    return status;
  }
  const show = (id: string | null): Promise<void> => act(async () => root.render(<Seen id={id} />));
  await show("a");
  await pass(60_000);
  expect(statuses.at(-1)).toBe("succeeded");
  await show(null);
  statuses.length = 0;
  await show("a");
  expect(new Set(statuses)).toEqual(new Set(["polling"]));
  await pass(60_000);
  expect(statuses.at(-1)).toBe("succeeded");
});

test("other settings and another listener in a later render are used; other bounds are with another id", async () => {
  const [first, second] = [vi.fn(), vi.fn()];
  function Paced({ intervalMs, blips }: { intervalMs: number; blips: number }): ReactNode {
    const onProgress = intervalMs === 5000 ? first : second;
    const settings = (): { intervalMs: number } => ({ intervalMs });
    shown = useJob("a", pendingThenNone, { random: () => 0.5, settings, onProgress, blips });
    return null;
  }
  let polls = 0;
  const pendingThenNone: FetchJob<string> = async () =>
    Promise.resolve({ state: (polls += 1) < 3 ? "pending" : "unavailable" });
  await act(async () => root.render(<Paced intervalMs={5000} blips={1} />));
  await pass(2500);
  await act(async () => root.render(<Paced intervalMs={1000} blips={100} />));
  await pass(5000);
  expect([first.mock.calls.length, second.mock.calls.length, polls]).toEqual([2, 1, 2]);
  await pass(20_000);
  expect([polls, shown.status]).toEqual([4, "failed"]);
});

test("a failure is shown with its class", async () => {
  await render("a", async () => Promise.resolve({ state: "gone" }));
  await pass(60_000);
  expect(shown).toMatchObject({ status: "failed", error: { code: "Gone" } });
});

test("a component that goes leaves no timer", async () => {
  await render("a", async () => Promise.resolve({ state: "pending" }));
  await pass(3000);
  await act(async () => root.unmount());
  root = createRoot(document.createElement("div"));
  expect(vi.getTimerCount()).toBe(0);
});

const DEFAULTS = reader.judgeSettings({}).settings;
let renderings = 0;

function Pace(): ReactNode {
  renderings += 1;
  return useSettings(reader.getSettings, () => DEFAULTS).pollIntervalMs;
}

test("a component that shows settings is rendered anew when other ones hold, and only then", async () => {
  const element = document.createElement("div");
  reader.applySettings(settingsOf(6000));
  await act(async () => root.unmount());
  root = createRoot(element);
  await act(async () => root.render(<Pace />));
  expect(element.textContent).toBe("6000");
  renderings = 0;
  await act(async () => void reader.applySettings(settingsOf(10_000)));
  expect([element.textContent, renderings]).toEqual(["10000", 1]);
  await act(async () => void reader.applySettings(settingsOf(10_000)));
  await act(async () => void reader.applySettings({ JOB_POLL_INTERVAL_MS: 1 }));
  expect([element.textContent, renderings]).toEqual(["10000", 1]);
});

test("a page that a server rendered with the defaults is taken over without a difference, then shows its own", async () => {
  const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
  reader.applySettings(settingsOf(6000));
  const element = document.createElement("div");
  element.innerHTML = renderToString(<Pace />);
  expect(element.textContent).toBe("5000");
  await act(async () => root.unmount());
  root = await act(async () => hydrateRoot(element, <Pace />));
  expect(element.textContent).toBe("6000");
  expect(told).not.toHaveBeenCalled();
});

test("a component that goes listens no more", async () => {
  const added = vi.spyOn(globalThis, "addEventListener");
  const removed = vi.spyOn(globalThis, "removeEventListener");
  const of = (calls: unknown[][]): number => calls.filter(([name]) => name === reader.CHANGED).length;
  await act(async () => root.render(<Pace />));
  expect(of(added.mock.calls)).toBe(1);
  await act(async () => root.unmount());
  root = createRoot(document.createElement("div"));
  expect(of(removed.mock.calls)).toBe(1);
});
