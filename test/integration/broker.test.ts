import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { connect as connectTls } from "node:tls";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { ClientSettings } from "../../src/kafka/client-settings.ts";
import { Cluster, inNoGroup } from "../../src/kafka/cluster.ts";
import type { Answer } from "../../src/kafka/group/asks.ts";
import type { OwnBroker, SecureListeners } from "../lab/broker-contract.ts";
import { findStarters, obtainBroker } from "../lab/broker.ts";
import { consume, createTopic, produce, randomName, waitFor, withAdmin } from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describeWithBroker("the run's broker", ({ brokers }) => {
  it("is taken as it is when KAFKA_BROKERS names it, before any other is looked for", async () => {
    vi.stubEnv("KAFKA_BROKERS", `127.0.0.1:1,${brokers.join(",")}`);
    const given = await obtainBroker();
    expect(given.kind).toBe("given");
    expect(given.brokers).toEqual(["127.0.0.1:1", ...brokers]);
    await given.stop();
    expect(await withAdmin(brokers, (admin) => admin.listTopics())).toBeInstanceOf(Array);
  });

  it("is not replaced by another when KAFKA_BROKERS names one that is not there", async () => {
    vi.stubEnv("KAFKA_BROKERS", "127.0.0.1:1");
    await expect(obtainBroker()).rejects.toThrow(
      "KAFKA_BROKERS names 127.0.0.1:1, but no Kafka answers there",
    );
  });

  it("keeps the records of a topic that a test creates", async () => {
    const topic = randomName("broker");
    await createTopic(brokers, topic, 3);
    const values = Array.from({ length: 30 }, (_, i) => `record ${i}`);
    await produce(brokers, topic, values);
    expect((await consume(brokers, topic, 30)).sort()).toEqual(values.sort());
  });
});

const { starters } = await findStarters();

describe.for([...starters])("a broker of our own (%s)", ([kind, start]) => {
  let broker: OwnBroker;

  beforeAll(async () => {
    broker = await start({ secure: true });
  });

  afterAll(() => broker.stop());

  it("is of the kind that was asked for", () => {
    expect(broker.kind).toBe(kind);
  });

  it("keeps its data and its port when it is killed and started again", async () => {
    const topic = randomName("restart");
    await createTopic(broker.brokers, topic, 1);
    await produce(broker.brokers, topic, ["before"]);
    await broker.restart();
    await produce(broker.brokers, topic, ["after"]);
    expect(await consume(broker.brokers, topic, 2)).toEqual(["before", "after"]);
  });

  it("answers nothing while it is paused", async () => {
    let answered = false;
    await broker.pause();
    const listing = withAdmin(broker.brokers, (admin) => admin.listTopics()).then((topics) => {
      answered = true;
      return topics;
    });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const whilePaused = answered;
    await broker.unpause();
    expect(await listing).toBeInstanceOf(Array);
    expect(whilePaused).toBe(false);
  });

  it("speaks TLS without a login, under a certificate that only its own file vouches for", async () => {
    const { tls, caFile } = secureOf(broker);
    expect(await listTopics({ brokers: tls, ssl: trusting(caFile), sasl: undefined })).toBeInstanceOf(Array);
    const [host = "", port = ""] = tls[0]?.split(":") ?? [];
    const socket = connectTls({ host, port: Number(port) });
    await expect(once(socket, "secureConnect")).rejects.toThrow("self-signed certificate");
  });

  describe.for(["plain", "scram-sha-256", "scram-sha-512"] as const)("%s", (mechanism) => {
    it.for(["sasl", "saslTls"] as const)("lets its user in on %s, and nobody else", async (listener) => {
      const { [listener]: brokers, caFile, username, password } = secureOf(broker);
      const ssl = listener === "sasl" ? undefined : trusting(caFile);
      const logIn = (secret: string) =>
        listTopics({ brokers, ssl, sasl: { mechanism, username, password: secret } });
      expect(await logIn(password)).toBeInstanceOf(Array);
      await expect(logIn("wrong")).rejects.toThrow(/[Aa]uthentication/);
    });
  });

  it("leaves nothing behind when it is stopped, even when it was paused", async () => {
    const [address = ""] = broker.brokers;
    const { caFile } = secureOf(broker);
    expect(existsSync(caFile)).toBe(true);
    await broker.pause();
    await broker.stop();
    expect(existsSync(caFile)).toBe(false);
    await waitFor(() => isClosed(address), { what: "the port to close" });
  });
});

function secureOf(broker: OwnBroker): SecureListeners {
  if (broker.secure === undefined) throw new Error("the broker was asked for secure listeners");
  return broker.secure;
}

function trusting(caFile: string): ClientSettings["ssl"] {
  return { ca: readFileSync(caFile, "utf8"), cert: undefined, key: undefined, serverName: undefined };
}

async function listTopics(settings: Omit<ClientSettings, "clientId">): Promise<string[]> {
  const client = { ...settings, clientId: "dlr-exporter-test" };
  const cluster = new Cluster(client, inNoGroup, pino({ level: "silent" }));
  const answer = (await cluster.perform({ kind: "metadata", topics: [], all: true })) as Answer<"metadata">;
  cluster.close();
  if (answer.failure !== undefined) throw new Error(answer.failure.message);
  return [...answer.result.topics.keys()];
}

function isClosed(address: string): Promise<boolean> {
  const [host = "", port = ""] = address.split(":");
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: Number(port) }, () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", () => resolve(true));
  });
}
