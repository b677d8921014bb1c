import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import kafkajs from "kafkajs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findJvm } from "../lab/broker-jvm.ts";
import { guarded } from "../lab/guarded.ts";
import { fetchJars } from "../lab/kafka-jars.ts";
import { demandedKafka, newestKafka } from "../lab/kafka-versions.ts";
import { receiptOf, runFlags, untilCounted } from "./counting.ts";
import { connect, createTopic, type ExporterProcess, randomName, startExporter } from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

const codecs = ["gzip", "snappy", "lz4", "zstd"] as const;
type Codec = (typeof codecs)[number];

/** A producer, and how it sends values as one batch of a codec. */
interface Client {
  readonly name: string;
  /** Why it can't be run here; undefined when it can. */
  readonly missing: string | undefined;
  produce(brokers: readonly string[], topic: string, codec: Codec, values: readonly string[]): Promise<void>;
}

const { CompressionTypes } = kafkajs;
const types = {
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
};

const own: Client = {
  name: "kafkajs",
  missing: undefined,
  produce: async (brokers, topic, codec, values) => {
    const producer = connect(brokers).producer();
    await producer.connect();
    await producer.send({ topic, compression: types[codec], messages: values.map((value) => ({ value })) });
    await producer.disconnect();
  },
};

const kcat: Client = {
  name: "kcat",
  missing:
    spawnSync("kcat", ["-V"]).error === undefined
      ? undefined
      : "kcat is not installed (Debian: apt install kcat)",
  produce: (brokers, topic, codec, values) =>
    feed(
      spawn("kcat", ["-P", "-b", brokers.join(","), "-t", topic, "-z", codec, "-X", "linger.ms=500"]),
      values,
    ),
};

const jvm = await findJvm(demandedKafka() ?? newestKafka);

/** Kafka's own client, which frames snappy in blocks of its own. */
const java: Client = {
  name: "the Java client",
  missing: typeof jvm === "string" ? jvm : undefined,
  produce: async (brokers, topic, codec, values) => {
    if (typeof jvm === "string") throw new Error(jvm);
    const jars = await fetchJars(jvm.kafka, {});
    const producer = [
      ...["-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", join(jars, "*")],
      jvm.kafka.tools === "kafka-tools"
        ? "org.apache.kafka.tools.ConsoleProducer"
        : "kafka.tools.ConsoleProducer",
      ...["--bootstrap-server", brokers.join(","), "--topic", topic],
      ...["--compression-codec", codec, "--batch-size", "500000", "--timeout", "500"],
    ];
    await feed(spawn(jvm.java, producer), values);
  },
};

/** Gives a client one value a line, and waits until it has sent them all. */
async function feed(client: ChildProcess, values: readonly string[]): Promise<void> {
  const errors: Buffer[] = [];
  client.stderr?.on("data", (chunk: Buffer) => errors.push(chunk));
  client.stdin?.end(values.map((value) => `${value}\n`).join(""));
  const [code] = (await once(guarded(client), "close")) as [number | null];
  if (code !== 0) throw new Error(`${client.spawnfile} ended with ${code}: ${Buffer.concat(errors)}`);
}

// More than one block of 32 KB, in which the Java client frames snappy.
const sent = { DELIVRD: 1000, "12": 600, "XL:1": 1 };
const values = Object.entries(sent).flatMap(([code, count]) =>
  Array.from({ length: count }, () => receiptOf(code)),
);

const clients = [own, kcat, java];
for (const { name, missing } of clients) {
  if (missing !== undefined) console.warn(`${name} produces nothing here: ${missing}`);
}

describeWithBroker("compressed topics", ({ brokers }) => {
  // in CI a client that is missing fails its rows
  const rows = clients
    .filter(({ missing }) => missing === undefined || process.env.CI === "true")
    .flatMap((client) => codecs.map((codec) => ({ name: `${codec} by ${client.name}`, client, codec })))
    .map((row) => ({ ...row, topic: randomName(row.codec) }));
  let exporter: ExporterProcess;

  beforeAll(async () => {
    for (const { topic } of rows) await createTopic(brokers, topic, 1);
    exporter = await startExporter(
      runFlags(
        brokers,
        rows.map(({ topic }) => topic),
      ),
    );
  });

  afterAll(() => exporter?.stop());

  it.each(rows)("$name are read, every record", async ({ client, codec, topic }) => {
    await client.produce(brokers, topic, codec, values);
    expect(await untilCounted(exporter, brokers, topic)).toMatchObject({
      codes: sent,
      malformed: {},
      skipped: 0,
    });
  });
});
