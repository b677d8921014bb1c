import type { SecureListeners } from "./broker-contract.ts";
import type { BrokerSecurity } from "./broker-security.ts";
import type { KafkaVersion } from "./kafka-versions.ts";
import { freePorts } from "./ports.ts";
import { zooKeeperSessionMs } from "./zookeeper.ts";

/** Names for Kafka's `listener.security.protocol.map`, which keep clear of the image's own handling of `SSL://`. */
const protocols = { PLAIN: "PLAINTEXT", SASL: "SASL_PLAINTEXT", TLS: "SSL", SASLTLS: "SASL_SSL" } as const;
const mechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"];

/** Any valid cluster id; a temporary cluster needs no other. */
export const clusterId = "5L6g3nShT-eMCtK--X86sw";

/** The ports of one broker: `PLAIN` always, the others when it is to have secure listeners. */
export interface BrokerPorts {
  /** Of the controller, or of the ZooKeeper that is there in its place. */
  readonly controller: number;
  readonly listeners: ReadonlyMap<keyof typeof protocols, number>;
}

/** Picks free ports: for the controller, and for one listener or, when secure, all four. */
export async function choosePorts(secure: boolean): Promise<BrokerPorts> {
  const names: (keyof typeof protocols)[] = secure ? ["PLAIN", "SASL", "TLS", "SASLTLS"] : ["PLAIN"];
  const [controller = 0, ...rest] = await freePorts(names.length + 1);
  return { controller, listeners: new Map(names.map((name, i) => [name, rest[i] ?? 0])) };
}

/**
 * The server properties of a broker that is a whole cluster.
 *
 * @param bindHost where it listens
 * @param host the name under which clients reach it
 * @param metadata what keeps the cluster's metadata
 */
export function brokerProperties(
  ports: BrokerPorts,
  bindHost: string,
  host: string,
  security: BrokerSecurity | undefined,
  metadata: KafkaVersion["metadata"] = "kraft",
): Record<string, string> {
  const listeners = [...ports.listeners];
  const at = (where: string) => listeners.map(([name, port]) => `${name}://${where}:${port}`).join(",");
  const keeper = metadata === "kraft" ? controllerProperties(ports) : zooKeeperProperties(ports);
  return {
    ...keeper,
    "inter.broker.listener.name": "PLAIN",
    listeners: [at(bindHost), keeper.listeners].filter((part) => part !== undefined).join(","),
    "advertised.listeners": at(host),
    "listener.security.protocol.map": [
      "CONTROLLER:PLAINTEXT",
      ...listeners.map(([name]) => `${name}:${protocols[name]}`),
    ].join(","),
    // one broker holds the only copy
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "offsets.topic.num.partitions": "4",
    // of fifty, which a broker makes of each by itself, each is a folder and files to flush
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.num.partitions": "4",
    "auto.create.topics.enable": "false",
    // a group forms at once, not after 3 s
    "group.initial.rebalance.delay.ms": "0",
    // records with the event times of a replay are old on arrival and must stay
    "log.retention.ms": "-1",
    ...(security === undefined ? {} : securityProperties(security)),
  };
}

/** What makes the broker its own controller. */
function controllerProperties({ controller }: BrokerPorts): Record<string, string> {
  return {
    "node.id": "1",
    "process.roles": "broker,controller",
    "controller.quorum.voters": `1@127.0.0.1:${controller}`,
    "controller.listener.names": "CONTROLLER",
    listeners: `CONTROLLER://127.0.0.1:${controller}`,
    // a killed broker is taken back within seconds, not after its old session of 9 s
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "500",
  };
}

function zooKeeperProperties({ controller }: BrokerPorts): Record<string, string> {
  return {
    "broker.id": "1",
    "zookeeper.connect": `127.0.0.1:${controller}`,
    "zookeeper.session.timeout.ms": `${zooKeeperSessionMs}`,
    // it is started at the same moment, and may take longer than a session to be there
    "zookeeper.connection.timeout.ms": "30000",
  };
}

function securityProperties(security: BrokerSecurity): Record<string, string> {
  const jaas = "org.apache.kafka.common.security";
  const user = `user_${security.username}="${security.password}"`;
  const ofListener = (name: string) => ({
    [`listener.name.${name}.plain.sasl.jaas.config`]: `${jaas}.plain.PlainLoginModule required ${user};`,
    [`listener.name.${name}.scram-sha-256.sasl.jaas.config`]: `${jaas}.scram.ScramLoginModule required;`,
    [`listener.name.${name}.scram-sha-512.sasl.jaas.config`]: `${jaas}.scram.ScramLoginModule required;`,
    // Takes tokens that nobody has signed, and has a session end with its token.
    [`listener.name.${name}.oauthbearer.sasl.jaas.config`]: `${jaas}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    [`listener.name.${name}.oauthbearer.connections.max.reauth.ms`]: "3600000",
  });
  // line breaks as a properties file writes them, so that the same value also fits an environment variable
  const oneLine = (pem: string) => pem.trim().replaceAll("\n", "\\n");
  return {
    // Everybody may do all that no rule says otherwise of.
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "allow.everyone.if.no.acl.found": "true",
    "super.users": "User:ANONYMOUS",
    "sasl.enabled.mechanisms": mechanisms.join(","),
    ...ofListener("sasl"),
    ...ofListener("sasltls"),
    "ssl.keystore.type": "PEM",
    "ssl.keystore.key": oneLine(security.privateKey),
    "ssl.keystore.certificate.chain": oneLine(security.certificate),
  };
}

/** The mechanisms whose users live in the cluster's metadata and not in its properties. */
export function scramMechanisms(): string[] {
  return mechanisms.filter((mechanism) => mechanism.startsWith("SCRAM"));
}

/** `host:port` of the plaintext listener. */
export function plainAddress(ports: BrokerPorts, host: string): string {
  return `${host}:${ports.listeners.get("PLAIN")}`;
}

/** What a client needs for the secure listeners. */
export function secureListeners(ports: BrokerPorts, host: string, security: BrokerSecurity): SecureListeners {
  const address = (name: keyof typeof protocols) => [`${host}:${ports.listeners.get(name)}`];
  return {
    sasl: address("SASL"),
    tls: address("TLS"),
    saslTls: address("SASLTLS"),
    username: security.username,
    password: security.password,
    caFile: security.caFile,
  };
}
