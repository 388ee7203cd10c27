/** What was refused: the settings that have part in it, by their names and by their environment names, and why. */
export interface Refusal {
  readonly settings: readonly string[];
  readonly env: readonly string[];
  readonly message: string;
}

/** The verdict on values: the settings to use, by their environment names too, what was refused, what is doubtful. */
export interface Judgement {
  readonly settings: Settings;
  readonly values: Raw;
  readonly refused: readonly Refusal[];
  readonly warnings: readonly string[];
}

/** Values as a page has them, by their environment names; what is none of ours is not looked at. */
export type Raw = Readonly<Record<string, unknown>>;

/** The event of `globalThis` that says what was refused; its `detail` is a list of `Refusal`. */
export const REFUSED = "chartgen:settings-refused";

/** The event of `globalThis` that says that other settings hold now; its `detail` is the `Settings`. */
export const CHANGED = "chartgen:settings-changed";

/**
 * The settings that hold now: the page's, or those that came later; the same object as long as they stay the same.
 *
 * A value that cannot be used is refused, with an event, and the default stands for it and for the settings that rules
 * join to it. Nothing is thrown, and without a page (on a server, in a test) all are defaults.
 */
export function getSettings(): Settings {
  return current().settings;
}

/** What is refused of the settings that hold now. */
export function refusedSettings(): readonly Refusal[] {
  return current().refused;
}

/**
 * Adopt settings that came later, by their environment names; where one is wrong, none is adopted.
 *
 * Nor where `admits` says no: it is asked of settings that are right and others than those that hold.
 */
export function applySettings(
  raw: Raw,
  admits?: (next: Settings, held: Settings) => boolean,
): Judgement {
  const judged = judgeSettings(raw);
  if (judged.refused.length > 0) {
    tell(REFUSED, judged.refused);
    return judged;
  }
  const { settings, values } = current();
  const same = Object.keys(values).every(
    (env) => values[env] === judged.values[env],
  );
  if (!same && admits?.(judged.settings, settings) === false) return judged;
  later = same ? { ...judged, settings } : judged;
  if (!same) tell(CHANGED, later.settings);
  return later;
}

/** Judge values by type, limit and rule; nothing else is done with them. */
export function judgeSettings(raw: Raw): Judgement {
  const refused: Refusal[] = [];
  const warnings: string[] = [];
  const values: Record<string, Value> = {};
  for (const [env, setting] of Object.entries(TABLE)) {
    const { value, faults } = judgeValue(setting, raw[env]);
    values[env] = value;
    refused.push(...faults.map((message) => refusal([env], message)));
  }
  const all = values as unknown as Values; // every name of the table, each with a value of its setting's type
  const wrong = new Set(refused.flatMap(({ env }) => env));
  for (const rule of RULES) {
    if (rule.reads.some((env) => wrong.has(env)) || rule.holds(all)) continue;
    const message = rule.message(all).replace(/\n/g, " ");
    if (rule.severity === "error") refused.push(refusal(rule.reads, message));
    else warnings.push(message);
  }
  for (const env of lostTo(refused)) values[env] = fallback(env);
  return { settings: settingsOf(all), values, refused, warnings };
}

function judgeValue(
  setting: Setting,
  raw: unknown,
): { value: Value; faults: string[] } {
  const { name, kind, fallback, limits } = setting;
  if (raw === undefined || raw === null) return { value: fallback, faults: [] };
  const value = kind.read(raw);
  const broken =
    value === undefined ? [kind.expected] : brokenLimits(limits, value);
  const isExact = typeof value !== "bigint";
  const what = isExact ? shown(value ?? raw) : String(value);
  const faults = broken.map(
    (expected) => `${name} is ${what}; expected ${expected}`,
  );
  const isGood = value !== undefined && isExact && broken.length === 0;
  return { value: isGood ? value : fallback, faults };
}

