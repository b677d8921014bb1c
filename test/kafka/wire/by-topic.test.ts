import { expect, it } from "vitest";
import { byTopic } from "../../../src/kafka/wire/by-topic.ts";

it("groups entries by topic, topics and entries in the order in which they came", () => {
  const entries = [
    { topic: "b", partition: 1 },
    { topic: "a", partition: 0 },
    { topic: "b", partition: 0 },
  ];
  const [b1, a0, b0] = entries;
  expect(byTopic(entries)).toEqual([
    ["b", [b1, b0]],
    ["a", [a0]],
  ]);
});

it("has no topic of no entries", () => {
  expect(byTopic([])).toEqual([]);
});
