/** A real Chromium: the reader in each mode of the entrypoint's, the poller against a real server, a page that is hidden. */

import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

const PROGRAM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
];
const READER = new URL("../../examples/ideaforge/src/lib/job-config.ts", import.meta.url).pathname;
const POLLER = new URL("../src/index.ts", import.meta.url).pathname;
const APP = `
  import * as reader from "${READER}";
  import * as poller from "${POLLER}";
  Object.assign(window, { reader, poller });
`;
const SCRIPT =
  "window.__JOB_POLL_INTERVAL_MS__=1000;window.__JOB_MAX_POLL_ATTEMPTS__=20;window.__JOB_TIMEOUT_MS__=20000;";
const DATA = '{"JOB_POLL_INTERVAL_MS":1000,"JOB_MAX_POLL_ATTEMPTS":20,"JOB_TIMEOUT_MS":20000}';
const ELEMENTS: Record<string, string> = {
  inline: `<script>${SCRIPT}</script>`,
  file: '<script src="/chartgen-settings.js"></script>',
  json: `<script type="application/json" id="chartgen-settings">${DATA}</script>`,
  wrong: "<script>window.__JOB_POLL_INTERVAL_MS__=1e9</script>",
};

let app: string;
let server: Server;
let browser: Browser;
let page: Page;
let answers: { status: number; headers?: Record<string, string>; body?: unknown }[];
let asked: number[];

/** A missing browser fails in CI; by hand, it leaves these tests out. */
const isWanted = existsSync(PROGRAM) || ![undefined, "", "0", "false"].includes(process.env["CI"]);

beforeAll(async () => {
  if (!isWanted) return;
  const made = await build({
    stdin: { contents: APP, resolveDir: "/", loader: "ts" },
    bundle: true,
    write: false,
    format: "iife",
  });
  app = made.outputFiles[0]!.text;
  server = createServer((request, response) => {
    const url = request.url ?? "";
    if (url === "/status") {
      asked.push(performance.now());
      const { status, headers, body } = answers.length > 1 ? answers.shift()! : answers[0]!;
      response.writeHead(status, headers).end(JSON.stringify(body ?? {}));
    } else if (url.endsWith(".js")) {
      response.writeHead(200, { "Content-Type": "text/javascript" }).end(url === "/app.js" ? app : SCRIPT);
    } else {
      const html = `<!doctype html><html><head>${ELEMENTS[url.slice(1)] ?? ""}<script src="/app.js"></script></head></html>`;
      response.writeHead(200, { "Content-Type": "text/html" }).end(html);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await chromium.launch({ executablePath: PROGRAM, args: ARGUMENTS });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  server?.close();
});
beforeEach(async () => {
  if (!isWanted) return;
  answers = [{ status: 200, body: { state: "pending" } }];
  asked = [];
  page = await browser.newPage();
});

const open = (path: string): Promise<unknown> =>
  page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`);

/** Poll in the page with its own settings: the result, or the error's code, and when it asked, by the page's clock. */
const poll = (): Promise<{ outcome: unknown; polls: number[] }> =>
  page.evaluate(async () => {
    const { reader, poller } = window as unknown as {
      reader: typeof import("../../examples/ideaforge/src/lib/job-config.js");
      poller: typeof import("../src/index.js");
    };
    const polls: number[] = [];
    const fetchStatus = async ({ signal }: { signal: AbortSignal }) => {
      polls.push(performance.now());
      return poller.replyOf(
        await fetch("/status", { signal }),
        (body) => body as { state: "succeeded"; result: string },
      );
    };
    const outcome = await poller
      .pollJob(fetchStatus, { settings: reader.pollSettings })
      .catch((error: unknown) => (error instanceof poller.PollError ? error.code : String(error)));
    return { outcome, polls };
  });

test.runIf(isWanted).each(["inline", "file", "json"])("the mode %s sets the pace of a job that ends", async (mode) => {
  answers = [
    { status: 200, body: { state: "pending" } },
    { status: 500 },
    { status: 200, body: { state: "succeeded", result: "done" } },
  ];
  await open(mode);
  const { outcome, polls } = await poll();
  expect(outcome).toBe("done");
  expect(asked).toHaveLength(3);
  const [first, , third] = polls as [number, number, number];
  expect(third - first).toBeGreaterThan(1500);
  expect(third - first).toBeLessThan(3500);
});

test.runIf(isWanted)("a page without settings has the defaults", async () => {
  await open("");
  expect(await page.evaluate("reader.getSettings().pollIntervalMs")).toBe(5000);
});

test.runIf(isWanted)("a wrong setting is told by an event, and its defaults stand", async () => {
  await open("wrong");
  const told = await page.evaluate(`new Promise((resolve) => {
    addEventListener("chartgen:settings-refused", ({ detail }) => resolve(detail));
    reader.getSettings();
  })`);
  expect(told).toMatchObject([
    { env: ["JOB_POLL_INTERVAL_MS"], message: "pollIntervalMs is 1000000000; expected at most 60000 ms" },
  ]);
  expect(await page.evaluate("reader.getSettings()")).toEqual({
    pollIntervalMs: 5000,
    maxPollAttempts: 120,
    timeoutMs: 600_000,
  });
});

test.runIf(isWanted)("Retry-After is read from a real answer, and 410 ends it", async () => {
  answers = [{ status: 503, headers: { "Retry-After": "2" } }, { status: 410 }];
  await open("inline");
  expect((await poll()).outcome).toBe("Gone");
  expect(asked[1]! - asked[0]!).toBeGreaterThan(1950);
});

test.runIf(isWanted)(
  "ten minutes pass in the browser's own fake clock, and end in a timeout or in attempts that are used up",
  async () => {
    await page.clock.install();
    await open("");
    // No request: the network has no fake clock.
    const end = page.evaluate(
      'poller.pollJob(async () => ({ state: "pending" }), { settings: reader.pollSettings }).catch((error) => error.code)',
    );
    for (let minute = 0; minute < 11; minute += 1) await page.clock.runFor(60_000);
    expect(["Timeout", "AttemptsExhausted"]).toContain(await end);
  },
  60_000,
);
