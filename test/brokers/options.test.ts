import { describe, expect, it } from "vitest";
import { kafkaVersions } from "../lab/kafka-versions.ts";
import { nodeVersions } from "./nodes.ts";
import { readOptions } from "./options.ts";

describe("readOptions", () => {
  it("takes every broker and every Node.js, and tests of both durability and replay, when none is chosen", () => {
    const options = readOptions([]);
    expect(options?.brokers).toEqual(kafkaVersions);
    expect(options?.nodes).toEqual(nodeVersions);
    expect(options?.tests).toEqual(
      expect.arrayContaining([
        "test/integration/durability.test.ts",
        "test/integration/replay-golden.test.ts",
      ]),
    );
  });

  it("takes what is chosen, once each", () => {
    const args = ["--brokers", "2.6, 4.3,newest", "--node", "22", "--tests", "durability,durability"];
    const options = readOptions(args);
    expect(options?.brokers.map(({ release }) => release)).toEqual(["2.6.3", "4.3.1"]);
    expect(options?.nodes).toEqual([nodeVersions[0]]);
    expect(options?.tests).toEqual(["test/integration/durability.test.ts"]);
  });

  it.each([
    { args: ["--brokers", "1.0"], says: "there is no Kafka 1.0" },
    { args: ["--node", "18"], says: "there is no Node.js 18 to run: choose one of 22.15, 24" },
    { args: ["--tests", "duration"], says: "there are no tests test/integration/duration.test.ts" },
    { args: ["--brokers", ","], says: "--brokers takes at least one" },
    { args: ["--broker", "2.6"], says: "--broker" },
  ])("refuses $args", ({ args, says }) => {
    expect(() => readOptions(args)).toThrow(says);
  });

  it("leaves everything else alone when help is asked for", () => {
    expect(readOptions(["--help", "--brokers", "1.0"])).toBeUndefined();
  });
});
