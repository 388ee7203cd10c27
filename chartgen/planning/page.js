const plan = JSON.parse(document.getElementById("plan").textContent);
const byRole = Object.fromEntries(plan.roles.map((role) => [role.role, role]));
const state = { ...plan.situation, values: { ...plan.values } };
const element = (name, attributes = {}, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};
const drawn = (name, attributes, text = "") => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
};
const number = (value) => (value >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value > 0 && value < 0.1 ? value.toPrecision(1) : value.toFixed(1))));
const time = (seconds) => (seconds < 1 ? `${Number((seconds * 1000).toPrecision(4))} ms` : `${Number(seconds.toPrecision(seconds < 100 ? 3 : 4))} s`);

/** What the settings say of polling; as the client does, its own defaults where they say nothing above 0. */
function pollsOf(values) {
  const of = (name, fallback) => {
    const role = byRole[name];
    const value = role ? values[role.env] * role.seconds : 0;
    return value > 0 ? value : fallback;
  };
  const { interval, attempts, timeout } = plan.clientDefaults;
  return { interval: of("poll-interval", interval), attempts: of("poll-attempts", attempts), timeout: of("poll-timeout", timeout) };
}

/** Whether settings are allowed, and why not: what the reader of the page says, then what this plan asks beside it. */
function verdictOf(values, situation = state) {
  const { refused, warnings } = judgeSettings(values);
  const load = figures(situation, pollsOf(values));
  const limits = [];
  const { capacity } = situation;
  if (capacity !== null && load.jitteredPeak > capacity)
    limits.push(`a busy second has ${number(load.jitteredPeak)} requests, more than the capacity of ${number(capacity)}`);
  if (!load.keepsPace) limits.push(`an answer that takes ${time(situation.rtt)} can be too late for the next poll`);
  if (!load.seesTheEnd) limits.push(`a page gives up after ${time(load.givesUpAfterSeconds)}, before its job ends`);
  return { refused: refused.map(({ message }) => message), warnings: [...warnings], limits, load };
}

// `high` is where the slider ends, `most` what the command takes.
const SITUATION = [
  { key: "users", label: "Users", low: 1, high: 10000, most: 1e7, log: true, step: 1 },
  { key: "job", label: "A job takes (s; 0: longer than all)", low: 0, high: 3600, most: 31536000, step: 1, factor: 1, optional: true },
  { key: "rtt", label: "An answer takes (ms)", low: 0, high: 5000, most: 600000, step: 1, factor: 1000 },
  { key: "capacity", label: "Capacity (requests/s; 0: none)", low: 0, high: 2000, most: 1e9, step: 1, factor: 1, optional: true },
];
const shown = []; // functions that show the state in its inputs

function control(id, label, { low, high, most = Number.MAX_SAFE_INTEGER, step, log }, read, write) {
  const toBar = (value) => (log ? (Math.log(value / low) / Math.log(high / low)) * 1000 : value);
  const ofBar = (bar) => (log ? Math.round(low * (high / low) ** (bar / 1000)) : bar);
  const bar = element("input", { type: "range", min: log ? 0 : low, max: log ? 1000 : high, step: log ? 1 : step, "aria-label": label });
  const box = element("input", { type: "number", id, min: low, max: most, step: "any", "aria-label": label });
  const change = (value) => {
    if (!(value >= 0 && value <= most)) return;
    write(value);
    show();
  };
  bar.addEventListener("input", () => change(ofBar(Number(bar.value))));
  box.addEventListener("input", () => box.value !== "" && change(Number(box.value)));
  shown.push(() => {
    bar.value = toBar(Math.max(read(), low));
    if (document.activeElement !== box) box.value = read();
  });
  return element("label", {}, element("span", {}, label), bar, box);
}

function choice(id, label, values, read, write) {
  const list = element("select", { id, "aria-label": label }, ...values.map((value) => element("option", { value }, String(value))));
  list.addEventListener("input", () => (write(Number(list.value)), show()));
  shown.push(() => (list.value = read()));
  return element("label", {}, element("span", {}, label), element("span"), list);
}

