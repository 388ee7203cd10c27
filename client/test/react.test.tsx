// @vitest-environment happy-dom
/** The hook, in React's own strict mode. */

import { act, StrictMode, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useJob, type FetchJob, type Job } from "../src/react.js";

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