const brokenLimits = (limits: Setting["limits"], value: unknown): string[] =>
  limits
    .filter(([holds]) => !holds(value as never))
    .map(([, expected]) => expected);

/** The environment names of the settings that have part in a refusal, and of those that rules join to them. */
function lostTo(refused: readonly Refusal[]): Set<string> {
  const lost = new Set(refused.flatMap(({ env }) => env));
  const groups = TOGETHER.filter((group) => group.some((env) => lost.has(env)));
  groups.flat().forEach((env) => lost.add(env));
  return lost;
}

const fallback = (env: string): Value => TABLE[env as keyof Values].fallback;

let later: Judgement | undefined;
let judged: { readonly raw: Raw; readonly judgement: Judgement } | undefined;
let block: { readonly text: string; readonly raw: Raw } = { text: "", raw: {} };

function current(): Judgement {
  if (later) return later;
  const raw = pageValues();
  const same =
    judged &&
    Object.keys(raw).every((key) => Object.is(raw[key], judged?.raw[key]));
  if (judged && same) return judged.judgement;
  judged = { raw, judgement: judgeSettings(raw) };
  if (judged.judgement.refused.length > 0)
    tell(REFUSED, judged.judgement.refused);
  return judged.judgement;
}

/** The page's values: globals such as `window.__NAME__`, over the block of JSON whose id is `chartgen-settings`. */
function pageValues(): Raw {
  const raw: Record<string, unknown> = {};
  const data = blockValues();
  for (const env of Object.keys(TABLE)) {
    raw[env] = data[env];
    try {
      raw[env] = (globalThis as unknown as Raw)[`__${env}__`] ?? data[env];
    } catch {
      // what cannot be read is not there
    }
  }
  return raw;
}

function blockValues(): Raw {
  if (typeof document === "undefined") return {};
  const element = document.querySelector(
    'script[type="application/json"]#chartgen-settings',
  );
  const text = element?.textContent ?? "";
  if (text !== block.text) {
    let raw: unknown;
    try {
      raw = JSON.parse(text);
    } catch {
      // told below
    }
    const isObject =
      typeof raw === "object" && raw !== null && !Array.isArray(raw);
    block = { text, raw: isObject ? (raw as Raw) : {} };
    if (!isObject)
      tell(REFUSED, [
        refusal(
          [],
          "the page's block of settings is no JSON object; expected one",
        ),
      ]);
  }
  return block.raw;
}

function refusal(env: readonly string[], message: string): Refusal {
  return {
    settings: env.map((name) => TABLE[name as keyof Values].name),
    env,
    message,
  };
}

/** A value in a message: JSON, cut after 80 characters. */
function shown(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // a circle, or a number that JSON does not have
  }
  text ??= `a ${typeof value}`;
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function tell(name: string, detail: unknown): void {
  try {
    globalThis.dispatchEvent(new CustomEvent(name, { detail }));
  } catch {
    // no page, nobody to tell
  }
}

type Value = string | number | boolean;

/**
 * A type: what is said of a value that is not of it, and the value that a page's value says; a BigInt where that is a
 * text of an integer which no number is, and which no setting allows.
 */
interface Kind {
  readonly expected: string;
  readonly read: (raw: unknown) => Value | bigint | undefined;
}

interface Setting {
  readonly name: string;
  readonly kind: Kind;
  readonly fallback: Value;
  readonly limits: readonly (readonly [
    holds: (value: never) => boolean,
    expected: string,
  ])[];
}

function setting<T extends Value>(
  name: string,
  kind: Kind,
  fallback: T,
  limits: readonly (readonly [
    holds: (value: T) => boolean,
    expected: string,
  ])[],
): Setting {
  return { name, kind, fallback, limits };
}

interface Rule {
  readonly severity: "error" | "warning";
  readonly reads: readonly (keyof Values)[];
  readonly holds: (v: Values) => boolean;
  readonly message: (v: Values) => string;
}
