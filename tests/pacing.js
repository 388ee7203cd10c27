// Users who wait for a job after another, with the client's own pacing, in virtual time: what a backend would see.
//
// node pacing.js ESBUILD PACE.TS: a line of JSON asks, a line of JSON answers.
const { readFileSync } = require("node:fs");
const { transformSync } = require(process.argv[2]);

const source = readFileSync(process.argv[3], "utf8");
const pace = { exports: {} };
new Function("module", "exports", transformSync(source, { loader: "ts", format: "cjs" }).code)(pace, pace.exports);
const { firstPhase, step, newPhase } = pace.exports;

function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** All times are milliseconds; counted are `seconds` from `after` on. */
function simulate({ seed, users, interval, rtt, job, after, seconds, jitter, floor }) {
  const bounds = { floorMs: floor, maxDelayMs: 60000, maxRetryAfterMs: 300000, jitter, random: chance(seed) };
  const counts = new Array(seconds).fill(0);
  const delays = [], polls = [];
  const end = after + 1000 * seconds;
  for (let user = 0; user < users; user += 1) {
    let begun = job === null ? 0 : -bounds.random() * job;
    let at = Math.max(begun, 0) + firstPhase(interval, bounds), asked = 0;
    while (at < end) {
      asked += 1;
      if (at >= after) counts[Math.floor((at - after) / 1000)] += 1;
      const answered = at + rtt;
      if (job !== null && at + rtt / 2 >= begun + job) {
        if (begun >= after) (delays.push(answered - begun - job), polls.push(asked));
        begun = answered;
        at = begun + firstPhase(interval, bounds);
        asked = 0;
      } else {
        const rest = step(interval, bounds) - rtt;
        at = answered + (rest >= bounds.floorMs ? rest : newPhase(interval, bounds));
      }
    }
  }
  return { counts, delays, polls };
}

require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  console.log(JSON.stringify(simulate(JSON.parse(line))));
});
