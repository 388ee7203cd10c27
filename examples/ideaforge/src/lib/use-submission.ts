/** Sends orders: each until the server takes or refuses it, and as one job however often it is sent. */

import { useEffect, useRef, useState } from "react";
import { pollSettings } from "./job-config";
import { submitJob, type JobOrder } from "./jobs";
import { timeOfDay } from "./times";

const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 60_000;
const LONGEST_RETRY_AFTER_MS = 300_000;

const STOPPED = "Stopped: the server has not taken the job.";
const STOPPED_UNCLEAR =
  "Stopped: whether the server has the job is not known, so see the recent jobs below. Submitted again as it is, it is taken once.";

/** An order on its way. */
interface Order {
  readonly job: JobOrder;
  /** By this the server knows that it is the same order, for as long as it keeps the job. */
  readonly key: string;
  /** Until when the server is sure to know the key: no job is kept for less time than it has. */
  readonly until: number;
  /** Whether the server may have the job without the page knowing. */
  isUnclear: boolean;
}

/** The sending of orders, one at a time; `onAccepted` gets the id of the job. */
export function useSubmission(onAccepted: (id: string) => void) {
  const [trouble, setTrouble] = useState<string>();
  const [isUnderway, setUnderway] = useState(false);
  const controller = useRef<AbortController>(undefined);
  const order = useRef<Order>(undefined);
  useEffect(() => () => controller.current?.abort(), []);
  const stop = (): void => {
    controller.current?.abort();
    setUnderway(false);
    setTrouble(order.current?.isUnclear ? STOPPED_UNCLEAR : STOPPED);
  };
  const submit = async (job: JobOrder): Promise<void> => {
    if (isUnderway) return;
    const { signal } = (controller.current = new AbortController());
    order.current = orderOf(job, order.current);
    setUnderway(true);
    setTrouble(undefined);
    try {
      onAccepted(await send(order.current, signal, setTrouble));
    } catch (error) {
      if (signal.aborted) return; // who stopped it has said so
      setTrouble((error as Error).message);
      setUnderway(false);
    }
  };
  return { trouble, isUnderway, submit, stop };
}

/** A new order; the same as before, if nobody knows what became of that and it is submitted again as it was. */
function orderOf(job: JobOrder, before: Order | undefined): Order {
  const isSame = before?.isUnclear && Date.now() < before.until && JSON.stringify(job) === JSON.stringify(before.job);
  return isSame ? before : { job, key: newKey(), until: Date.now() + pollSettings().timeoutMs, isUnclear: false };
}

/**
 * Send an order until there is a clear answer; the id of its job.
 *
 * @throws {Error} there is no job, or none that is known of; the message is for the user. Or the signal's reason.
 */
async function send(order: Order, signal: AbortSignal, tell: (trouble: string) => void): Promise<string> {
  for (let tries = 0; ; tries += 1) {
    const wasUnclear = order.isUnclear;
    order.isUnclear = true; // also while it is under way, where somebody may stop it
    const answer = await submitJob(order.job, order.key, signal);
    if (answer.state === "accepted") return answer.id;
    order.isUnclear = wasUnclear || answer.state === "unclear";
    const standing = order.isUnclear
      ? "Whether the server has the job is not known"
      : "The server has not taken the job";
    const trouble = `${standing}: ${answer.why}.`;
    if (answer.state === "refused") throw new Error(trouble);
    const wait = waitOf(tries, answer.retryAfterMs);
    if (order.isUnclear && Date.now() + wait > order.until) throw new Error(`${trouble} See the recent jobs below.`);
    const again = timeOfDay(new Date(Date.now() + wait));
    tell(`${trouble} The same order is sent again at ${again}${order.isUnclear ? ", and is taken once" : ""}.`);
    await pause(wait, signal);
  }
}

/** Ever longer, not sooner than the server wants, and not at the same moment as other pages. */
function waitOf(tries: number, retryAfterMs = 0): number {
  const own = Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS);
  return Math.max(own, Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS)) * (1 + Math.random() / 5);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}

/** A UUID of version 4 (RFC 9562, 5.4); the browser's own maker of them is not there without HTTPS. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
