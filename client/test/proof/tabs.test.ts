/**
 * 400 pollers against a real server that stalls for 20 seconds: a proof, of two minutes, for `make prove`.
 *
 * The server counts the polls of each second. Told is the busiest second of the 60 from the third interval after the stall
 * on (the 99th percentile of 60), as a multiple of their mean; three runs with jitter and one without, side by side.
 */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { pollJob, replyOf, type JobState, type PollOptions } from "../../src/index.js";

const TABS = 400;
const INTERVAL_MS = 5000;
const STALL = { from: 10_000, to: 30_000 };
const FIRST_SECOND = (STALL.to + 2 * INTERVAL_MS) / 1000;
const SECONDS = 60;
const SETTINGS = { intervalMs: INTERVAL_MS, attempts: 1000, timeoutMs: 600_000 };

async function serve(counts: number[], start: number): Promise<Server> {
  const server = createServer((_, response) => {
    const now = performance.now() - start;
    counts[Math.floor(now / 1000)] = (counts[Math.floor(now / 1000)] ?? 0) + 1;
    const wait = now >= STALL.from && now < STALL.to ? STALL.to - now : 20;
    setTimeout(() => response.end('{"state":"pending"}'), wait);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** The polls of each second of the window. */
async function run(options: PollOptions): Promise<number[]> {
  const counts: number[] = [];
  const start = performance.now();
  const server = await serve(counts, start);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const controllers = Array.from({ length: TABS }, () => new AbortController());
  const tabs = controllers.map(async ({ signal }) => {
    const fetchStatus = async ({ signal }: { signal: AbortSignal }) =>
      replyOf(await fetch(url, { signal }), (body) => body as JobState<never>);
    await pollJob(fetchStatus, { settings: () => SETTINGS, signal, ...options }).catch(() => undefined);
  });
  await new Promise((resolve) => setTimeout(resolve, (FIRST_SECOND + SECONDS) * 1000));
  for (const controller of controllers) controller.abort();
  await Promise.all(tabs);
  server.closeAllConnections();
  server.close();
  return Array.from({ length: SECONDS }, (_, second) => counts[FIRST_SECOND + second] ?? 0);
}

const mean = (counts: number[]): number => counts.reduce((sum, count) => sum + count, 0) / counts.length;
const peak = (counts: number[]): number => Math.max(...counts) / mean(counts);

test("400 tabs stay apart through a stall; without jitter they do not", { timeout: 200_000 }, async () => {
  const plain = { jitter: 0, random: () => 0.5 };
  const [first, second, third, without] = await Promise.all([run({}), run({}), run({}), run(plain)]);
  const peaks = [first, second, third].map(peak).toSorted((a, b) => a - b);
  const told = peaks.map((value) => value.toFixed(2)).join(", ");
  console.log(`mean ${mean(first).toFixed(1)}/s; peak/mean ${told} with jitter, ${peak(without).toFixed(2)} without`);
  expect(mean(first)).toBeGreaterThan(70);
  expect(peaks[1]).toBeLessThanOrEqual(1.35);
  expect(peak(without)).toBeGreaterThan(3);
});
