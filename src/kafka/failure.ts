import { createRequire } from "node:module";
import kafkajs from "kafkajs";

const require = createRequire(import.meta.url);
const { errorCodes } = require("kafkajs/src/protocol/error.js") as {
  readonly errorCodes: readonly { readonly code: number; readonly message: string }[];
};

/** Why the cluster has not done what it was asked: all that is decided by, whatever client or broker it came from. */
export const failureCodes = [
  // nothing can have been carried out
  "unreachable",
  // nobody knows whether it was carried out
  "no_answer",
  // nothing came for as long as the caller would wait
  "silent",
  "login_refused",
  "topic_unauthorized",
  "group_unauthorized",
  "cluster_unauthorized",
  "unsupported_version",
  "unreadable_answer",
  "unknown_topic",
  // the topic was deleted and made anew, or this broker has not heard of it
  "wrong_topic_id",
  "no_leader",
  // this broker can't serve the partition now, another may
  "not_leader",
  "offset_out_of_range",
  "corrupt",
  // this broker does not coordinate the group, or none does for the moment
  "no_coordinator",
  // the group has members of another program
  "foreign_group",
  "member_id_required",
  "unknown_member",
  "rebalancing",
  // the group is past this generation
  "fenced",
  "metadata_too_large",
  "request_too_large",
  // a commit was answered without a word of this offset
  "unmentioned",
  // the broker gives no reason, or one that nobody here knows
  "unknown",
  // any other reason: nothing is decided by it
  "other",
] as const;
export type FailureCode = (typeof failureCodes)[number];

/** Why a request failed, as plain data. */
export interface Failure {
  readonly code: FailureCode;
  /** For people: nothing is decided by it. */
  readonly message: string;
}

/** A {@link Failure} that is thrown. All that comes out of this folder and is no mistake of ours is one. */
export class KafkaFailure extends Error implements Failure {
  override readonly name: string = "KafkaFailure";
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The code of a {@link KafkaFailure}, of another thread too, from where no class comes; undefined for other errors. */
export function codeOf(error: Error): FailureCode | undefined {
  return "code" in error ? failureCodes.find((code) => code === error.code) : undefined;
}

/** What each number that something is decided by means (https://kafka.apache.org/protocol#protocol_error_codes). */
const codes: Readonly<Record<number, FailureCode>> = {
  [-1]: "unknown",
  1: "offset_out_of_range",
  2: "corrupt",
  3: "unknown_topic",
  5: "no_leader",
  6: "not_leader",
  9: "not_leader",
  10: "request_too_large",
  12: "metadata_too_large",
  15: "no_coordinator",
  16: "no_coordinator",
  22: "fenced",
  23: "foreign_group",
  25: "unknown_member",
  27: "rebalancing",
  28: "request_too_large",
  29: "topic_unauthorized",
  30: "group_unauthorized",
  31: "cluster_unauthorized",
  35: "unsupported_version",
  56: "not_leader",
  74: "not_leader",
  75: "not_leader",
  78: "not_leader",
  79: "member_id_required",
  82: "fenced",
  100: "wrong_topic_id",
  103: "wrong_topic_id",
};

/** In words, where kafkajs has none or worse ones. */
const messages: Readonly<Record<number, string>> = {
  6: "This broker does not lead the partition",
  14: "The coordinator is loading the group",
  15: "The group coordinator is not available",
  16: "This broker does not coordinate the group",
  56: "The broker's disk has failed",
  78: "The leader does not know the end of the log yet",
  100: "This broker does not host the topic with this id",
  103: "The topic has a new id",
};

/**
 * What an error number of the Kafka protocol means.
 *
 * @returns undefined for 0, which is no error
 */
export function brokerFailure(number: number): Failure | undefined {
  if (number === 0) return undefined;
  const known = errorCodes.find(({ code }) => code === number);
  return {
    code: codes[number] ?? (known === undefined ? "unknown" : "other"),
    message: messages[number] ?? known?.message ?? `error ${number} of the Kafka protocol`,
  };
}

/**
 * Makes a {@link KafkaFailure} of whatever kafkajs throws, which wraps errors of brokers, sockets and TLS in several of
 * its own. The message is kafkajs'.
 *
 * @param otherwise what it means when a connection fails, and what is not known: `no_answer` where something was under way
 *   on it. Unless told, a failed connection is `unreachable`, and what is not known `other`
 */
export function toFailure(error: unknown, otherwise?: "unreachable" | "no_answer"): KafkaFailure {
  if (error instanceof KafkaFailure) return error;
  for (let origin: unknown = error; origin instanceof Error; origin = origin.cause) {
    const isConnection = origin instanceof kafkajs.KafkaJSConnectionError;
    const code = meaningOf(origin) ?? (isConnection ? (otherwise ?? "unreachable") : undefined);
    if (code !== undefined) return new KafkaFailure(code, wordsOf(origin), { cause: error });
  }
  const message = error instanceof Error ? wordsOf(error) : String(error);
  return new KafkaFailure(otherwise ?? "other", message, { cause: error });
}

/** What an error says of itself; undefined where that depends on what was under way. */
function meaningOf(error: Error): FailureCode | undefined {
  if (error instanceof kafkajs.KafkaJSSASLAuthenticationError) return "login_refused";
  if (error instanceof kafkajs.KafkaJSGroupCoordinatorNotFound) return "no_coordinator";
  if (error instanceof kafkajs.KafkaJSRequestTimeoutError) return "no_answer";
  // Of some, kafkajs makes one out of an error that has no number.
  if (error instanceof kafkajs.KafkaJSProtocolError && typeof error.code === "number")
    return brokerFailure(error.code)?.code;
  // kafkajs 2.2.4 says by its text alone that it has not even begun to send (network/connection.js).
  if (error instanceof kafkajs.KafkaJSConnectionError && error.message === "Not connected")
    return "unreachable";
  return undefined;
}

/** Without what kafkajs 2.2.4 puts before the words of a socket (network/connection.js). */
function wordsOf({ message }: Error): string {
  return message.replace(/^Connection error: /, "");
}

/** Whether a line of kafkajs 2.2.4's log tells of a crash (consumer/index.js), which its event tells too. */
export function tellsOfCrash(line: string): boolean {
  return line.startsWith("Crash: ");
}
