import { afterEach, describe, expect, it, vi } from "vitest";
import { findStarters } from "./broker.ts";
import { demandedKafka, kafkaVersion, kafkaVersions, newestKafka, oldestKafka } from "./kafka-versions.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("kafkaVersions", () => {
  it("stand from the oldest to the newest, each by the name of its release", () => {
    const numbers = kafkaVersions.map(({ name }) => Number(name));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    for (const { name, release } of kafkaVersions) expect(release.replace(/\.\d+$/, ""), release).toBe(name);
  });
});

describe("kafkaVersion", () => {
  it.each([
    { word: "2.6", release: "2.6.3" },
    { word: "3.9.2", release: "3.9.2" },
    { word: "oldest", release: oldestKafka.release },
    { word: "newest", release: newestKafka.release },
  ])("finds $word", ({ word, release }) => {
    expect(kafkaVersion(word).release).toBe(release);
  });

  it("says what there is when there is no such version", () => {
    expect(() => kafkaVersion("2.5")).toThrow(
      "there is no Kafka 2.5 to start: choose one of 2.6.3, 3.3.2, 3.9.2, 4.3.1, oldest, newest",
    );
  });
});

describe("KAFKA_VERSION", () => {
  it("demands nothing while it is not set", () => {
    vi.stubEnv("KAFKA_VERSION", "");
    expect(demandedKafka()).toBeUndefined();
  });

  it("has its version started from Maven's artifacts, whatever a Docker engine holds", async () => {
    vi.stubEnv("KAFKA_VERSION", newestKafka.name);
    expect(demandedKafka()).toBe(newestKafka);
    const { starters, reasons } = await findStarters();
    expect([...starters.keys()]).not.toContain("docker");
    expect(reasons).toContain("KAFKA_VERSION asks for Kafka's Maven artifacts");
  });

  it("is refused when there is no such version, rather than passed over", async () => {
    vi.stubEnv("KAFKA_VERSION", "0.8");
    await expect(findStarters()).rejects.toThrow("there is no Kafka 0.8");
  });
});
