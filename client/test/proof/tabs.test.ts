/**
 * 400 pollers against a real server that stalls for 20 seconds: a proof, of four minutes, for `make prove`.
 *
 * The server counts the polls of each second. Told is the busiest second of the 60 from the third interval after the stall
 * on (the 99th percentile of 60), as a multiple of their mean; three runs with jitter, and then one without. Each run has
 * two processes, the server's and the tabs', so that none waits for another; the one without would disturb those with it.
 */

import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { constants, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Plan } from "./server.js";

const TABS = 400;
const INTERVAL_MS = 5000;
const STALL = { from: 10_000, to: 30_000 };
const FIRST_SECOND = (STALL.to + 2 * INTERVAL_MS) / 1000;
const SECONDS = 60;
const PLAN: Plan = { stall: STALL, endMs: (FIRST_SECOND + SECONDS) * 1000 };

let folder: string;
const started: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "chartgen-tabs-"));
  const entryPoints = ["server.ts", "tabs.ts"].map((name) => new URL(name, import.meta.url).pathname);
  const outExtension = { ".js": ".mjs" };
  await build({ entryPoints, outdir: folder, outExtension, bundle: true, platform: "node", format: "esm" });
});
afterAll(async () => {
  for (const one of started) one.kill();
  await rm(folder, { recursive: true });
});

function start(program: string, argument: unknown): ChildProcess {
  const one = fork(join(folder, program), [JSON.stringify(argument)], { execArgv: [] });
  started.push(one);
  try {
    setPriority(one.pid!, constants.priority.PRIORITY_HIGH);
  } catch {
    // not everybody may: on a machine that others use, too, a process that is held up sends and counts late
  }
  return one;
}

/** The polls of each second of the window. */
async function run({ isPlain }: { isPlain: boolean }): Promise<number[]> {
  const server = start("server.mjs", PLAN);
  const [{ port }] = (await once(server, "message")) as [{ port: number }];
  const tabs = start("tabs.mjs", [`http://127.0.0.1:${port}/`, TABS, INTERVAL_MS, isPlain]);
  const [{ counts }] = (await once(server, "message")) as [{ counts: number[] }];
  expect(tabs.exitCode).toBeNull(); // no poller ended
  tabs.kill();
  return counts.slice(FIRST_SECOND);
}

const mean = (counts: number[]): number => counts.reduce((sum, count) => sum + count, 0) / counts.length;
const peak = (counts: number[]): number => Math.max(...counts) / mean(counts);

test("400 tabs stay apart through a stall; without jitter they do not", { timeout: 300_000 }, async () => {
  const withJitter = await Promise.all([1, 2, 3].map(async () => run({ isPlain: false })));
  const without = await run({ isPlain: true });
  const peaks = withJitter.map(peak).toSorted((a, b) => a - b);
  const told = peaks.map((value) => value.toFixed(2)).join(", ");
  const means = withJitter.map((counts) => mean(counts).toFixed(1)).join(", ");
  console.log(`mean ${means}/s; peak/mean ${told} with jitter, ${peak(without).toFixed(2)} without`);
  for (const counts of withJitter) expect(mean(counts)).toBeGreaterThan(70);
  expect(peaks[1]).toBeLessThanOrEqual(1.35);
  expect(peak(without)).toBeGreaterThan(3);
});
