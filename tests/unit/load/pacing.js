// The client's own pace.ts and retry-after.ts: a line of JSON asks, a line of JSON answers. Times are milliseconds.
//
// node pacing.js ESBUILD FOLDER
const { readFileSync } = require("node:fs");
const { transformSync } = require(process.argv[2]);

function load(name) {
  const loaded = { exports: {} };
  const source = readFileSync(`${process.argv[3]}/${name}`, "utf8");
  new Function("module", "exports", transformSync(source, { loader: "ts", format: "cjs" }).code)(loaded, loaded.exports);
  return loaded.exports;
}
const pace = load("pace.ts");
const { retryAfter } = load("retry-after.ts");

require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { name, words, drawn } = JSON.parse(line);
  let at = 0;
  const bounds = { floorMs: 250, maxDelayMs: 60000, maxRetryAfterMs: 300000, jitter: 0.2, random: () => drawn[at++ % drawn.length] };
  const found = name === "retryAfter" ? retryAfter(...words) : pace[name](...words.map((word) => (word === "bounds" ? bounds : (word ?? undefined))));
  console.log(JSON.stringify(found ?? null));
});
