import { expect, it } from "vitest";
import { type FailureCode, KafkaFailure } from "../../src/kafka/failure.ts";
import type { ClusterView } from "../../src/kafka/group/asks.ts";
import { LogOffsets } from "../../src/kafka/log-offsets.ts";
import type { LogOffset, OffsetsRequest } from "../../src/kafka/wire/log-apis.ts";

function view(leaders: Readonly<Record<string, readonly number[]>>): ClusterView {
  const topics = new Map(Object.entries(leaders).map(([topic, led]) => [topic, { id: "1", leaders: led }]));
  return { id: "c", topics, troubled: new Map(), brokers: new Map() };
}

/** Brokers of which each says for its partitions what it is told to say. */
function brokers(say: (broker: number, topic: string, partition: number) => Partial<LogOffset>) {
  const asked: (OffsetsRequest & { readonly broker: number })[] = [];
  const offsets = async (broker: number, request: OffsetsRequest) => {
    asked.push({ broker, ...request });
    return request.partitions.map(({ topic, partition }) => ({
      ...{ topic, partition, failure: undefined, offset: 0 },
      ...say(broker, topic, partition),
    }));
  };
  return { asked, offsets };
}

const failed = (code: FailureCode) => ({ failure: { code, message: `it is ${code}` }, offset: -1 });

it("are asked of each partition's leader, and none where there is no record", async () => {
  const cluster = brokers((broker, topic, partition) => ({
    offset: topic === "u" ? -1 : 100 * broker + partition,
  }));
  const logs = new LogOffsets(cluster, view({ t: [1, 2, 1], u: [2], other: [-1] }), ["t", "u"]);
  expect(logs.partitions.map(({ topic, partition }) => `${topic}/${partition}`)).toEqual([
    ...["t/0", "t/1", "t/2", "u/0"],
  ]);
  expect(Object.fromEntries(await logs.at(777))).toEqual({ "t/0": 100, "t/1": 201, "t/2": 102 });
  await logs.at(-1, { decided: true });
  expect(cluster.asked.map(({ broker, at, decided }) => [broker, at, decided])).toEqual([
    [1, 777, false],
    [2, 777, false],
    [1, -1, true],
    [2, -1, true],
  ]);
});

it("name the partition that nobody leads", () => {
  expect(
    () =>
      new LogOffsets(
        brokers(() => ({})),
        view({ t: [1, -1] }),
        ["t"],
      ),
  ).toThrow(expect.objectContaining({ code: "no_leader", message: "partition 1 of topic t had no leader" }));
});

it.each([
  { said: "not_leader", code: "not_leader", message: "partition 1 of topic t had no leader" },
  { said: "unknown_topic", code: "not_leader", message: "partition 1 of topic t had no leader" },
  {
    said: "unknown",
    code: "unknown",
    message: "the offsets of partition 1 of topic t could not be read (it is unknown)",
  },
] as const)(
  "name the partition that a broker does not answer for: $said",
  async ({ said, code, message }) => {
    const cluster = brokers((_, __, partition) => (partition === 1 ? failed(said) : {}));
    const logs = new LogOffsets(cluster, view({ t: [1, 1] }), ["t"]);
    await expect(logs.at(-1)).rejects.toMatchObject({ name: "KafkaFailure", code, message });
  },
);

it.each([
  { code: "unreachable", message: "broker 2 could not be reached (it is so)" },
  { code: "no_answer", message: "it is so" },
] as const)("name the broker that can't be reached: $code", async ({ code, message }) => {
  const offsets = () => Promise.reject(new KafkaFailure(code, "it is so"));
  const logs = new LogOffsets({ offsets }, view({ t: [2] }), ["t"]);
  await expect(logs.at(-1)).rejects.toMatchObject({ code, message });
});
