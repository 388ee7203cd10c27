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
 * rules; what is wrong is logged, and its defaults stand. Names that are no settings stay out of the page.
 */
export function chartgen({ reader }: ChartgenOptions): Plugin {
  let config: ResolvedConfig;
  let server: ViteDevServer | undefined;
  return {
    name: "chartgen",
    apply: "serve",
    configResolved: (resolved) => void (config = resolved),
    configureServer: (started) => void (server = started),
    async transformIndexHtml() {
      if (!server) return []; // a preview serves what was built
      const { loadEnv } = await import("vite");
      const { judgeSettings } = (await server.ssrLoadModule(reader)) as Reader;
      const directory = config.envDir || config.root;
      const { values, refused, warnings } = judgeSettings(loadEnv(config.mode, directory, ""));
      for (const { message } of refused) config.logger.error(`chartgen: ${message}`);
      for (const message of warnings) config.logger.warn(`chartgen: ${message}`);
      const children = Object.entries(values).map(([env, value]) => `window.__${env}__=${written(value)};`);
      return [{ tag: "script", children: children.join(""), injectTo: "head-prepend" }];
    },
  };
}

/** JSON in which HTML finds nothing of its own. */
const written = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
