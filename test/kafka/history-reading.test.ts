import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  Noted,
  ending,
  failed,
  failure,
  found,
  lines,
  range,
  reading,
  scripted,
  upTo,
  view,
} from "./scripted.ts";

beforeEach(() => {
  lines.length = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("asks nothing where nothing is left to read", async () => {
  const cluster = scripted({});
  expect(await ending(reading([new Noted("t", 0, 5, 5)], cluster).read())).toBe("read");
  expect(cluster.asks).toEqual([]);
});

it("reads each partition from its leader, one fetch at a time, and no further than its end", async () => {
  const [a, b, c] = [new Noted("t", 0, 0, 10), new Noted("t", 1, 5, 9), new Noted("u", 0, 0, 3)];
  const cluster = scripted({
    metadata: [view({ t: [1, 1], u: [2] })],
    fetch: [
      found([upTo(6), upTo(7, "t", 1)]),
      found([upTo(3, "u")]),
      found([upTo(undefined), upTo(20, "t", 1)]),
      found([upTo(12)]),
    ],
  });
  expect(await ending(reading([a, b, c], cluster).read())).toBe("read");
  expect([a.taken, b.taken, c.taken]).toEqual([["0-6", "6-10"], ["5-7", "7-9"], ["0-3"]]);
  const asked = cluster.fetches().map(({ broker, partitions, waitMs }) => {
    const from = partitions.map(({ topic, partition, offset }) => `${topic}/${partition}:${offset}`);
    return `${broker} ${from.join(" ")} ${waitMs}`;
  });
  // another partition comes first each time, and no broker waits while there are records
  expect(asked).toEqual(["1 t/0:0 t/1:5 0", "2 u/0:0 0", "1 t/0:6 t/1:7 0", "1 t/0:6 0"]);
  expect(cluster.fetches()[0]?.partitions[0]?.topicId).toBe("1");
});

it("lets a broker without records wait for some", async () => {
  const cluster = scripted({
    metadata: [view({ t: [1] })],
    fetch: [found([upTo(undefined)]), found([upTo(10)])],
  });
  expect(await ending(reading([new Noted("t", 0, 0, 10)], cluster).read())).toBe("read");
  expect(cluster.fetches().map(({ waitMs }) => waitMs)).toEqual([0, 200]);
});

it.each([
  { name: "the broker does not answer", answer: failure("no_answer"), reason: "it is no_answer" },
  {
    name: "the partition has another leader",
    answer: found([failed("not_leader")]),
    reason: "partition 0 of topic t: it is not_leader",
    isUsual: true,
  },
  {
    name: "the broker does not know the topic's id yet",
    answer: found([failed("wrong_topic_id")]),
    reason: "partition 0 of topic t: it is wrong_topic_id",
    isUsual: true,
  },
])("asks who leads, and goes on there: $name", async ({ answer, reason, isUsual = false }) => {
  const reader = new Noted("t", 0, 0, 10);
  const cluster = scripted({
    metadata: [view({ t: [1] }), failure("unreachable"), view({ t: [-1] }), view({ t: [2] })],
    fetch: [answer, found([upTo(10)])],
  });
  const read = reading([reader], cluster);
  const done = read.read();
  await vi.advanceTimersByTimeAsync(1);
  expect(read.trouble).toBe(reason);
  expect(await ending(done)).toBe("read");
  expect(read.trouble).toBeUndefined();
  expect(cluster.fetches().map(({ broker }) => broker)).toEqual([1, 2]);
  expect(lines).toEqual([
    isUsual ? `(${reason})` : reason,
    "it is unreachable",
    "partition 0 of topic t has no leader",
  ]);
});

it("goes on with the others while one partition rests", async () => {
  const [a, b] = [new Noted("t", 0, 0, 10), new Noted("t", 1, 0, 10)];
  const cluster = scripted({
    metadata: [view({ t: [1, 1] }), view({ t: [1, 1] })],
    fetch: [found([failed("not_leader"), upTo(5, "t", 1)]), found([upTo(8, "t", 1)])],
  });
  reading([a, b], cluster).read();
  await vi.advanceTimersByTimeAsync(100);
  expect(cluster.fetches().map(({ partitions }) => partitions.map(({ partition }) => partition))).toEqual([
    [0, 1],
    [1],
    [1],
  ]);
  expect(b.taken).toEqual(["0-5", "5-8"]);
});

it("tells a reason once, however long it lasts", async () => {
  const headless = Array.from({ length: 9 }, () => view({ t: [-1] }));
  const cluster = scripted({ metadata: headless });
  expect(await ending(reading([new Noted("t", 0, 0, 10)], cluster).read())).toBe("waits");
  expect(cluster.asks).toHaveLength(10);
  expect(lines).toEqual(["partition 0 of topic t has no leader"]);
});

it("ignores an answer about an offset that another one has passed", async () => {
  const reader = new Noted("t", 0, 0, 10);
  const late = Promise.withResolvers<object>();
  const cluster = scripted({ metadata: [view({ t: [1] })], fetch: [late.promise] });
  reading([reader], cluster).read();
  await vi.advanceTimersByTimeAsync(1);
  reader.position = 4;
  late.resolve(found([upTo(6)]));
  await vi.advanceTimersByTimeAsync(1);
  expect(reader.taken).toEqual([]);
});

it.each([
  { name: "some records", low: 4, taken: ["lost 0-4", "4-10"] },
  { name: "all that was to be read", low: 12, taken: ["lost 0-10"] },
])("passes what retention has deleted: $name", async ({ low, taken }) => {
  const reader = new Noted("t", 0, 0, 10);
  const cluster = scripted({
    metadata: [view({ t: [1] })],
    fetch: [found([failed("offset_out_of_range")]), found([upTo(10)])],
    range: [range(low, 20)],
  });
  expect(await ending(reading([reader], cluster).read())).toBe("read");
  expect(reader.taken).toEqual(taken);
  expect(lines).toEqual([]);
});

it("waits for a log that ends before what is to be read", async () => {
  const reader = new Noted("t", 0, 5, 10);
  const cluster = scripted({
    metadata: [view({ t: [1] }), view({ t: [1] })],
    fetch: [found([failed("offset_out_of_range")]), found([upTo(10)])],
    range: [range(0, 3)],
  });
  expect(await ending(reading([reader], cluster).read())).toBe("read");
  expect(lines).toEqual(["partition 0 of topic t ends at 3, before offset 5"]);
});

it("takes and asks nothing more once it was stopped", async () => {
  const reader = new Noted("t", 0, 0, 10);
  const late = Promise.withResolvers<object>();
  const cluster = scripted({ metadata: [view({ t: [1] })], fetch: [late.promise] });
  const read = reading([reader], cluster);
  const done = read.read();
  await vi.advanceTimersByTimeAsync(1);
  read.stop();
  late.resolve(found([upTo(5)]));
  expect(await ending(done)).toBe("waits");
  expect(reader.taken).toEqual([]);
  expect(cluster.asks).toHaveLength(2);
  expect(vi.getTimerCount()).toBe(0);
});
