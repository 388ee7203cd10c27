/** Waiting in a page: cut short by an abort, not fooled by long waits, by throttled timers, by a night's sleep. */

/** `setTimeout` takes what is longer for 1 ms. */
export const LONGEST_MS = 2 ** 31 - 1;

/**
 * Wait so long; rejects as soon as the signal aborts. Who comes back to a page whose time is up waits no longer.
 *
 * By `performance.now()` alone: a wall's clock that is set ahead would let a page ask each time that it comes to light.
 */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const start = performance.now();
  let remaining = ms;
  do {
    const part = Math.min(remaining, LONGEST_MS);
    const isDue = await timer(part, signal, () => performance.now() - start >= ms);
    remaining = isDue ? 0 : remaining - part;
  } while (remaining > 0);
}

/** Wait until the page is seen; at once where it is, or where there is no page. */
export async function untilVisible(signal: AbortSignal): Promise<void> {
  while (isHidden()) await timer(LONGEST_MS, signal, () => !isHidden());
}

const isHidden = (): boolean => typeof document !== "undefined" && document.visibilityState === "hidden";

/** One timer; true where the page came to light before its end and `isDue` says that it need not be waited for. */
function timer(ms: number, signal: AbortSignal, isDue: () => boolean): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const page = typeof document === "undefined" ? undefined : document;
    const end = (settle: () => void): void => {
      clearTimeout(handle);
      signal.removeEventListener("abort", abort);
      page?.removeEventListener("visibilitychange", look);
      settle();
    };
    const abort = (): void => end(() => reject(signal.reason as Error));
    const look = (): void => {
      if (!isHidden() && isDue()) end(() => resolve(true));
    };
    const handle = setTimeout(() => end(() => resolve(false)), ms);
    signal.addEventListener("abort", abort);
    page?.addEventListener("visibilitychange", look);
    if (signal.aborted) abort();
  });
}
