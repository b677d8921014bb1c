import { newestKafka } from "./kafka-versions.ts";

/** A Kafka broker that somebody else runs: the addresses in `KAFKA_BROKERS`. */
export interface GivenBroker {
  readonly kind: "given";
  /** One line for people: what it is and where. */
  readonly description: string;
  /** `host:port` of the plaintext listener. */
  readonly brokers: readonly string[];
  /** Does nothing: what we did not start, we do not stop. */
  stop(): Promise<void>;
}

/** A broker that we started, and so may break. */
export interface OwnBroker {
  readonly kind: "docker" | "jvm";
  readonly description: string;
  readonly brokers: readonly string[];
  /** Present when it was asked for with `secure`, and its version of Kafka can do all of it. */
  readonly secure: SecureListeners | undefined;
  /** Freezes the broker: connections stay open, nothing answers. */
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** Kills the broker and starts it again on the same ports and data; resolves once it serves. */
  restart(): Promise<void>;
  /** Ends the broker and removes its data; the second call does nothing. */
  stop(): Promise<void>;
}

export type Broker = GivenBroker | OwnBroker;

/** The listeners that ask for credentials or speak TLS, and what a client needs for them. */
export interface SecureListeners {
  /** SASL without TLS: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, and OAUTHBEARER with tokens that nobody has signed. */
  readonly sasl: readonly string[];
  /** TLS without SASL. */
  readonly tls: readonly string[];
  /** The same SASL mechanisms over TLS. */
  readonly saslTls: readonly string[];
  readonly username: string;
  readonly password: string;
  /** PEM file of the certificate that signs the broker's, to be trusted by the client. */
  readonly caFile: string;
}

export interface BrokerOptions {
  /** Also open the listeners of {@link SecureListeners}; needs openssl. */
  readonly secure?: boolean;
  /** Told what is going on where a step takes seconds. */
  readonly onProgress?: (line: string) => void;
  /** Abandons the start. */
  readonly signal?: AbortSignal;
}

/** There is no broker and none can be started. The message is one sentence that says what to install. */
export class NoBrokerError extends Error {
  /** @param reasons why each kind of broker is out of reach, as clauses */
  constructor(reasons: readonly string[]) {
    super(
      `No Kafka broker is to be had (${reasons.join("; ")}): set KAFKA_BROKERS to the address of one, ` +
        `or give a Docker engine the image apache/kafka:${newestKafka.release}, or install Java 17 or newer and Maven.`,
    );
    this.name = "NoBrokerError";
  }
}
