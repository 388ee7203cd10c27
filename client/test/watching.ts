/** A page whose settings are watched, and its server, which tests write out answer by answer, under timers that they turn. */

import { vi } from "vitest";
import { watchSettings, type RefusedSettings, type WatchOptions } from "../src/index.js";
import { EVEN, page } from "./polling.js";

export type Reader = typeof import("../../examples/ideaforge/src/lib/job-config.js");

/** Settings that keep the rules: the version is told by the interval. */
export const settingsOf = (interval: number): Record<string, unknown> => ({
  JOB_POLL_INTERVAL_MS: interval,
  JOB_MAX_POLL_ATTEMPTS: 60,
  JOB_TIMEOUT_MS: 900_000,
});
/** So many attempts of 5 seconds do not fit into the time. */
export const BROKEN = { JOB_POLL_INTERVAL_MS: 5000, JOB_MAX_POLL_ATTEMPTS: 120, JOB_TIMEOUT_MS: 60_000 };

export interface Answer {
  readonly body: string;
  readonly status?: number;
  readonly headers?: Record<string, string>;
}

export const documentOf = (version: string, settings: unknown, headers: Record<string, string> = {}): Answer => ({
  body: JSON.stringify({ version, settings }),
  headers: { "Content-Type": "application/json", ...headers },
});
/** As nginx answers: an ETag that follows the content. */
export const tagged = (version: string, settings: unknown): Answer =>
  documentOf(version, settings, { ETag: `"${version}"` });
export const HTML: Answer = {
  body: "<!doctype html><html></html>",
  headers: { "Content-Type": "text/html", ETag: '"index"' },
};

export interface Asked {
  /** Milliseconds since the start of the test's clock. */
  readonly at: number;
  readonly headers: Headers;
  readonly cache: RequestCache | undefined;
  readonly status: number;
}

type Reply = Answer | Response | Error | ((signal: AbortSignal) => Promise<Response>);

export interface Watched {
  readonly asked: Asked[];
  readonly applied: number[];
  readonly refused: (readonly RefusedSettings[])[];
  /** What the events of the page said was refused. */
  readonly events: RefusedSettings[][];
  /** How many events said that other settings hold. */
  changes: number;
  readonly stop: () => void;
  readonly again: (options?: Partial<WatchOptions<unknown>>) => () => void;
  readonly page: ReturnType<typeof page>;
  readonly reader: Reader;
}

/** A page that watches; the server gives these answers, one after the other, the last of them for ever. */
export async function watch(
  answers: Reply[],
  options: Partial<WatchOptions<unknown>> = {},
  loaded: Record<string, unknown> = {},
): Promise<Watched> {
  const start = performance.now();
  const asked: Asked[] = [];
  const answer = async (_: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    const reply = answers[Math.min(asked.length, answers.length - 1)]!;
    const response = reply instanceof Error || typeof reply === "function" ? undefined : respond(reply, headers);
    asked.push({ at: performance.now() - start, headers, cache: init.cache, status: response?.status ?? 0 });
    if (reply instanceof Error) throw reply;
    return response ?? (reply as (signal: AbortSignal) => Promise<Response>)(init.signal!);
  };
  vi.stubGlobal("fetch", answer);
  return Object.assign(await open(options, loaded), { asked });
}

/** The page, with the settings that it was loaded with, and its watch, with whatever `fetch` there is. */
export async function open(
  options: Partial<WatchOptions<unknown>>,
  loaded: Record<string, unknown> = {},
): Promise<Omit<Watched, "asked">> {
  const shown = page();
  for (const [env, value] of Object.entries(loaded)) vi.stubGlobal(`__${env}__`, value);
  Object.assign(document, { querySelector: () => null });
  const target = new EventTarget();
  for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"] as const)
    vi.stubGlobal(name, target[name].bind(target));
  vi.resetModules();
  const reader = await import("../../examples/ideaforge/src/lib/job-config.js");
  const [applied, refused, events]: [number[], Watched["refused"], Watched["events"]] = [[], [], []];
  const watched = { applied, refused, events, changes: 0 };
  target.addEventListener(reader.REFUSED, (event) => watched.events.push((event as CustomEvent).detail));
  target.addEventListener(reader.CHANGED, () => (watched.changes += 1));
  const again = (more: Partial<WatchOptions<unknown>> = {}): (() => void) =>
    watchSettings({
      applySettings: reader.applySettings,
      settings: reader.pollSettings,
      random: EVEN,
      onApplied: () => watched.applied.push(reader.getSettings().pollIntervalMs),
      onRefused: (refused) => watched.refused.push(refused),
      ...options,
      ...more,
    });
  return Object.assign(watched, { stop: again(), again, page: shown, reader });
}

function respond(reply: Answer | Response, headers: Headers): Response {
  if (reply instanceof Response) return reply;
  const given = new Headers(reply.headers);
  const same = (name: string, condition: string): boolean =>
    given.has(name) && given.get(name) === headers.get(condition);
  if (same("ETag", "If-None-Match") || same("Last-Modified", "If-Modified-Since"))
    return new Response(null, { status: 304 });
  return new Response(reply.body, { status: reply.status ?? 200, headers: given });
}
