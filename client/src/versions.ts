/** Which settings hold, held, and never will: replicas of a server may disagree for a while. */

/** How long what was moved away from is not gone back to. */
export const HELD_BACK_MS = 120_000;

/** So many refused versions are remembered; who refuses more of them may be told of one twice. */
const MOST_REFUSED = 100;

/** What was moved away from, until it may come again. */
class Left {
  readonly #at = new Map<string, number>();

  add(key: string, now: number): void {
    for (const [left, at] of this.#at) if (now - at >= HELD_BACK_MS) this.#at.delete(left);
    this.#at.set(key, now);
  }

  isHeldBack(key: string, now: number): boolean {
    const at = this.#at.get(key);
    return at !== undefined && now - at < HELD_BACK_MS;
  }
}

export class Versions {
  #current: string | undefined;
  readonly #left = new Left();
  /** The settings themselves, as texts: those that a page was loaded with have no version, and two may say the same. */
  readonly #leftSettings = new Left();
  readonly #refused = new Set<string>();

  /** Whether this version is to be tried at this time: it is not the current one, not refused, and not held back. */
  isDue(version: string, now: number): boolean {
    return version !== this.#current && !this.#refused.has(version) && !this.#left.isHeldBack(version, now);
  }

  /** Whether to go from the settings that hold to the next: not to those that were left. They are left then. */
  admits(next: unknown, held: unknown, now: number): boolean {
    if (this.#leftSettings.isHeldBack(JSON.stringify(next), now)) return false;
    this.#leftSettings.add(JSON.stringify(held), now);
    return true;
  }

  adopt(version: string, now: number): void {
    if (this.#current !== undefined) this.#left.add(this.#current, now);
    this.#current = version;
  }

  refuse(version: string): void {
    if (this.#refused.size >= MOST_REFUSED) this.#refused.clear();
    this.#refused.add(version);
  }
}
