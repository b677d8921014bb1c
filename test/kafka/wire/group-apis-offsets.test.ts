import { describe, expect, it } from "vitest";
import { offsetCommit, offsetFetch } from "../../../src/kafka/wire/group-apis.ts";
import { all, foreignAnswer, foreignRequest, i16, i32, i64, list, read, text, written } from "./foreign.ts";

const member = { group: "g", memberId: "m1", generation: 7 };

describe("OffsetCommit", () => {
  const entries = [
    { topic: "t", partition: 0, offset: 5, metadata: "a" },
    { topic: "u", partition: 0, offset: 2 ** 40, metadata: "b".repeat(4_096) },
    { topic: "t", partition: 2, offset: 7, metadata: "" },
  ];

  it("says what kafkajs would, topic by topic", async () => {
    const options = {
      groupId: "g",
      groupGenerationId: 7,
      memberId: "m1",
      topics: ["t", "u"].map((topic) => ({
        topic,
        partitions: entries
          .filter((entry) => entry.topic === topic)
          .map(({ partition, offset, metadata }) => ({ partition, offset: String(offset), metadata })),
      })),
    };
    expect(written(offsetCommit, 5, { ...member, entries })).toEqual(
      await foreignRequest("offsetCommit", 5, options),
    );
  });

  it("tells what became of each", () => {
    const part = (partition: number, error: number) => all(i32(partition), i16(error));
    const bytes = all(
      i32(0),
      list(all(text("t"), list(part(0, 0), part(2, 12))), all(text("u"), list(part(0, -1)))),
    );
    expect(
      read(offsetCommit, 5, bytes).map(({ topic, partition, failure }) => [topic, partition, failure?.code]),
    ).toEqual([
      ["t", 0, undefined],
      ["t", 2, "metadata_too_large"],
      ["u", 0, "unknown"],
    ]);
  });
});

describe("OffsetFetch", () => {
  it("says what kafkajs would", async () => {
    const partitions = [
      { topic: "t", partition: 1 },
      { topic: "t", partition: 0 },
    ];
    const topics = [{ topic: "t", partitions: [{ partition: 1 }, { partition: 0 }] }];
    expect(written(offsetFetch, 3, { group: "g", partitions })).toEqual(
      await foreignRequest("offsetFetch", 3, { groupId: "g", topics }),
    );
  });

  it("tells what is committed, and what is not", async () => {
    const part = (partition: number, offset: number, metadata: string | null, error = 0) =>
      all(i32(partition), i64(offset), text(metadata), i16(error));
    const committed = [
      part(0, 2 ** 40 + 1, "counts"),
      part(1, -1, ""),
      part(2, 5, null),
      part(3, -1, "", 29),
    ];
    const bytes = all(i32(0), list(all(text("t"), list(...committed))), i16(0));
    const answer = read(offsetFetch, 3, bytes);
    expect(answer.failure).toBeUndefined();
    expect(
      answer.committed.map(({ partition, offset, metadata, failure }) => [
        partition,
        offset,
        metadata,
        failure?.code,
      ]),
    ).toEqual([
      [0, 2 ** 40 + 1, "counts", undefined],
      [1, -1, "", undefined],
      [2, 5, null, undefined],
      [3, -1, "", "topic_unauthorized"],
    ]);
    expect(await foreignAnswer("offsetFetch", 3, bytes)).toMatchObject({
      responses: [{ partitions: [{ offset: String(2 ** 40 + 1) }, {}, {}, { errorCode: 29 }] }],
    });
    const refused = all(i32(0), list(), i16(14));
    expect(read(offsetFetch, 3, refused)).toMatchObject({
      failure: { code: "other" },
      committed: [],
    });
  });
});
