import { createRequire } from "node:module";
import type { Failure } from "../group/asks.ts";

const require = createRequire(import.meta.url);
const { errorCodes } = require("kafkajs/src/protocol/error.js") as {
  readonly errorCodes: readonly { readonly code: number; readonly type: string; readonly message: string }[];
};

/** Names that kafkajs lacks, or has under an older name (https://kafka.apache.org/protocol#protocol_error_codes). */
const named: Readonly<Record<number, Failure>> = {
  6: { code: "NOT_LEADER_OR_FOLLOWER", message: "This broker does not lead the partition" },
  15: { code: "COORDINATOR_NOT_AVAILABLE", message: "The group coordinator is not available" },
  14: { code: "COORDINATOR_LOAD_IN_PROGRESS", message: "The coordinator is loading the group" },
  16: { code: "NOT_COORDINATOR", message: "This broker does not coordinate the group" },
  56: { code: "KAFKA_STORAGE_ERROR", message: "The broker's disk has failed" },
  78: { code: "OFFSET_NOT_AVAILABLE", message: "The leader does not know the log's end yet" },
  100: { code: "UNKNOWN_TOPIC_ID", message: "This broker does not host the topic with this id" },
  103: { code: "INCONSISTENT_TOPIC_ID", message: "The topic has another id by now" },
};

/**
 * Names an error of the Kafka protocol.
 *
 * @returns undefined for 0, which is no error
 */
export function brokerFailure(code: number): Failure | undefined {
  if (code === 0) return undefined;
  const found = errorCodes.find((error) => error.code === code);
  return (
    named[code] ?? {
      code: found?.type ?? "UNKNOWN",
      message: found?.message ?? `error ${code} of the Kafka protocol`,
    }
  );
}

/** A request could not be carried out, or nobody knows whether it was. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly failure: Failure;

  constructor(code: string, message: string) {
    super(message);
    this.failure = { code, message };
  }
}
