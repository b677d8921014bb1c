import { expect, it } from "vitest";
import { partitionKey } from "../../src/kafka/partition-id.ts";

it("has a key of its own for each partition, whatever digits its topic ends with", () => {
  const ids = ["t", "t1", "t-1", "t.1"].flatMap((topic) =>
    [0, 1, 11].map((partition) => ({ topic, partition })),
  );
  expect(new Set(ids.map(partitionKey)).size).toBe(ids.length);
  expect(partitionKey({ topic: "t1", partition: 2 })).toBe("t1/2");
});