function build() {
  for (const { key, label, factor = 1, optional, ...range } of SITUATION) {
    const read = () => Number(((state[key] ?? 0) * factor).toPrecision(12));
    const write = (value) => (state[key] = optional && value === 0 ? null : key === "users" ? Math.max(1, Math.round(value)) : value / factor);
    document.getElementById("situation").append(control(key, label, { ...range, high: Math.max(range.high, read()) }, read, write));
  }
  for (const role of plan.roles) {
    const label = `${role.name}${role.unit ? ` (${role.unit})` : ""}`;
    const read = () => state.values[role.env], write = (value) => (state.values[role.env] = value);
    const high = Math.max(Math.min(role.high, role.role === "poll-attempts" ? 100000 : 86400 / role.seconds), read());
    const made = role.choices
      ? choice(role.env, label, role.choices, read, write)
      : control(role.env, label, { low: role.low, high, step: role.step, log: high / role.low > 100 && role.step === 1 }, read, write);
    document.getElementById("roles").append(made);
  }
  for (const [name, values] of plan.choices) {
    const button = element("button", { type: "button" }, name);
    button.addEventListener("click", () => (Object.assign(state.values, values), show()));
    document.getElementById("choices").append(button);
  }
  if (plan.advice) {
    document.getElementById("recommended").hidden = false;
    document.getElementById("advice").textContent = plan.advice;
  }
}

function showVerdict({ refused, warnings, limits }) {
  const box = document.getElementById("verdict"), why = [...refused, ...limits, ...warnings];
  box.className = refused.length ? "refused" : why.length ? "doubtful" : "allowed";
  const words = refused.length ? "Not allowed:" : limits.length ? "Allowed by the rules, but:" : warnings.length ? "Allowed, with a warning:" : "Allowed by every limit and rule.";
  const list = element("ul", {}, ...why.map((message) => element("li", {}, message)));
  box.replaceChildren(element("strong", {}, words), ...(why.length ? [list] : []));
}

function showLoad(load) {
  const rows = [
    ["requests a second, on average", number(load.meanPerSecond), "meanPerSecond"],
    ["in a busy second (1 of 100 has more)", number(load.jitteredPeak), "jitteredPeak"],
    ["where all ask at once", number(load.synchronisedPeak), "synchronisedPeak"],
    ["in flight", number(load.inFlight), "inFlight"],
    ["traffic, kB a second", number(load.bytesPerSecond / 1000), "bytesPerSecond"],
    ["polls a job", load.pollsOfAJob === null ? "–" : number(load.pollsOfAJob), "pollsOfAJob"],
    ["a job's end is seen after, on average", time(load.delaySeconds), "delaySeconds"],
    ["and for 95 of 100 jobs within", time(load.delay95Seconds), "delay95Seconds"],
    ["a page gives up after", time(load.givesUpAfterSeconds), "givesUpAfterSeconds"],
    ["users by interval, the simple mean", number(load.usersByInterval), "usersByInterval"],
  ];
  const made = rows.map(([term, value, key]) => element("div", {}, element("dt", {}, term), element("dd", { "data-figure": key }, value)));
  document.getElementById("load").replaceChildren(...made);
}

/** The intervals that a chart shows, in the setting's own unit, evenly on a logarithmic axis. */
function intervals() {
  const role = byRole["poll-interval"];
  if (role.choices) return role.choices.filter((value) => value > 0);
  const here = pollsOf(state.values).interval;
  const low = Math.max(role.low, Math.ceil(0.1 / role.seconds / role.step) * role.step), count = 240, found = new Set();
  const high = Math.max(low, Math.min(role.high, Math.ceil(Math.max(120, 4 * here) / role.seconds / role.step) * role.step));
  for (let place = 0; place <= count; place += 1)
    found.add(Math.min(high, Math.max(low, Math.round((low * (high / low) ** (place / count)) / role.step) * role.step)));
  return [...found].filter((value) => value > 0);
}

const PLOT = { left: 52, right: 12, top: 10, bottom: 46 };

