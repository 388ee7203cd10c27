/** Settings that change while a page is open: asked for now and then, adopted when the page's own rules allow it. */

import { ask } from "./ask.js";
import { apart, backOff, chance, firstPhase, type Bounds } from "./pace.js";
import type { Reply } from "./reply.js";
import { DEFAULT_SETTINGS, liveSettings, type PollSettings } from "./settings.js";
import { fetchSettings, type Known, type SettingsDocument } from "./settings-document.js";
import { sleep, untilVisible } from "./sleep.js";
import { tell } from "./tell.js";
import { Versions } from "./versions.js";

/** What was refused: the settings that have part in it, none where it is the whole document, and why. */
export interface RefusedSettings {
  readonly settings: readonly string[];
  readonly env: readonly string[];
  readonly message: string;
}

/**
 * How a generated reader adopts settings by environment names: all of them, or none where it refuses one, or where
 * `admits` says no, which it asks of settings that are others than those that hold.
 */
export type ApplySettings<Settings> = (
  raw: Readonly<Record<string, unknown>>,
  admits: (next: Settings, held: Settings) => boolean,
) => {
  readonly settings: Settings;
  readonly refused: readonly RefusedSettings[];
};

/** What to watch, and how; all but the first has a default. */
export interface WatchOptions<Settings> {
  /** The reader's `applySettings`. */
  readonly applySettings: ApplySettings<Settings>;
  /** The reader's `pollSettings`: their interval, as it is at each step, is how often to ask at most. */
  readonly settings?: (() => Partial<PollSettings>) | undefined;
  /** How often to ask at most, where that is not `settings`'s interval. */
  readonly intervalMs?: number | (() => number) | undefined;
  /** Default: `/settings.json`. */
  readonly url?: string | undefined;
  /** Ends the watch, as calling what `watchSettings` returns does. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the settings when a document was adopted. */
  readonly onApplied?: ((settings: Settings) => void) | undefined;
  /** Called with what was refused, once for each version, once for each kind of answer that is no document. */
  readonly onRefused?: ((refused: readonly RefusedSettings[]) => void) | undefined;
  /** From 0 to below 1; default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** The event of a generated reader that says what was refused. */
const REFUSED = "chartgen:settings-refused";
const REQUEST_TIMEOUT_MS = 30_000;
/** However short the interval of a page's jobs is, its settings do not change more often than once in a second. */
const BOUNDS = { floorMs: 1000, maxDelayMs: 300_000, maxRetryAfterMs: 300_000, jitter: 0.1 };

/** The watches of a page, by what they adopt with and by where they ask: one is enough for all who want the same. */
const watches = new WeakMap<object, Map<string, Watch<unknown>>>();

/**
 * Follow the settings that a server has, until what is returned is called; nothing is done where there is no page.
 *
 * Nothing is thrown. Watches of the same address share their requests.
 */
export function watchSettings<Settings>(options: WatchOptions<Settings>): () => void {
  const { applySettings, url = "/settings.json", signal } = options;
  if (typeof document === "undefined" || signal?.aborted) return () => undefined;
  const byUrl = watches.get(applySettings) ?? new Map<string, Watch<unknown>>();
  watches.set(applySettings, byUrl);
  const watch = byUrl.get(url) ?? new Watch<unknown>(url, applySettings);
  byUrl.set(url, watch);
  const watcher = { ...options } as WatchOptions<unknown>; // one for each call, though options may be the same
  const stop = (): void => {
    signal?.removeEventListener("abort", stop);
    watch.remove(watcher);
  };
  signal?.addEventListener("abort", stop);
  watch.add(watcher);
  return stop;
}

/** What is asked of one address. It outlives those who watch: who comes back asks no sooner, and knows the versions. */
class Watch<Settings> {
  readonly #url: string;
  readonly #applySettings: ApplySettings<Settings>;
  readonly #watchers = new Set<WatchOptions<Settings>>();
  readonly #versions = new Versions();
  #controller = new AbortController();
  #known: Known | undefined;
  #askedAt = -Infinity;
  #failures = 0;
  /** The kinds of answers that were no document, as they were told. */
  readonly #told = new Set<string>();

  constructor(url: string, applySettings: ApplySettings<Settings>) {
    this.#url = url;
    this.#applySettings = applySettings;
  }

