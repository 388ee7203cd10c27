/** A server of jobs that never end, in a process of its own: it answers nothing for a while, and counts the polls. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a run is told: when the server stalls, and when it tells its counts, in milliseconds from its first moment. */
export interface Plan {
  readonly stall: { readonly from: number; readonly to: number };
  readonly endMs: number;
}

const plan = JSON.parse(process.argv[2]!) as Plan;
const counts: number[] = Array.from({ length: plan.endMs / 1000 }, () => 0);
const start = performance.now();
const server = createServer((_, response) => {
  const now = performance.now() - start;
  const second = Math.floor(now / 1000);
  if (second < counts.length) counts[second]! += 1;
  const wait = now >= plan.stall.from && now < plan.stall.to ? plan.stall.to - now : 20;
  setTimeout(() => response.end('{"state":"pending"}'), wait);
});
server.listen(0, "127.0.0.1", () => process.send!({ port: (server.address() as AddressInfo).port }));
setTimeout(() => {
  process.send!({ counts }, () => process.exit());
}, plan.endMs);
