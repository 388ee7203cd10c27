/** The package as others get it: its size, what it packs, that it is found. Needs `npm run build`. */

import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm, symlink, writeFile, mkdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { examplesOf } from "./documentation.js";

const run = promisify(execFile);
const HERE = new URL("..", import.meta.url).pathname;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "chartgen-client-"));
  await mkdir(join(folder, "node_modules"));
  await symlink(HERE, join(folder, "node_modules", "chartgen-client"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A folder in which packages are found, and the documentation's examples can be compiled. */
async function workshop(): Promise<void> {
  for (const name of ["react", "vite", "vue", "@types"])
    await symlink(join(HERE, "node_modules", name), join(folder, "node_modules", name));
  await mkdir(join(folder, "lib"));
  await copyFile(READER, join(folder, "lib", "job-config.ts"));
}

test("the documentation's examples compile", async () => {
  await workshop();
  const polling = ["listen.ts", "fetch-job.ts", "wait.ts", "report.tsx", "use-report.ts", "vite.config.ts"];
  const following = ["watch.ts", "pace.tsx", "use-settings.ts", "show.ts"];
  const names = [...polling, ...following];
  const examples = [...(await examplesOf("poll-a-job.md")), ...(await examplesOf("live-reload.md"))];
  expect(examples).toHaveLength(names.length);
  for (const [index, text] of examples.entries()) await writeFile(join(folder, names[index]!), text);
  const options = {
    strict: true,
    noEmit: true,
    target: "ES2022",
    module: "ESNext",
    moduleResolution: "bundler",
    jsx: "react-jsx",
    skipLibCheck: true,
    types: [],
  };
  await writeFile(join(folder, "examples.json"), JSON.stringify({ compilerOptions: options, files: names }));
  const done = run(join(HERE, "node_modules", ".bin", "tsc"), ["-p", "examples.json"], { cwd: folder }).catch(
    (error: { stdout: string }) => error,
  );
  expect((await done).stdout).toBe("");
});

/** The bytes of an entry that a bundler has shaken and minified, before and after gzip. */
async function size(source: string): Promise<{ minified: number; gzipped: number }> {
  const made = await build({
    stdin: { contents: source, resolveDir: folder, loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    external: ["react"],
  });
  const { contents } = made.outputFiles[0]!;
  return { minified: contents.byteLength, gzipped: gzipSync(contents, { level: 9 }).byteLength };
}

const READER = new URL("../../examples/ideaforge/src/lib/job-config.ts", import.meta.url).pathname;
const SOURCES: Record<string, { source: string; budget: number }> = {
  "the poller": { source: 'export { pollJob } from "chartgen-client"', budget: 2350 },
  "the poller and what HTTP says": { source: 'export { pollJob, replyOf } from "chartgen-client"', budget: 2900 },
  "the watch": { source: 'export { watchSettings } from "chartgen-client"', budget: 3350 },
  "the poller and the watch": { source: 'export { pollJob, watchSettings } from "chartgen-client"', budget: 4500 },
  "all but React and Vite": { source: 'export * from "chartgen-client"', budget: 4700 },
  "the state alone": { source: 'export { serialize } from "chartgen-client"', budget: 120 },
  "the reader of the reference app": { source: `export { getSettings } from "${READER}"`, budget: 1650 },
};

test.each(Object.entries(SOURCES))("%s stays within its budget of bytes", async (name, { source, budget }) => {
  const { minified, gzipped } = await size(source);
  console.log(`${name}: ${minified} bytes minified, ${gzipped} gzipped`);
  expect(gzipped).toBeLessThanOrEqual(budget);
});

test("it packs what it is made of, and nothing else", async () => {
  const { stdout } = await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: HERE });
  const parsed = JSON.parse(stdout) as unknown;
  const [packed] = (Array.isArray(parsed) ? parsed : Object.values(parsed as object)) as {
    files: { path: string }[];
  }[];
  const paths = packed!.files.map(({ path }) => path);
  expect(paths).toContain("dist/index.d.ts");
  expect(paths).toContain("README.md");
  expect(paths.filter((path) => !/^(dist\/[a-z-]+\.(js|d\.ts)|package\.json|README\.md|LICENSE)$/.test(path))).toEqual(
    [],
  );
});

test("a checkout in which nothing is built packs, and is installed, as the documentation says", async () => {
  const checkout = join(folder, "checkout");
  const { stdout: listed } = await run("git", ["ls-files", "-z", "."], { cwd: HERE });
  for (const path of listed.split("\0").filter(Boolean)) {
    await mkdir(dirname(join(checkout, path)), { recursive: true });
    await copyFile(join(HERE, path), join(checkout, path));
  }
  await symlink(join(HERE, "node_modules"), join(checkout, "node_modules")); // what `npm ci` brings
  const app = join(folder, "app");
  await mkdir(app);
  await writeFile(join(app, "package.json"), '{"name":"app","private":true,"type":"module"}');
  const { stdout } = await run("npm", ["pack", "--pack-destination", app], { cwd: checkout });
  const tarball = stdout.trim().split("\n").at(-1)!;
  await run("npm", ["install", "--offline", "--legacy-peer-deps", "--no-audit", "--no-fund", `./${tarball}`], {
    cwd: app,
  });
  const use = 'import { pollJob } from "chartgen-client"; console.log(typeof pollJob)';
  const { stdout: used } = await run("node", ["--input-type=module", "--eval", use], { cwd: app });
  expect(used).toBe("function\n");
  const page = await readFile(join(HERE, "..", "docs", "how-to", "poll-a-job.md"), "utf8");
  expect(page).toContain("npm pack --pack-destination");
  expect(page).toContain(`/${tarball}\n`);
});

test("it has no dependency at run time, and its lock names no host of packages", async () => {
  const { dependencies } = JSON.parse(await readFile(join(HERE, "package.json"), "utf8")) as { dependencies?: unknown };
  const lock = await readFile(join(HERE, "package-lock.json"), "utf8");
  const { packages } = JSON.parse(lock) as {
    packages: Record<string, { integrity?: string; resolved?: string; link?: true }>;
  };
  expect(dependencies).toBeUndefined();
  for (const [name, entry] of Object.entries(packages)) {
    if (name !== "") expect([name, entry.integrity?.slice(0, 7), entry.resolved]).toEqual([name, "sha512-", undefined]);
  }
});

test("Node imports it as a module", async () => {
  await writeFile(
    join(folder, "use.mjs"),
    'import { pollJob, watchSettings } from "chartgen-client"; import { useJob, useSettings } from "chartgen-client/react"; import { chartgen } from "chartgen-client/vite"; console.log(...[pollJob, watchSettings, useJob, useSettings, chartgen].map((one) => typeof one));',
  );
  const { stdout } = await run("node", ["use.mjs"], { cwd: folder });
  expect(stdout).toBe("function function function function function\n");
});

test("its types are found, under each way of resolving modules", async () => {
  const source = `
    import { pollJob, type Reply, Timeout, watchSettings } from "chartgen-client";
    const result: Promise<number> = pollJob<number>(async ({ signal }): Promise<Reply<number>> => {
      signal.throwIfAborted();
      return { state: "succeeded", result: 5 };
    });
    result.catch((error: unknown) => error instanceof Timeout && error.state.polls);
    const stop: () => void = watchSettings({
      applySettings: () => ({ settings: { pace: 5 }, refused: [] }),
      onApplied: ({ pace }) => pace.toFixed(),
    });
    stop();
    // @ts-expect-error a watch needs a reader
    watchSettings({});
    // @ts-expect-error a job that is done has a result
    void pollJob<number>(async () => ({ state: "succeeded" }));
  `;
  await writeFile(join(folder, "use.mts"), source);
  for (const [module, moduleResolution] of [
    ["NodeNext", "NodeNext"],
    ["ESNext", "bundler"],
  ] as const) {
    const options = [
      "--strict",
      "--noEmit",
      "--ignoreConfig",
      "--target",
      "ES2022",
      "--lib",
      "ES2022,DOM",
      "--types",
      "",
      "--module",
      module,
      "--moduleResolution",
      moduleResolution,
    ];
    const done = run(join(HERE, "node_modules", ".bin", "tsc"), [...options, "use.mts"], { cwd: folder });
    await expect(done).resolves.toMatchObject({ stdout: "" });
  }
});
