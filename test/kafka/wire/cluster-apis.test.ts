import { describe, expect, it } from "vitest";
import { apiVersions, findCoordinator, metadata } from "../../../src/kafka/wire/cluster-apis.ts";
import {
  all,
  compactList,
  compactText,
  foreignAnswer,
  foreignRequest,
  i8,
  i16,
  i32,
  list,
  read,
  tags,
  text,
  written,
} from "./foreign.ts";

const id = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");

/** What a broker of Kafka 2.8 and later says, with tagged fields that nobody knows everywhere. */
function version10(topics: readonly Buffer[], unknown = tags()): Buffer {
  const broker = (number: number, host: string, rack: string | null) =>
    all(i32(number), compactText(host), i32(9092 + number), compactText(rack), unknown);
  return all(
    i32(250), // throttled for so long
    compactList(broker(1, "one", null), broker(2, "fe80::2", "rack")),
    compactText("cluster"),
    i32(2), // the controller
    compactList(...topics),
    i32(-2_147_483_648), // what may be done with the cluster
    unknown,
  );
}

function topic10(
  error: number,
  name: string | null,
  topicId: Buffer,
  partitions: readonly (readonly [error: number, partition: number, leader: number])[],
  unknown = tags(),
): Buffer {
  const written = partitions.map(([code, partition, leader]) =>
    all(
      i16(code),
      i32(partition),
      i32(leader),
      i32(5), // the leader's epoch
      compactList(i32(1), i32(2)), // replicas
      compactList(i32(1)), // in sync
      compactList(), // offline
      unknown,
    ),
  );
  return all(
    i16(error),
    compactText(name),
    topicId,
    i8(0), // it is not internal
    compactList(...written),
    i32(-2_147_483_648),
    unknown,
  );
}

function topic5(
  error: number,
  name: string,
  partitions: readonly (readonly [error: number, partition: number, leader: number])[],
): Buffer {
  const written = partitions.map(([code, partition, leader]) =>
    all(i16(code), i32(partition), i32(leader), list(i32(1), i32(2)), list(i32(1)), list()),
  );
  return all(i16(error), text(name), i8(0), list(...written));
}

function version5(topics: readonly Buffer[]): Buffer {
  const broker = (number: number, host: string) =>
    all(i32(number), text(host), i32(9092 + number), text(null));
  return all(i32(0), list(broker(1, "one"), broker(2, "two")), text("cluster"), i32(1), list(...topics));
}

