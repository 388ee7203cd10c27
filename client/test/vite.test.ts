/** The plugin in a real development server. */

import { mkdir, mkdtemp, rm, writeFile, copyFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLogger, createServer, type InlineConfig, type ViteDevServer } from "vite";
import { chartgen } from "../src/vite.js";

const READER = new URL("../../examples/ideaforge/src/lib/job-config.ts", import.meta.url);
let root: string;
let server: ViteDevServer | undefined;
let errors: string[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "chartgen-vite-"));
  errors = [];
  await writeFile(join(root, "index.html"), "<!doctype html><html><head><title>t</title></head><body></body></html>");
  await copyFile(READER, join(root, "job-config.ts"));
});
afterEach(async () => {
  await server?.close();
  await rm(root, { recursive: true });
});

async function served(env: string, options: InlineConfig = {}): Promise<string> {
  await writeFile(join(root, ".env"), env);
  const customLogger = createLogger("silent");
  vi.spyOn(customLogger, "error").mockImplementation((text) => void errors.push(text));
  const plugins = [chartgen({ reader: "/job-config.ts" })];
  const middleware = { middlewareMode: true };
  server = await createServer({ root, configFile: false, customLogger, plugins, server: middleware, ...options });
  return server.transformIndexHtml(
    "/",
    await (await import("node:fs/promises")).readFile(join(root, "index.html"), "utf8"),
  );
}

test("the page has the defaults, and what .env says; what is no setting stays out", async () => {
  const page = await served("JOB_POLL_INTERVAL_MS=4000\nDATABASE_PASSWORD=hunter2\n");
  expect(page).toContain("window.__JOB_POLL_INTERVAL_MS__=4000;window.__JOB_MAX_POLL_ATTEMPTS__=120;");
  expect(page.indexOf("__JOB_POLL")).toBeLessThan(page.indexOf("<title>"));
  expect(page).not.toContain("hunter2");
  expect(errors).toEqual([]);
});

test("what is wrong in .env is logged, and the defaults stand", async () => {
  const page = await served("JOB_POLL_INTERVAL_MS=5s\n");
  expect(page).toContain("window.__JOB_POLL_INTERVAL_MS__=5000;");
  expect(errors).toEqual(['chartgen: pollIntervalMs is "5s"; expected an integer']);
});

test("without a folder for .env files, none is read", async () => {
  expect(await served("JOB_POLL_INTERVAL_MS=4000\n", { envDir: false })).toContain(
    "window.__JOB_POLL_INTERVAL_MS__=5000;",
  );
});

test("another folder for .env files is the one that is read", async () => {
  await mkdir(join(root, "env"));
  await writeFile(join(root, "env", ".env"), "JOB_POLL_INTERVAL_MS=3000\n");
  expect(await served("JOB_POLL_INTERVAL_MS=4000\n", { envDir: "env" })).toContain(
    "window.__JOB_POLL_INTERVAL_MS__=3000;",
  );
});

test("settings.json has what .env says, for the page's watch, below the base of the app", async () => {
  await writeFile(join(root, ".env"), "JOB_POLL_INTERVAL_MS=4000\nDATABASE_PASSWORD=hunter2\n");
  const plugins = [chartgen({ reader: "/job-config.ts" })];
  server = await createServer({ root, base: "/app/", configFile: false, logLevel: "silent", plugins });
  await server.listen(0);
  const url = new URL("settings.json", server.resolvedUrls!.local[0]);
  const first = await fetch(url);
  expect(url.pathname).toBe("/app/settings.json");
  expect(first.headers.get("Content-Type")).toBe("application/json");
  const { version, settings } = (await first.json()) as { version: string; settings: unknown };
  expect(settings).toEqual({ JOB_POLL_INTERVAL_MS: 4000, JOB_MAX_POLL_ATTEMPTS: 120, JOB_TIMEOUT_MS: 600_000 });
  expect(version).toMatch(/^[0-9a-f]{16}$/);
  expect(await (await fetch(url)).json()).toEqual({ version, settings });
});
