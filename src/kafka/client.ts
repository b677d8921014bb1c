import type { ConnectionOptions } from "node:tls";
import kafkajs, { type KafkaConfig, type LogEntry, type SASLOptions } from "kafkajs";
import type { Logger } from "pino";
import { withColons, withoutColons } from "./address.ts";
import { tellsOfCrash } from "./failure.ts";
import { prepareLogin, saslOptions } from "./login/bearer.ts";
import type { Login } from "./login/login.ts";
import { registerCodecs } from "./wire/codecs.ts";
import { frameSocket } from "./wire/frame-socket.ts";
import { repairKafkajs } from "./wire/repairs.ts";

/** How to reach a cluster. Secrets and certificates are given as values. */
export interface ClientSettings {
  /** `host:port` of one or more brokers; an IPv6 address stands in brackets. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** PEM texts; undefined connects without TLS. */
  readonly ssl:
    | {
        readonly ca: string | undefined;
        readonly cert: string | undefined;
        readonly key: string | undefined;
        readonly serverName: string | undefined;
      }
    | undefined;
  readonly sasl: Login | undefined;
}

export type Kafka = InstanceType<typeof kafkajs.Kafka>;

let prepared = false;

/**
 * A kafkajs client with all four codecs and the repairs, logging through our logger.
 *
 * @param retries how many failures are hidden from the caller. Few by default: the exporter retries forever by
 *   itself, and readiness says why meanwhile
 * @throws KafkaFailure when a package that the login needs is missing
 */
export function createKafka(settings: ClientSettings, log: Logger, retries = 3): Kafka {
  prepareLogin(settings.sasl);
  if (!prepared) {
    repairKafkajs();
    registerCodecs();
    prepared = true;
  }
  const config: KafkaConfig = {
    clientId: settings.clientId,
    brokers: settings.brokers.map(withoutColons),
    connectionTimeout: 5_000,
    // A connection whose peer is silently gone is given up after a few of these; the default is 30 s.
    requestTimeout: 10_000,
    socketFactory: (target) => frameSocket({ ...target, host: withColons(target.host) }),
    retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries, restartOnFailure: async () => true },
    logLevel: kafkajs.logLevel.INFO,
    logCreator: () => (entry) => relay(log, entry),
  };
  if (settings.ssl !== undefined) config.ssl = tlsOptions(settings.ssl);
  if (settings.sasl !== undefined) config.sasl = saslOptions(settings.sasl, log) as SASLOptions;
  return new kafkajs.Kafka(config);
}

/** The options of node:tls. */
export function tlsOptions({
  ca,
  cert,
  key,
  serverName,
}: NonNullable<ClientSettings["ssl"]>): ConnectionOptions {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}

/**
 * kafkajs logs ordinary rebalances and each attempt on an unreachable broker as ERROR. We log what matters ourselves,
 * from events and errors, so kafkajs' own lines go down one or two levels.
 */
function relay(log: Logger, { namespace, level, log: entry }: LogEntry): void {
  const { message, error } = entry as { message: string; error?: unknown };
  const fields = {
    component: `kafkajs.${namespace}`,
    ...(typeof error === "string" ? { reason: error } : {}),
  };
  // The reader learns of a crash from an event, and reports it.
  const told = tellsOfCrash(message);
  if (level === kafkajs.logLevel.ERROR && !told && (namespace === "Consumer" || namespace === "Runner")) {
    log.warn(fields, message);
  } else {
    log.debug(fields, message);
  }
}
