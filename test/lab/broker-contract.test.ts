import { describe, expect, it } from "vitest";
import { NoBrokerError } from "./broker-contract.ts";

describe("NoBrokerError", () => {
  it("says in one sentence what is missing and what to install", () => {
    expect(new NoBrokerError(["no Docker engine answers", "no Java 17 or newer"]).message).toBe(
      "No Kafka broker is to be had (no Docker engine answers; no Java 17 or newer): set KAFKA_BROKERS to the " +
        "address of one, or give a Docker engine the image apache/kafka:4.3.1, or install Java 17 or newer and Maven.",
    );
  });
});
