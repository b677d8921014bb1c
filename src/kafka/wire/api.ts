import type { Reader, Writer } from "./bytes.ts";

/** One version of one request of the Kafka protocol. */
export interface ApiVersion<Request, Response> {
  readonly version: number;
  /** Whether header and structures have tagged fields (KIP-482). */
  readonly flexible: boolean;
  write(request: Request, writer: Writer): unknown;
  /** @throws RangeError when the answer violates the protocol */
  read(reader: Reader, request: Request): Response;
}

/** A request of the Kafka protocol, in the versions that this program supports, the preferred one first. */
export interface Api<Request, Response> {
  readonly name: string;
  readonly key: number;
  readonly versions: readonly ApiVersion<Request, Response>[];
}
