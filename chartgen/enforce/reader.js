/*! part frame */
const REFUSED = "chartgen:settings-refused";
const CHANGED = "chartgen:settings-changed";
function getSettings() {
  return current().settings;
}
function refusedSettings() {
  return current().refused;
}
function applySettings(raw, admits) {
  const judged2 = judgeSettings(raw);
  if (judged2.refused.length > 0) {
    tell(REFUSED, judged2.refused);
    return judged2;
  }
  const { settings, values } = current();
  const same = Object.keys(values).every(
    (env) => values[env] === judged2.values[env]
  );
  if (!same && admits?.(judged2.settings, settings) === false) return judged2;
  later = same ? { ...judged2, settings } : judged2;
  if (!same) tell(CHANGED, later.settings);
  return later;
}
function judgeSettings(raw) {
  const refused = [];
  const warnings = [];
  const values = {};
  for (const [env, setting2] of Object.entries(TABLE)) {
    const { value, faults } = judgeValue(setting2, raw[env]);
    values[env] = value;
    refused.push(...faults.map((message) => refusal([env], message)));
  }
  const all = values;
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
function judgeValue(setting2, raw) {
  const { name, kind, fallback: fallback2, limits } = setting2;
  if (raw === void 0 || raw === null) return { value: fallback2, faults: [] };
  const value = kind.read(raw);
  const broken = value === void 0 ? [kind.expected] : brokenLimits(limits, value);
  const isExact = typeof value !== "bigint";
  const what = isExact ? shown(value ?? raw) : String(value);
  const faults = broken.map(
    (expected) => `${name} is ${what}; expected ${expected}`
  );
  const isGood = value !== void 0 && isExact && broken.length === 0;
  return { value: isGood ? value : fallback2, faults };
}
const brokenLimits = (limits, value) => limits.filter(([holds]) => !holds(value)).map(([, expected]) => expected);
function lostTo(refused) {
  const lost = new Set(refused.flatMap(({ env }) => env));
  const groups = TOGETHER.filter((group) => group.some((env) => lost.has(env)));
  groups.flat().forEach((env) => lost.add(env));
  return lost;
}
const fallback = (env) => TABLE[env].fallback;
let later;
let judged;
let block = { text: "", raw: {} };
function current() {
  if (later) return later;
  const raw = pageValues();
  const same = judged && Object.keys(raw).every((key) => Object.is(raw[key], judged?.raw[key]));
  if (judged && same) return judged.judgement;
  judged = { raw, judgement: judgeSettings(raw) };
  if (judged.judgement.refused.length > 0)
    tell(REFUSED, judged.judgement.refused);
  return judged.judgement;
}
function pageValues() {
  const raw = {};
  const data = blockValues();
  for (const env of Object.keys(TABLE)) {
    raw[env] = data[env];
    try {
      raw[env] = globalThis[`__${env}__`] ?? data[env];
    } catch {
    }
  }
  return raw;
}
function blockValues() {
  if (typeof document === "undefined") return {};
  const element = document.querySelector(
    'script[type="application/json"]#chartgen-settings'
  );
  const text = element?.textContent ?? "";
  if (text !== block.text) {
    let raw;
    try {
      raw = JSON.parse(text);
    } catch {
    }
    const isObject = typeof raw === "object" && raw !== null && !Array.isArray(raw);
    block = { text, raw: isObject ? raw : {} };
    if (!isObject)
      tell(REFUSED, [
        refusal(
          [],
          "the page's block of settings is no JSON object; expected one"
        )
      ]);
  }
  return block.raw;
}
function refusal(env, message) {
  return {
    settings: env.map((name) => TABLE[name].name),
    env,
    message
  };
}
function shown(value) {
  let text;
  try {
    text = JSON.stringify(value);
  } catch {
  }
  text ??= `a ${typeof value}`;
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
function tell(name, detail) {
  try {
    globalThis.dispatchEvent(new CustomEvent(name, { detail }));
  } catch {
  }
}
function setting(name, kind, fallback2, limits) {
  return { name, kind, fallback: fallback2, limits };
}
/*! part integer */
const integer = {
  expected: "an integer",
  read: (raw) => {
    if (typeof raw === "string" && /^-?(0|[1-9][0-9]{0,15})$/.test(raw)) {
      const value = Number(raw) + 0;
      return Number.isSafeInteger(value) ? value : BigInt(raw);
    }
    return typeof raw === "number" && Number.isInteger(raw) ? raw + 0 : void 0;
  }
};
/*! part number */
const number = {
  expected: "a number with at most 6 decimals",
  read: (raw) => {
    const value = typeof raw === "string" && /^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$/.test(raw) ? Number(raw) : raw;
    return typeof value === "number" && Number(value.toFixed(6)) === value ? value + 0 : void 0;
  }
};
/*! part boolean */
const boolean = {
  expected: "true or false",
  read: (raw) => {
    if (raw === "true" || raw === "false") return raw === "true";
    return typeof raw === "boolean" ? raw : void 0;
  }
};
/*! part text */
const text = {
  expected: "a text",
  read: (raw) => typeof raw === "string" ? raw : void 0
};
/*! part same */
const same = (a, b) => a === b;
/*! part before */
function before(a, b) {
  const left = Array.from(a), right = Array.from(b);
  const at = left.findIndex((char, index) => char !== right[index]);
  return at < 0 ? left.length < right.length : at < right.length && left[at].codePointAt(0) < right[at].codePointAt(0);
}
/*! part size */
const size = (text) => Array.from(text).length;
/*! part matches */
const patterns = /* @__PURE__ */ new Map();
function matches(text, pattern) {
  const compiled = patterns.get(pattern) ?? new RegExp(pattern, "u");
  patterns.set(pattern, compiled);
  return compiled.test(text);
}
/*! part decimal */
const decimal = (value) => value.toFixed(6).replace(/\.?0+$/, "").replace(/^-0$/, "0");