function chart(id, height, lines, { log, marks = [], strip = [] }) {
  const svg = document.getElementById(id), width = 720;
  const xs = lines[0].points.map(([x]) => x), ys = lines.flatMap(({ points }) => points.map(([, y]) => y)).concat(marks.map(({ y }) => y ?? 0));
  const [x0, x1] = [xs[0], xs.at(-1) === xs[0] ? xs[0] * 1.01 : xs.at(-1)];
  const top = Math.max(...ys) * 1.05, floor = log ? Math.max(Math.min(...ys.filter((y) => y > 0)) * 0.8, top / 1e4) : 0;
  const x = (value) => PLOT.left + (Math.log(value / x0) / Math.log(x1 / x0)) * (width - PLOT.left - PLOT.right);
  const share = (value) => (log ? Math.log(Math.max(value, floor) / floor) / Math.log(top / floor) : value / top);
  const y = (value) => height - PLOT.bottom - share(value) * (height - PLOT.top - PLOT.bottom);
  const parts = [];
  for (const tick of ticks(floor, top, log)) {
    parts.push(drawn("line", { class: "axis", x1: PLOT.left, x2: width - PLOT.right, y1: y(tick), y2: y(tick) }));
    parts.push(drawn("text", { x: PLOT.left - 6, y: y(tick) + 4, "text-anchor": "end" }, number(tick)));
  }
  for (const tick of ticks(x0, x1, true).filter((each) => each >= x0))
    parts.push(drawn("text", { x: x(tick), y: height - 6, "text-anchor": "middle" }, time(tick)));
  strip.forEach(([at, kind, why], place) => {
    const from = x(at), to = place + 1 < strip.length ? x(strip[place + 1][0]) : Math.max(from + 2, width - PLOT.right);
    const made = drawn("rect", { class: kind, x: from, y: height - 36, width: Math.max(to - from, 1) + 0.3, height: 10 });
    made.append(drawn("title", {}, `${time(at)}: ${why}`));
    parts.push(made);
  });
  for (const { points, kind } of lines)
    parts.push(drawn("path", { class: kind, d: points.map(([a, b], place) => `${place ? "L" : "M"}${x(a).toFixed(1)} ${y(b).toFixed(1)}`).join("") }));
  for (const mark of marks) {
    const ends = mark.y === undefined ? { x1: x(mark.x), x2: x(mark.x), y1: PLOT.top, y2: height - PLOT.bottom } : { x1: PLOT.left, x2: width - PLOT.right, y1: y(mark.y), y2: y(mark.y) };
    parts.push(drawn("line", { class: mark.kind, ...ends }));
  }
  svg.replaceChildren(...parts);
}

function ticks(low, high, log) {
  if (!log) {
    const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((each) => high / each <= 6) ?? high / 5;
    return Array.from({ length: Math.floor(high / step) + 1 }, (_, place) => place * step);
  }
  const all = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1)
    for (const lead of [1, 2, 5]) all.push(lead * 10 ** power);
  return all.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
}

/** The attempts that wait as long as now at another interval, as far as their own limits have them. */
function adapted(values, seconds) {
  const role = byRole["poll-attempts"];
  if (!role) return values;
  const { interval, attempts, timeout } = pollsOf(state.values);
  const wish = Math.min(timeout, attempts * interval) / seconds + 1e-9;
  const fitting = (role.choices ?? []).filter((choice) => choice <= wish);
  const count = role.choices ? Math.max(...fitting, Math.min(...role.choices)) : Math.min(Math.max(Math.floor(wish / role.step) * role.step, role.low), role.high);
  return { ...values, [role.env]: count };
}

/** What a strip shows of an interval: its colour, and why. */
function markOf(values, seconds, { refused, limits }) {
  if (!refused.length) return limits.length ? ["doubtful", limits.join("; ")] : ["good", "allowed"];
  const other = adapted(values, seconds), verdict = verdictOf(other);
  const words = `${byRole["poll-attempts"]?.name ?? ""} ${other[byRole["poll-attempts"]?.env]}`;
  if (!verdict.refused.length) return verdict.limits.length ? ["doubtful", `with ${words}: ${verdict.limits.join("; ")}`] : ["other", `allowed with ${words}`];
  return ["bad", refused.join("; ")];
}

function showCharts(here) {
  const role = byRole["poll-interval"];
  const at = intervals().map((value) => {
    const values = { ...state.values, [role.env]: value }, verdict = verdictOf(values), x = value * role.seconds;
    return { x, load: verdict.load, mark: [x, ...markOf(values, x, verdict)] };
  });
  const line = (kind, key) => ({ kind, points: at.map(({ x, load }) => [x, load[key]]) });
  const marks = here >= at[0].x && here <= at.at(-1).x ? [{ kind: "here", x: here }] : [];
  const strip = at.map(({ mark }) => mark);
  const limit = state.capacity === null ? [] : [{ kind: "limit", y: state.capacity }];
  chart("rates", 330, [line("mean", "meanPerSecond"), line("busy", "jitteredPeak"), line("sync", "synchronisedPeak")], { log: true, marks: [...marks, ...limit], strip });
  chart("delays", 220, [line("mean", "delaySeconds"), line("busy", "delay95Seconds")], { log: false, marks, strip });
}

function show() {
  const verdict = verdictOf(state.values);
  shown.forEach((each) => each());
  showVerdict(verdict);
  showLoad(verdict.load);
  showCharts(verdict.load.intervalSeconds);
}

const legend = [["mean", "on average"], ["busy", "in a busy second"], ["sync", "all at once"], ["here", "the setting"], ["good", "allowed"], ["other", "allowed with other attempts"], ["doubtful", "too much, or too late"], ["bad", "not allowed"]];
document.getElementById("legend").append(...legend.flatMap(([kind, words]) => [element("b", { class: kind }, "■ "), `${words}  `]));
build();
show();
globalThis.chartgenPlan = { plan, state, figures, pollsOf, verdictOf, show };
