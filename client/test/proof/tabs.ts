/** Tabs that begin to poll in one moment, in a process of their own, until it is ended. */

import { pollJob, replyOf, type JobState } from "../../src/index.js";

const [url, tabs, intervalMs, isPlain] = JSON.parse(process.argv[2]!) as [string, number, number, boolean];
const settings = { intervalMs, attempts: 1000, timeoutMs: 600_000 };
// 0.4 lets those without chance ask early in a second of the server's: what they ask together is not counted in two.
const options = { settings: () => settings, ...(isPlain ? { jitter: 0, random: () => 0.4 } : {}) };
for (let tab = 0; tab < tabs; tab += 1) {
  pollJob<never>(
    async ({ signal }) => replyOf(await fetch(url, { signal }), (body) => body as JobState<never>),
    options,
  ).catch(() => process.exit(1));
}
