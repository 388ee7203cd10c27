// @vitest-environment happy-dom
/** The documentation's composables, as they stand there, in a Vue that runs. */

import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createApp, defineComponent, h, nextTick, ref, type App, type Ref } from "vue";
import { examplesOf } from "./documentation.js";
import { settingsOf, type Reader } from "./watching.js";

interface Made {
  readonly reader: Reader;
  readonly useSettings: () => Readonly<Ref<ReturnType<Reader["getSettings"]>>>;
  readonly useReport: (id: Ref<string>) => Ref<{ url?: string; error?: { code: string } }>;
}

const CLIENT = join(import.meta.dirname, "..");
const READER = join(CLIENT, "..", "examples", "ideaforge", "src", "lib", "job-config.ts");
let folder: string;
let made: Made;
let app: App;
let asked: string[];

/** The examples in one module with the reader that they share, where the Vue of this test is found. */
beforeAll(async () => {
  folder = await mkdtemp(join(CLIENT, "node_modules", ".vue-"));
  const polling = await examplesOf("poll-a-job.md");
  const example = (examples: string[], text: string): string => examples.find((one) => one.includes(text))!;
  await writeFile(join(folder, "fetch-job.ts"), example(polling, "export const fetchJob"));
  await writeFile(join(folder, "use-report.ts"), example(polling, "export function useReport"));
  const following = example(await examplesOf("live-reload.md"), "export function useSettings");
  await writeFile(join(folder, "use-settings.ts"), following);
  await mkdir(join(folder, "lib"));
  await copyFile(READER, join(folder, "lib", "job-config.ts"));
  const contents = ["* from './use-report'", "* from './use-settings'", "* as reader from './lib/job-config'"]
    .map((what) => `export ${what};`)
    .join("");
  const alias = { "chartgen-client": join(CLIENT, "src", "index.ts") };
  const stdin = { contents, resolveDir: folder, loader: "ts" } as const;
  await build({ stdin, alias, bundle: true, format: "esm", external: ["vue"], outfile: join(folder, "made.mjs") });
  made = (await import(join(folder, "made.mjs"))) as Made;
});
afterAll(() => rm(folder, { recursive: true }));

beforeEach(() => {
  made.reader.applySettings({});
  vi.useFakeTimers();
  asked = [];
});
afterEach(() => {
  app.unmount();
  vi.useRealTimers();
});

function mount(setup: () => () => unknown): Element {
  const element = document.createElement("div");
  app = createApp(defineComponent({ setup: () => setup() as () => ReturnType<typeof h> }));
  app.mount(element);
  return element;
}

const serve = (answer: (url: string) => unknown): unknown =>
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    return Promise.resolve(new Response(JSON.stringify(answer(url))));
  });

test("what is shown of the settings is shown anew when other ones hold, until the component goes", async () => {
  const element = mount(() => {
    const settings = made.useSettings();
    return () => h("p", settings.value.pollIntervalMs);
  });
  expect(element.textContent).toBe("5000");
  made.reader.applySettings(settingsOf(10_000));
  await nextTick();
  expect(element.textContent).toBe("10000");
  const removed = vi.spyOn(globalThis, "removeEventListener");
  app.unmount();
  expect(removed.mock.calls.map(([name]) => name)).toContain(made.reader.CHANGED);
});

test("a change between the setup and the mounting is not missed", async () => {
  const element = mount(() => {
    const settings = made.useSettings();
    made.reader.applySettings(settingsOf(10_000));
    return () => h("p", settings.value.pollIntervalMs);
  });
  await nextTick();
  expect(element.textContent).toBe("10000");
});

test("a job is polled for, another id starts anew, and the end of the component ends it", async () => {
  serve((url) => (url.endsWith("a") ? { status: "completed", result: { url: "/a.pdf" } } : { status: "running" }));
  const id = ref("a");
  const element = mount(() => {
    const job = made.useReport(id);
    return () => h("p", job.value.url ?? job.value.error?.code ?? "waiting");
  });
  await vi.advanceTimersByTimeAsync(5000);
  expect(element.textContent).toBe("/a.pdf");
  id.value = "b";
  await nextTick();
  expect(element.textContent).toBe("waiting");
  await vi.advanceTimersByTimeAsync(20_000);
  expect(asked.filter((url) => url === "/api/jobs/b").length).toBeGreaterThan(2);
  const before = asked.length;
  app.unmount();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(before);
  expect(vi.getTimerCount()).toBe(0);
});

test("a job that the server does not know is shown as that", async () => {
  vi.stubGlobal("fetch", async () => Promise.resolve(new Response("", { status: 404 })));
  const element = mount(() => {
    const job = made.useReport(ref("a"));
    return () => h("p", job.value.error?.code);
  });
  await vi.advanceTimersByTimeAsync(5000);
  expect(element.textContent).toBe("Gone");
});
