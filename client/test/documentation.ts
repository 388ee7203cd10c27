/** The documentation's examples in TypeScript, as its readers copy them. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";

const PAGES = join(import.meta.dirname, "..", "..", "docs", "how-to");

export async function examplesOf(page: string): Promise<string[]> {
  const text = await readFile(join(PAGES, page), "utf8");
  return [...text.matchAll(/^```tsx?\n(.*?)^```$/gms)].map(([, example]) => example!);
}
