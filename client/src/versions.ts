/** Which versions of the settings hold, held, and never will: replicas of a server may disagree for a while. */

/** How long a version that was moved away from is not gone back to. */
export const HELD_BACK_MS = 120_000;

/** So many refused versions are remembered; who refuses more of them may be told of one twice. */
const MOST_REFUSED = 100;

export class Versions {
  #current: string | undefined;
  readonly #leftAt = new Map<string, number>();
  readonly #refused = new Set<string>();

  /** Whether this version is to be tried at this time: it is not the current one, not refused, and not held back. */
  isDue(version: string, now: number): boolean {
    const leftAt = this.#leftAt.get(version);
    if (version === this.#current || this.#refused.has(version)) return false;
    return leftAt === undefined || now - leftAt >= HELD_BACK_MS;
  }

  adopt(version: string, now: number): void {
    for (const [left, at] of this.#leftAt) if (now - at >= HELD_BACK_MS) this.#leftAt.delete(left);
    if (this.#current !== undefined) this.#leftAt.set(this.#current, now);
    this.#current = version;
  }

  refuse(version: string): void {
    if (this.#refused.size >= MOST_REFUSED) this.#refused.clear();
    this.#refused.add(version);
  }
}
