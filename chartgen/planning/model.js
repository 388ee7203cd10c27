// The arithmetic of pace.py and load.py, for the page; a test holds it to these.
const JITTER = 0.2, FLOOR = 0.25, Z99 = 2.3263478740408408, SKEW = (Z99 ** 2 - 1) / 6;
const sum = (items) => items.reduce((total, item) => total + item, 0);

function paceOf(given, rtt) {
  const interval = Math.max(given, FLOOR / (1 - JITTER));
  const low = (1 - JITTER) * interval, high = (1 + JITTER) * interval, late = rtt + FLOOR;
  const kept = Math.min(Math.max((high - late) / (high - low), 0), 1);
  const parts = [[kept, Math.max(low, late), high], [1 - kept, late, rtt + interval]].filter(([weight]) => weight > 0);
  const mean = sum(parts.map(([weight, a, b]) => (weight * (a + b)) / 2));
  const squares = sum(parts.map(([weight, a, b]) => (weight * (a * a + a * b + b * b)) / 3));
  const beyond = (time) =>
    sum(parts.map(([weight, a, b]) => {
      if (time < a) return weight * ((a + b) / 2 - time);
      return time < b ? (weight * (b - time) ** 2) / (2 * (b - a)) : 0;
    }));
  const quantile = (share) => {
    let [from, to] = [0, Math.max(...parts.map(([, , b]) => b))];
    for (let step = 0; step < 60; step += 1) {
      const middle = (from + to) / 2;
      [from, to] = beyond(middle) / mean <= 1 - share ? [from, middle] : [middle, to];
    }
    return to;
  };
  const shortest = Math.min(...parts.map(([, a]) => a));
  return { mean, shortest, residual: squares / (2 * mean), quantile, keeps: given >= (rtt + FLOOR) / (1 - JITTER) };
}

/** The figures of a situation and of polls, by the names that the JSON has. */
function figures({ users, rtt, job, pollBytes }, { interval, attempts, timeout }) {
  const pace = paceOf(interval, rtt);
  const delay = pace.residual + rtt / 2;
  const runOut = interval / 2 + (attempts - 1) * pace.mean;
  const givesUp = Math.min(timeout, runOut + rtt);
  const sees = job === null || givesUp >= job;
  let polls = null;
  if (job !== null && !sees) polls = Math.min(attempts, timeout / pace.mean + 1);
  else if (job !== null) {
    const more = Math.max(Math.max(job - rtt / 2, 0) + pace.residual - interval / 2, 0);
    polls = Math.min(1 + more / pace.mean, attempts);
  }
  const rate = polls === null || !sees ? 1 / pace.mean : polls / (job + delay);
  let variance = rate;
  if (pace.keeps || pace.shortest >= 1) {
    variance = rate <= 0.5 ? rate * (1 - rate) : 0.25 + (JITTER ** 2 / 3) * (rate - 0.5);
    variance += job === null ? 0 : Math.min(1, 1 / interval) / (job + delay);
  }
  const most = Math.ceil(1 / pace.shortest) + (job === null ? 0 : 1);
  const mean = users * rate;
  return {
    intervalSeconds: interval,
    attempts,
    timeoutSeconds: timeout,
    usersByInterval: users / interval,
    meanPerSecond: mean,
    jitteredPeak: Math.min(mean + Z99 * Math.sqrt(users * variance) + SKEW, users * most),
    synchronisedPeak: users * Math.ceil(1 / Math.max(interval, 1e-3)),
    inFlight: mean * rtt,
    bytesPerSecond: mean * pollBytes,
    pollsOfAJob: polls,
    delaySeconds: delay,
    delay95Seconds: pace.quantile(0.95) + rtt / 2,
    keepsPace: pace.keeps,
    givesUpAfterSeconds: givesUp,
    seesTheEnd: sees,
  };
}
