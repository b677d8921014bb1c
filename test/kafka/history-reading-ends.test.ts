import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Results } from "../../src/kafka/group/asks.ts";
import { Noted, damaged, ending, failed, failure, found, reading, scripted, upTo, view } from "./scripted.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it.each([
  {
    name: "records can't be read",
    fetch: [found([{ ...upTo(5), records: damaged }])],
    code: "corrupt",
    message: "partition 0 of topic t can't be read: damaged here",
  },
  {
    name: "the broker can't read them itself",
    fetch: [found([failed("corrupt")])],
    code: "corrupt",
    message: "partition 0 of topic t can't be read: it is corrupt",
  },
  {
    name: "a right was taken away",
    fetch: [found([failed("topic_unauthorized")])],
    code: "topic_unauthorized",
    message: "the user u has no access to the topic t: grant READ on it",
  },
  {
    name: "the topic was deleted and created again",
    metadata: [view({ t: [1] }), view({ t: [1] }, "2")],
    fetch: [found([failed("wrong_topic_id")])],
    code: "wrong_topic_id",
    message: "topic t was deleted and created again while it was read",
  },
  {
    name: "the login is refused",
    metadata: [failure("login_refused")],
    code: "login_refused",
    message: "it is login_refused",
  },
  {
    name: "the topic may not be read",
    metadata: [
      found<Results["metadata"]>({
        id: "c",
        topics: new Map(),
        troubled: new Map([["t", failure("topic_unauthorized").failure]]),
        brokers: new Map(),
      }),
    ],
    code: "topic_unauthorized",
    message: "the user u has no access to the topic t: grant READ on it",
  },
])(
  "ends where nothing passes by itself: $name",
  async ({ metadata = [view({ t: [1] })], fetch = [], code, message }) => {
    const cluster = scripted({ metadata, fetch });
    const end = await ending(reading([new Noted("t", 0, 0, 10)], cluster).read());
    expect(end).toMatchObject({ name: "KafkaFailure", code, message });
    expect(cluster.fetches()).toHaveLength(fetch.length);
  },
);