describe("Metadata", () => {
  it.each([
    ["no tagged fields", tags()],
    ["tagged fields that nobody knows", tags([3, Buffer.from("new")], [200, Buffer.alloc(150)])],
  ])("10 gives topics with their ids and leaders, with %s", (_, unknown) => {
    const partitions = [
      [0, 1, 2],
      [0, 0, 1],
      [5, 2, -1],
    ] as const;
    const bytes = version10([topic10(0, "t", id, partitions, unknown)], unknown);
    const view = read(metadata, 10, bytes);
    expect(view.id).toBe("cluster");
    expect(view.topics).toEqual(new Map([["t", { id: id.toString("hex"), leaders: [1, 2, -1] }]]));
    expect(view.troubled).toEqual(new Map());
    expect(view.brokers).toEqual(
      new Map([
        [1, "one:9093"],
        [2, "[fe80::2]:9094"],
      ]),
    );
  });

  it("5 gives the same without ids, and as kafkajs reads it", async () => {
    const bytes = version5([
      topic5(0, "t", [
        [0, 1, 2],
        [0, 0, 1],
      ]),
    ]);
    expect(read(metadata, 5, bytes).topics).toEqual(new Map([["t", { id: undefined, leaders: [1, 2] }]]));
    expect(read(metadata, 5, bytes).id).toBe("cluster");
    expect(read(metadata, 5, bytes).brokers.get(2)).toBe("two:9094");
    expect(await foreignAnswer("metadata", 5, bytes)).toMatchObject({
      topicMetadata: [{ topic: "t", partitionMetadata: [{ partitionId: 1, leader: 2 }, { leader: 1 }] }],
    });
  });

  it("keeps topics that do not exist apart from those of which nothing can be said", () => {
    const topics = [
      [3, "missing"],
      [29, "refused"],
      [5, "new"],
    ] as const;
    for (const view of [
      read(
        metadata,
        10,
        version10(topics.map(([error, name]) => topic10(error, name, Buffer.alloc(16), []))),
      ),
      read(metadata, 5, version5(topics.map(([error, name]) => topic5(error, name, [])))),
    ]) {
      expect(view.topics.size).toBe(0);
      expect([...view.troubled].map(([topic, { code }]) => [topic, code])).toEqual([
        ["refused", "topic_unauthorized"],
        ["new", "no_leader"],
      ]);
    }
  });

  it("knows of no id where it is all zeros, and no leader where one is not available", () => {
    const view = read(metadata, 10, version10([topic10(0, "t", Buffer.alloc(16), [[5, 0, 2]])]));
    expect(view.topics.get("t")).toEqual({ id: undefined, leaders: [-1] });
    // A replica that is away is the broker's matter.
    const degraded = read(metadata, 10, version10([topic10(0, "t", id, [[9, 0, 2]])]));
    expect(degraded.topics.get("t")?.leaders).toEqual([2]);
  });

  it("is refused wherever it is cut off", () => {
    const ten = version10([topic10(0, "t", id, [[0, 0, 1]])]);
    // What may be done with the cluster is not looked at.
    for (let end = 0; end < ten.length - 5; end++)
      expect(() => read(metadata, 10, ten.subarray(0, end))).toThrow(RangeError);
    const five = version5([topic5(0, "t", [[0, 0, 1]])]);
    for (let end = 0; end < five.length; end++)
      expect(() => read(metadata, 5, five.subarray(0, end))).toThrow(RangeError);
  });

  it("asks for topics by name, and has none made", async () => {
    expect(written(metadata, 5, ["t", "u"])).toEqual(
      await foreignRequest("metadata", 5, { topics: ["t", "u"], allowAutoTopicCreation: false }),
    );
    const topic = (name: string) => all(Buffer.alloc(16), compactText(name), tags());
    expect(written(metadata, 10, ["t", "u"])).toEqual(
      all(compactList(topic("t"), topic("u")), i8(0), i8(0), i8(0), tags()),
    );
  });

  it("asks for every topic with a list that is null", async () => {
    const none = Buffer.from([0]);
    expect(written(metadata, 5, undefined)).toEqual(all(i32(-1), none));
    expect(written(metadata, 10, undefined)).toEqual(all(none, none, none, none, none));
  });
});

describe("ApiVersions", () => {
  it("gives the versions that a broker takes", async () => {
    const entry = (key: number, min: number, max: number) => all(i16(key), i16(min), i16(max));
    const bytes = all(i16(0), list(entry(1, 4, 17), entry(18, 0, 4)));
    expect(read(apiVersions, 0, bytes)).toEqual(
      new Map([
        [1, { min: 4, max: 17 }],
        [18, { min: 0, max: 4 }],
      ]),
    );
    expect(await foreignAnswer("apiVersions", 0, bytes)).toMatchObject({
      apiVersions: [{ apiKey: 1, minVersion: 4, maxVersion: 17 }, { apiKey: 18 }],
    });
    expect(written(apiVersions, 0, undefined)).toEqual(Buffer.alloc(0));
  });

  it("throws what the broker says instead", () => {
    expect(() => read(apiVersions, 0, all(i16(35), list()))).toThrow(/version/);
  });
});

describe("FindCoordinator", () => {
  it("gives the broker and where it is", async () => {
    const bytes = all(i32(0), i16(0), text(null), i32(2), text("two"), i32(9094));
    expect(read(findCoordinator, 1, bytes)).toEqual({ failure: undefined, broker: 2, address: "two:9094" });
    expect(await foreignAnswer("findCoordinator", 1, bytes)).toMatchObject({
      coordinator: { nodeId: 2, host: "two", port: 9094 },
    });
    const none = all(i32(0), i16(15), text("why"), i32(-1), text(""), i32(-1));
    expect(read(findCoordinator, 1, none).failure?.code).toBe("no_coordinator");
  });

  it("asks for that of a group", async () => {
    const options = { coordinatorKey: "g", coordinatorType: 0 };
    expect(written(findCoordinator, 1, "g")).toEqual(await foreignRequest("findCoordinator", 1, options));
  });
});
