import { once } from "node:events";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import kafkajs from "kafkajs";
import { describe, expect, it } from "vitest";
import { brokerFailure, codeOf, failureCodes, KafkaFailure, toFailure } from "../../src/kafka/failure.ts";
import { fencing } from "../../src/kafka/group/checkpointer.ts";
import { moved, refused } from "../../src/kafka/group/leaders.ts";

const require = createRequire(import.meta.url);
const { createErrorFromCode } = require("kafkajs/src/protocol/error.js") as {
  createErrorFromCode(number: number): Error;
};
const errors = require("kafkajs/src/errors.js") as Record<
  | "KafkaJSNumberOfRetriesExceeded"
  | "KafkaJSNonRetriableError"
  | "KafkaJSConnectionClosedError"
  | "KafkaJSRequestTimeoutError",
  new (error: Error | string, options: object) => Error
>;

/** As kafkajs' retrier wraps what it gives up. */
function wrapped(error: Error): Error {
  const given = new errors.KafkaJSNumberOfRetriesExceeded(error, { retryCount: 3, retryTime: 200 });
  return new errors.KafkaJSNonRetriableError(given, { cause: given.cause ?? given });
}

/** @returns what a rejected promise was rejected with */
async function reasonOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => Promise.reject(new Error("it worked")),
    (error: unknown) => error,
  );
}

describe("a broker's error number", () => {
  // Kafka's own: https://kafka.apache.org/protocol#protocol_error_codes
  const rows = [
    [-1, "unknown", "UNKNOWN_SERVER_ERROR"],
    [1, "offset_out_of_range", "OFFSET_OUT_OF_RANGE"],
    [2, "corrupt", "CORRUPT_MESSAGE"],
    [3, "unknown_topic", "UNKNOWN_TOPIC_OR_PARTITION"],
    [5, "no_leader", "LEADER_NOT_AVAILABLE"],
    [6, "not_leader", "NOT_LEADER_OR_FOLLOWER"],
    [7, "other", "REQUEST_TIMED_OUT"],
    [9, "not_leader", "REPLICA_NOT_AVAILABLE"],
    [10, "request_too_large", "MESSAGE_TOO_LARGE"],
    [12, "metadata_too_large", "OFFSET_METADATA_TOO_LARGE"],
    [14, "other", "COORDINATOR_LOAD_IN_PROGRESS"],
    [15, "no_coordinator", "COORDINATOR_NOT_AVAILABLE"],
    [16, "no_coordinator", "NOT_COORDINATOR"],
    [22, "fenced", "ILLEGAL_GENERATION"],
    [23, "foreign_group", "INCONSISTENT_GROUP_PROTOCOL"],
    [25, "unknown_member", "UNKNOWN_MEMBER_ID"],
    [27, "rebalancing", "REBALANCE_IN_PROGRESS"],
    [28, "request_too_large", "INVALID_COMMIT_OFFSET_SIZE"],
    [29, "topic_unauthorized", "TOPIC_AUTHORIZATION_FAILED"],
    [30, "group_unauthorized", "GROUP_AUTHORIZATION_FAILED"],
    [31, "cluster_unauthorized", "CLUSTER_AUTHORIZATION_FAILED"],
    [35, "unsupported_version", "UNSUPPORTED_VERSION"],
    [56, "not_leader", "KAFKA_STORAGE_ERROR"],
    [74, "not_leader", "FENCED_LEADER_EPOCH"],
    [75, "not_leader", "UNKNOWN_LEADER_EPOCH"],
    [78, "not_leader", "OFFSET_NOT_AVAILABLE"],
    [79, "member_id_required", "MEMBER_ID_REQUIRED"],
    [82, "fenced", "FENCED_INSTANCE_ID"],
    [100, "wrong_topic_id", "UNKNOWN_TOPIC_ID"],
    [103, "wrong_topic_id", "INCONSISTENT_TOPIC_ID"],
  ] as const;

  it("is none when it is 0", () => {
    expect(brokerFailure(0)).toBeUndefined();
  });

  it.each(rows)("%i is %s (%s)", (number, code) => {
    expect(brokerFailure(number)).toEqual({ code, message: expect.stringMatching(/^[A-Z].{10,}/) });
  });

  it("that nobody knows is given in words", () => {
    expect(brokerFailure(9_999)).toEqual({ code: "unknown", message: "error 9999 of the Kafka protocol" });
  });

  it("has a message that no other has: failures are told apart by it", () => {
    const said = Array.from({ length: 200 }, (_, number) => brokerFailure(number)?.message);
    expect(new Set(said).size).toBe(said.length);
  });

  it.each(rows.filter(([number]) => number < 89))(
    "%i means the same in an error of kafkajs, however it is wrapped",
    (number, code) => {
      const error = createErrorFromCode(number);
      for (const given of [error, wrapped(error)])
        expect(toFailure(given)).toMatchObject({ code, message: error.message, cause: given });
    },
  );

  it("that kafkajs does not know is unknown", () => {
    expect(toFailure(createErrorFromCode(9_999)).code).toBe("unknown");
  });

  it("can be told by all codes that the group decides by", () => {
    const given = new Set(rows.map(([, code]) => code as string));
    expect([...moved, ...refused, ...fencing].filter((code) => !given.has(code))).toEqual([]);
  });
});

