/** A watch against a real server, in real time: conditions and statuses as they are on the wire. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BROKEN, open, settingsOf, type Watched } from "./watching.js";

let server: Server;
let content: { type: string; body: string; etag: string };
let statuses: number[];
let watched: Omit<Watched, "asked">;

beforeEach(async () => {
  statuses = [];
  server = createServer((request, response) => {
    const isKnown = request.headers["if-none-match"] === content.etag;
    const headers = { ETag: content.etag, "Content-Type": content.type };
    response.writeHead(isKnown ? 304 : 200, headers).end(isKnown ? undefined : content.body);
    statuses.push(isKnown ? 304 : 200);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  watched.stop();
  server.closeAllConnections();
  server.close();
});

const document_ = (version: string, settings: unknown): typeof content => ({
  type: "application/json",
  body: JSON.stringify({ version, settings }),
  etag: `W/"${version}"`,
});
const asked = (times: number): Promise<void> => {
  const before = statuses.length;
  return vi.waitFor(() => expect(statuses.length).toBeGreaterThanOrEqual(before + times), 15_000);
};

test("a page follows a change, not a wrong one, not a page of HTML, not a server that is gone, and the next again", async () => {
  content = document_("a", settingsOf(5000));
  const { port } = server.address() as AddressInfo;
  watched = await open({ url: `http://127.0.0.1:${port}/settings.json`, intervalMs: 1000 });
  await asked(2);
  expect(statuses.slice(0, 2)).toEqual([200, 304]);
  content = document_("b", settingsOf(10_000));
  await asked(2);
  expect(watched.applied).toEqual([5000, 10_000]);
  content = document_("bad", BROKEN);
  await asked(2);
  content = { type: "text/html", body: "<!doctype html>", etag: '"index"' };
  const refused = [
    expect.stringContaining("timeoutMs is smaller than maxPollAttempts * pollIntervalMs"),
    expect.stringContaining("/settings.json is a page of HTML"),
  ];
  await vi.waitFor(() => expect(watched.refused.map(([first]) => first!.message)).toEqual(refused), 15_000);
  expect(watched.reader.getSettings().pollIntervalMs).toBe(10_000);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await new Promise((resolve) => setTimeout(resolve, 3000));
  content = document_("c", settingsOf(15_000));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await vi.waitFor(() => expect(watched.applied).toEqual([5000, 10_000, 15_000]), 20_000);
});
