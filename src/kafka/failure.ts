// All of kafkajs would take longer to load than what is used of it.
import errors from "kafkajs/src/errors.js";
import protocol from "kafkajs/src/protocol/error.js";

const { errorCodes } = protocol as {
  readonly errorCodes: readonly { readonly code: number; readonly message: string }[];
};
const kafkajs = errors as Pick<
  typeof import("kafkajs"),
  | "KafkaJSConnectionError"
  | "KafkaJSProtocolError"
  | "KafkaJSRequestTimeoutError"
  | "KafkaJSSASLAuthenticationError"
>;

/** Why a request to the cluster failed. Every decision is made on these codes, whichever client or broker failed. */
export const failureCodes = [
  // certainly not carried out
  "unreachable",
  // may or may not have been carried out
  "no_answer",
  // nothing arrived within the caller's timeout
  "silent",
  "login_refused",
  "topic_unauthorized",
  "group_unauthorized",
  "cluster_unauthorized",
  "unsupported_version",
  "unreadable_answer",
  "unknown_topic",
  // the topic was recreated, or this broker does not know it yet
  "wrong_topic_id",
  "no_leader",
  // this broker can't serve the partition now, another one may
  "not_leader",
  "offset_out_of_range",
  "corrupt",
  // this broker does not coordinate the group, or the group has no coordinator now
  "no_coordinator",
  // the group has members of another program
  "foreign_group",
  "member_id_required",
  "unknown_member",
  "rebalancing",
  // the group has moved to a later generation
  "fenced",
  "metadata_too_large",
  "request_too_large",
  // the answer to a commit does not mention this offset
  "unmentioned",
  // the broker gives no reason, or one that is not in the table
  "unknown",
  // any other reason: no decision depends on it
  "other",
] as const;
export type FailureCode = (typeof failureCodes)[number];

/** Why a request failed, as plain data. */
export interface Failure {
  readonly code: FailureCode;
  /** For people: no decision depends on it. */
  readonly message: string;
}

/** A thrown {@link Failure}. Every error that leaves this folder is one, except for our own bugs. */
export class KafkaFailure extends Error implements Failure {
  override readonly name: string = "KafkaFailure";
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * The code of a {@link KafkaFailure}, also of one from another thread, which has lost its class; undefined for other
 * errors.
 */
export function codeOf(error: Error): FailureCode | undefined {
  return "code" in error ? failureCodes.find((code) => code === error.code) : undefined;
}

/** The error numbers that decisions depend on (https://kafka.apache.org/protocol#protocol_error_codes). */
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

/** Messages for errors that kafkajs has no message, or a worse one, for. */
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
 * Translates an error number of the Kafka protocol.
 *
 * @returns undefined for 0, no error
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
 * Makes a {@link KafkaFailure} of anything kafkajs throws; kafkajs wraps errors of brokers, sockets and TLS several
 * times. The message is kafkajs'.
 *
 * @param otherwise the code for a failed connection and for unknown errors: `no_answer` if a request was in flight.
 *   By default a failed connection is `unreachable`, and an unknown error `other`
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

/** What an error means by itself; undefined where that depends on whether a request was in flight. */
function meaningOf(error: Error): FailureCode | undefined {
  if (error instanceof kafkajs.KafkaJSSASLAuthenticationError) return "login_refused";
  if (error instanceof kafkajs.KafkaJSRequestTimeoutError) return "no_answer";
  // kafkajs makes some from an error without a number.
  if (error instanceof kafkajs.KafkaJSProtocolError && typeof error.code === "number")
    return brokerFailure(error.code)?.code;
  // In kafkajs 2.2.4 only this text tells that nothing was sent (network/connection.js).
  if (error instanceof kafkajs.KafkaJSConnectionError && error.message === "Not connected")
    return "unreachable";
  return undefined;
}

/** Strips what kafkajs 2.2.4 puts before a socket's message (network/connection.js). */
function wordsOf({ message }: Error): string {
  return message.replace(/^Connection error: /, "");
}