describe("what kafkajs throws", () => {
  it("because nobody listens: unreachable, in the socket's words", async () => {
    const logLevel = kafkajs.logLevel.NOTHING;
    const admin = new kafkajs.Kafka({ brokers: ["127.0.0.1:1"], retry: { retries: 0 }, logLevel }).admin();
    const failure = toFailure(await reasonOf(admin.connect()));
    expect(failure).toBeInstanceOf(KafkaFailure);
    expect([failure.code, failure.message]).toEqual(["unreachable", "connect ECONNREFUSED 127.0.0.1:1"]);
  });

  it("because a connection broke: by what was under way", () => {
    const closed = wrapped(
      new errors.KafkaJSConnectionClosedError("Closed connection", { host: "h", port: 1 }),
    );
    expect(toFailure(closed)).toMatchObject({ code: "unreachable", message: "Closed connection" });
    expect(toFailure(closed, "no_answer").code).toBe("no_answer");
  });

  it("because it was not connected: nothing was sent, whatever was under way", async () => {
    const Connection = require("kafkajs/src/network/connection.js") as new (options: object) => {
      send(request: object): Promise<unknown>;
    };
    const quiet = {
      namespace: () => quiet,
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: () => {},
    };
    const socketFactory = () => expect.unreachable();
    const connection = new Connection({ host: "h", port: 1, rack: null, logger: quiet, socketFactory });
    const request = { apiKey: 12, apiVersion: 1, apiName: "Heartbeat", encode: () => expect.unreachable() };
    const error = await reasonOf(connection.send({ request, response: {} }));
    expect(toFailure(error, "no_answer")).toMatchObject({ code: "unreachable", message: "Not connected" });
  });

  it("because a login is refused", async () => {
    const plain = require("kafkajs/src/broker/saslAuthenticator/plain.js") as (
      sasl: object,
    ) => (door: object) => { authenticate(): Promise<void> };
    const saslAuthenticate = () => Promise.reject(createErrorFromCode(58));
    const logger = { debug: () => {}, error: () => {} };
    const sasl = plain({ username: "u", password: "p" })({ host: "h", port: 1, logger, saslAuthenticate });
    const failure = toFailure(await reasonOf(sasl.authenticate()), "unreachable");
    expect(failure.code).toBe("login_refused");
    expect(failure.message).toMatch(/^SASL PLAIN authentication failed: /);
  });

  it("because no broker answers in time", () => {
    expect(toFailure(wrapped(new errors.KafkaJSRequestTimeoutError("Request timed out", {}))).code).toBe(
      "no_answer",
    );
  });

  it("and says nothing of itself: other, in its words", () => {
    const error = new TypeError("x is not a function");
    expect(toFailure(error)).toMatchObject({ code: "other", message: "x is not a function", cause: error });
    expect(toFailure("why").message).toBe("why");
    expect(toFailure(error, "no_answer").code).toBe("no_answer");
  });
});

describe("a failure", () => {
  it("is passed on as it is", () => {
    const failure = new KafkaFailure("silent", "no record received for 3 s");
    expect(toFailure(failure)).toBe(failure);
  });

  it("is known by its code where it comes from another thread, without its class", async () => {
    const file = JSON.stringify(new URL("../../src/kafka/failure.ts", import.meta.url));
    const code = `import(${file}).then(({ KafkaFailure }) => { throw new KafkaFailure("silent", "no word"); })`;
    const worker = new Worker(code, { eval: true });
    const [error] = (await once(worker, "error").catch((error: unknown) => [error])) as [Error];
    expect(error).not.toBeInstanceOf(KafkaFailure);
    expect([codeOf(error), error.message]).toEqual(["silent", "no word"]);
  });

  it("is none of Node.js, and none of kafkajs", () => {
    expect(codeOf(Object.assign(new Error("x"), { code: "ECONNREFUSED" }))).toBeUndefined();
    expect(codeOf(createErrorFromCode(3))).toBeUndefined();
    expect(codeOf(new Error("x"))).toBeUndefined();
  });

  it("has a code of a closed set, each once", () => {
    expect(new Set(failureCodes).size).toBe(failureCodes.length);
  });
});
