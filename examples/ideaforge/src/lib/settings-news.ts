/** What became of the page's settings since it was loaded: who looks at the page is told, and so can tell others. */

import { watchSettings } from "chartgen-client";
import { useSyncExternalStore } from "react";
import {
  CHANGED,
  REFUSED,
  applySettings,
  getSettings,
  judgeSettings,
  pollSettings,
  refusedSettings,
  type Refusal,
  type Settings,
} from "./job-config";

/** When other settings came, and what was refused since. */
export interface SettingsNews {
  readonly changedAt: Date | undefined;
  readonly refused: readonly Refusal[];
}

/** Where a setting in force came from. */
export type Origin = "settings.json" | "window" | "page" | "default";

let news: SettingsNews = { changedAt: undefined, refused: [] };
const listeners = new Set<() => void>();

/** Read the page's settings, and follow the server's; once, before anything is rendered. */
export function followSettings(): void {
  addEventListener(CHANGED, () => publish({ changedAt: new Date(), refused: [] }));
  addEventListener(REFUSED, ({ detail }: CustomEventInit<readonly Refusal[]>) => {
    publish({ ...news, refused: detail ?? [] });
  });
  getSettings(); // now, or React would hear of a refusal in the midst of a rendering
  watchSettings({ applySettings, settings: pollSettings });
}

/** The news; renders anew when there is more. */
export function useSettingsNews(): SettingsNews {
  return useSyncExternalStore(subscribe, () => news);
}

/** Where the setting of this environment name came from. */
export function originOf(env: string, { changedAt }: SettingsNews): Origin {
  if (changedAt) return "settings.json";
  const isRefused = refusedSettings().length > 0;
  const inWindow = (globalThis as unknown as Record<string, unknown>)[`__${env}__`];
  if (inWindow !== undefined) return isRefused ? "default" : "window";
  const block = document.querySelector('script[type="application/json"]#chartgen-settings');
  return block && !isRefused && env in parsed(block.textContent) ? "page" : "default";
}

/** Whether these refusals are of what the page was loaded with, where defaults stand in; else what held still does. */
export const isOfThePage = ({ refused }: SettingsNews): boolean => refused === refusedSettings();

/** The settings' environment names, in the order of their names in `Settings`. */
export const names = (): readonly (readonly [keyof Settings, string])[] => {
  const { settings, values } = judgeSettings({});
  const envs = Object.keys(values);
  return (Object.keys(settings) as (keyof Settings)[]).map((name, place) => [name, envs[place]!]);
};

function publish(next: SettingsNews): void {
  news = next;
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function parsed(text: string): object {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null ? found : {};
  } catch {
    return {};
  }
}
