/** Calling a listener, whose fault is not ours, be it thrown or, by one that is asynchronous, rejected. */

export function tell(listener: () => unknown): void {
  const call = async (): Promise<unknown> => listener();
  call().catch((error: unknown) => console.error(error));
}
