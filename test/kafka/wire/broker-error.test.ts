import { describe, expect, it } from "vitest";
import { fencing } from "../../../src/kafka/group/checkpointer.ts";
import { moved, refused } from "../../../src/kafka/group/leaders.ts";
import { brokerFailure, RequestError } from "../../../src/kafka/wire/broker-error.ts";

/** Kafka's own names and numbers (https://kafka.apache.org/protocol#protocol_error_codes). */
const kafkas = {
  UNKNOWN: -1,
  OFFSET_OUT_OF_RANGE: 1,
  CORRUPT_MESSAGE: 2,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
  LEADER_NOT_AVAILABLE: 5,
  NOT_LEADER_OR_FOLLOWER: 6,
  REPLICA_NOT_AVAILABLE: 9,
  MESSAGE_TOO_LARGE: 10,
  OFFSET_METADATA_TOO_LARGE: 12,
  COORDINATOR_LOAD_IN_PROGRESS: 14,
  COORDINATOR_NOT_AVAILABLE: 15,
  NOT_COORDINATOR: 16,
  ILLEGAL_GENERATION: 22,
  INCONSISTENT_GROUP_PROTOCOL: 23,
  UNKNOWN_MEMBER_ID: 25,
  REBALANCE_IN_PROGRESS: 27,
  INVALID_COMMIT_OFFSET_SIZE: 28,
  TOPIC_AUTHORIZATION_FAILED: 29,
  GROUP_AUTHORIZATION_FAILED: 30,
  CLUSTER_AUTHORIZATION_FAILED: 31,
  KAFKA_STORAGE_ERROR: 56,
  FENCED_LEADER_EPOCH: 74,
  UNKNOWN_LEADER_EPOCH: 75,
  OFFSET_NOT_AVAILABLE: 78,
  MEMBER_ID_REQUIRED: 79,
  FENCED_INSTANCE_ID: 82,
  UNKNOWN_TOPIC_ID: 100,
  INCONSISTENT_TOPIC_ID: 103,
} as const;

describe("brokerFailure", () => {
  it("is nothing for 0", () => {
    expect(brokerFailure(0)).toBeUndefined();
  });

  it.each(Object.entries(kafkas))("names %s as Kafka does", (code, number) => {
    expect(brokerFailure(number)?.code).toBe(code);
    expect(brokerFailure(number)?.message).toMatch(/^[A-Z].{10,}/);
  });

  it("knows every name that something is decided by", () => {
    const names = new Set<string>(Object.keys(kafkas));
    for (const code of [...moved, ...refused, ...fencing]) expect(names).toContain(code);
  });

  it("gives the number of one that it does not know", () => {
    expect(brokerFailure(9_999)).toEqual({ code: "UNKNOWN", message: "error 9999 of the Kafka protocol" });
  });
});

describe("RequestError", () => {
  it("carries its failure", () => {
    const error = new RequestError("NO_ANSWER", "it is silent");
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.message]).toEqual(["RequestError", "it is silent"]);
    expect(error.failure).toEqual({ code: "NO_ANSWER", message: "it is silent" });
  });
});
