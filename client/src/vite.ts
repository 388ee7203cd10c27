/** The settings in `vite dev`: what the entrypoint does when a container starts, the development server does here. */

import type { Plugin, ResolvedConfig, ViteDevServer } from "vite";

/** What the plugin uses of a generated reader. */
interface Reader {
  judgeSettings(raw: Readonly<Record<string, unknown>>): {
    readonly values: Readonly<Record<string, unknown>>;
    readonly refused: readonly { readonly message: string }[];
    readonly warnings: readonly string[];
  };
}

/** `reader` is the generated module, as an import from the project's root: `/src/lib/job-config.ts`. */
export interface ChartgenOptions {
  readonly reader: string;
}

/**
 * Puts the settings of the environment and of Vite's `.env` files into the page, judged by the generated reader's own
 * rules, and answers `settings.json` with them; what is wrong is logged, and its defaults stand. Names that are no
 * settings stay out of both.
 */
export function chartgen({ reader }: ChartgenOptions): Plugin {
  let config: ResolvedConfig;
  let server: ViteDevServer | undefined;
  const judge = async (started: ViteDevServer): Promise<ReturnType<Reader["judgeSettings"]>> => {
    const { loadEnv } = await import("vite");
    const { judgeSettings } = (await started.ssrLoadModule(reader)) as Reader;
    return judgeSettings(loadEnv(config.mode, config.envDir, ""));
  };
  return {
    name: "chartgen",
    apply: "serve",
    configResolved: (resolved) => void (config = resolved),
    configureServer: (started) => {
      server = started;
      started.middlewares.use(`${config.base}settings.json`, (_, response, next) => {
        const answer = async (): Promise<void> => {
          const text = await documentOf((await judge(started)).values);
          response.setHeader("Content-Type", "application/json").setHeader("Cache-Control", "no-cache").end(text);
        };
        answer().catch(next);
      });
    },
    async transformIndexHtml() {
      if (!server) return []; // a preview serves what was built
      const { values, refused, warnings } = await judge(server);
      for (const { message } of refused) config.logger.error(`chartgen: ${message}`);
      for (const message of warnings) config.logger.warn(`chartgen: ${message}`);
      const children = Object.entries(values).map(([env, value]) => `window.__${env}__=${written(value)};`);
      return [{ tag: "script", children: children.join(""), injectTo: "head-prepend" }];
    },
  };
}

/** What the entrypoint writes beside a page: the settings, with a version that is made of them. */
async function documentOf(settings: Readonly<Record<string, unknown>>): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(settings));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const version = [...digest.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return JSON.stringify({ version, settings });
}

/** JSON in which HTML finds nothing of its own. */
const written = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
