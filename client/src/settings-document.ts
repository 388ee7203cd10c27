/** What a server says of the settings at this moment: a document, the one that is known already, or nothing of use. */

import { replyOf, type Reply } from "./reply.js";

/** The settings as the entrypoint writes them into `settings.json`; the version is a function of them alone. */
export interface SettingsDocument {
  readonly version: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A document, and the header that asks whether it still is the server's. */
export interface Known {
  readonly document: SettingsDocument;
  readonly condition: Readonly<Record<string, string>>;
}

/** What a ConfigMap can hold, if each of its bytes is escaped: who sends more does not send settings. */
const LARGEST_BYTES = 8 * 2 ** 20;
const LONGEST_VERSION = 128;

/** Ask once; `no-store`, since a cache between would answer with what was. */
export async function fetchSettings(url: string, known: Known | undefined, signal: AbortSignal): Promise<Reply<Known>> {
  const headers = { Accept: "application/json", ...known?.condition };
  const response = await fetch(url, { headers, signal, cache: "no-store" });
  if (known && response.status === 304) return { state: "succeeded", result: known };
  if (!response.ok) return failureOf(response);
  const text = await textOf(response);
  const document = text === undefined ? `larger than ${LARGEST_BYTES} bytes` : parse(text, response.headers);
  if (typeof document === "string") return { state: "refused", reason: document };
  return { state: "succeeded", result: { document, condition: conditionOf(response.headers) } };
}

/** What `replyOf` makes of a status that brings no document; it reads no body of those. */
async function failureOf(response: Response): Promise<Reply<never>> {
  const reply = await replyOf<never>(response, () => ({ state: "pending" }));
  return reply.state === "refused" ? { state: "refused", reason: `refused: status ${response.status}` } : reply;
}

/** The body, as far as it is not too large: then undefined, and the rest is not waited for. */
async function textOf(response: Response): Promise<string | undefined> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return text + decoder.decode();
    bytes += part.value.byteLength;
    if (bytes > LARGEST_BYTES) {
      await reader?.cancel().catch(() => undefined);
      return undefined;
    }
    text += decoder.decode(part.value, { stream: true });
  }
}

/** The document that a text is, or what it is instead. */
function parse(text: string, headers: Headers): SettingsDocument | string {
  const type = headers.get("Content-Type") ?? "";
  if (/html/i.test(type) || text.trimStart().startsWith("<")) return "a page of HTML, as servers answer for any path";
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return "no JSON";
  }
  if (!isObject(found)) return "JSON of another form";
  const { version, settings } = found;
  const isVersion = typeof version === "string" && version !== "" && version.length <= LONGEST_VERSION;
  return isVersion && isObject(settings) ? { version, settings } : "JSON of another form";
}

const isObject = (found: unknown): found is Readonly<Record<string, unknown>> =>
  typeof found === "object" && found !== null && !Array.isArray(found);

/** An ETag goes back as it came, weak or not: this comparison is the weak one (RFC 9110, 13.1.2). */
function conditionOf(headers: Headers): Known["condition"] {
  const etag = headers.get("ETag");
  const modified = headers.get("Last-Modified");
  if (etag) return { "If-None-Match": etag };
  return modified ? { "If-Modified-Since": modified } : {};
}