  add(watcher: WatchOptions<Settings>): void {
    this.#watchers.add(watcher);
    if (this.#watchers.size > 1) return;
    this.#controller = new AbortController();
    this.#run(this.#controller.signal).catch(() => undefined); // it ends by an abort alone
  }

  remove(watcher: WatchOptions<Settings>): void {
    if (this.#watchers.delete(watcher) && this.#watchers.size === 0) this.#controller.abort();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const interval = this.#intervalMs();
    let wait = Math.max(firstPhase(interval, this.#bounds()), this.#askedAt + interval - performance.now());
    for (;;) {
      await sleep(wait, signal);
      await untilVisible(signal);
      this.#askedAt = performance.now();
      const request = (part: { signal: AbortSignal }): Promise<Reply<Known>> =>
        fetchSettings(this.#url, this.#known, part.signal);
      const reply = await ask(request, 1, signal, REQUEST_TIMEOUT_MS);
      signal.throwIfAborted();
      this.#take(reply);
      wait = this.#pause(reply, performance.now() - this.#askedAt);
    }
  }

  #take(reply: Reply<Known>): void {
    this.#failures = reply.state === "succeeded" ? 0 : this.#failures + 1;
    if (reply.state === "succeeded") {
      this.#known = reply.result;
      this.#consider(reply.result.document);
    } else if (reply.state === "refused" || reply.state === "gone") {
      this.#refuse(reply.state === "gone" ? "not there" : String(reply.reason));
    }
  }

  /** From one request to the next, not less than the interval. */
  #pause(reply: Reply<Known>, tookMs: number): number {
    const bounds = this.#bounds();
    const interval = this.#intervalMs();
    if (reply.state === "succeeded") return apart(interval, tookMs, bounds);
    const retryAfterMs = "retryAfterMs" in reply ? reply.retryAfterMs : undefined;
    return Math.max(interval, backOff(interval, this.#failures, bounds, retryAfterMs));
  }

  #consider({ version, settings }: SettingsDocument): void {
    const now = performance.now();
    if (!this.#versions.isDue(version, now)) return;
    let isHeldBack = false;
    const judged = this.#judge(settings, (next, held) => {
      isHeldBack = !this.#versions.admits(next, held, now);
      return !isHeldBack;
    });
    if (isHeldBack) return; // until its time has come, and this is asked again
    if (!judged || judged.refused.length > 0) {
      this.#versions.refuse(version);
      if (judged) this.#tell(({ onRefused }) => onRefused?.(judged.refused));
    } else {
      this.#versions.adopt(version, now);
      this.#tell(({ onApplied }) => onApplied?.(judged.settings));
    }
  }

  /** A generated reader throws nothing; others may. */
  #judge(...given: Parameters<ApplySettings<Settings>>): ReturnType<ApplySettings<Settings>> | undefined {
    try {
      return this.#applySettings(...given);
    } catch (error) {
      console.error(error);
      return undefined;
    }
  }

  /** An answer that is no document, told as a reader tells of settings that it refuses; once for all of its kind. */
  #refuse(what: string): void {
    if (this.#told.has(what)) return;
    this.#told.add(what);
    const message = `${this.#url} is ${what}; expected a document of settings`;
    const refused = [{ settings: [], env: [], message }];
    announce(refused);
    this.#tell(({ onRefused }) => onRefused?.(refused));
  }

  #tell(call: (watcher: WatchOptions<Settings>) => unknown): void {
    for (const watcher of [...this.#watchers]) tell(() => call(watcher));
  }

  /** The shortest of those that are wanted now. */
  #intervalMs(): number {
    return Math.min(...[...this.#watchers].map(intervalOf));
  }

  #bounds(): Bounds {
    const [watcher] = this.#watchers;
    return { ...BOUNDS, random: chance(watcher?.random) };
  }
}

function intervalOf({ intervalMs, settings }: Pick<WatchOptions<unknown>, "intervalMs" | "settings">): number {
  const own = () => ({ intervalMs: (typeof intervalMs === "function" ? intervalMs() : intervalMs) as number });
  return liveSettings(intervalMs === undefined ? settings : own, DEFAULT_SETTINGS).intervalMs;
}

function announce(refused: readonly RefusedSettings[]): void {
  try {
    globalThis.dispatchEvent(new CustomEvent(REFUSED, { detail: refused }));
  } catch {
    // no page, nobody to tell
  }
}
