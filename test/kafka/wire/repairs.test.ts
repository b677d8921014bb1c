import { createRequire } from "node:module";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { repairKafkajs } from "../../../src/kafka/wire/repairs.ts";

interface Queue {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

interface QueueClass {
  readonly prototype: Queue;
}

// That answers are not copied costs memory alone; a queue at rest shows here.
repairKafkajs();
const require = createRequire(import.meta.url);
const { prototype } = require("kafkajs/src/network/requestQueue/index.js") as QueueClass;

function queueOf(pending: number, throttledUntil: number): Queue {
  return Object.assign(Object.create(prototype) as Queue, {
    pending: Array.from({ length: pending }, () => ({})),
    throttledUntil,
    throttleCheckTimeoutId: null,
    checkPendingRequests: vi.fn<() => void>(),
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

it.each([
  { name: "sets no timer while nothing is pending", pending: 0, throttledUntil: -1, checkedAfter: undefined },
  { name: "looks again soon when a request waits", pending: 1, throttledUntil: -1, checkedAfter: 10 },
  {
    name: "waits for the broker's throttling to end",
    pending: 1,
    throttledUntil: 1_000_500,
    checkedAfter: 500,
  },
  { name: "never waits for a time in the past", pending: 1, throttledUntil: 999_000, checkedAfter: 10 },
])("a request queue $name", ({ pending, throttledUntil, checkedAfter }) => {
  const queue = queueOf(pending, throttledUntil);
  queue.scheduleCheckPendingRequests();
  queue.scheduleCheckPendingRequests();
  expect(vi.getTimerCount()).toBe(checkedAfter === undefined ? 0 : 1);
  if (checkedAfter === undefined) return;
  vi.advanceTimersByTime(checkedAfter - 1);
  expect(queue.checkPendingRequests).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(queue.checkPendingRequests).toHaveBeenCalledOnce();
  expect(queue.throttleCheckTimeoutId).toBeNull();
});
