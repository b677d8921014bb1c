import { afterAll, beforeAll, expect, it } from "vitest";
import { sendByKafkajs } from "../bench/own-producer.ts";
import { codecs, type ForeignProducer, findProducer, type Target } from "../lab/producers.ts";
import { receiptOf, runFlags, untilCounted } from "./counting.ts";
import { createTopic, type ExporterProcess, randomName, startExporter } from "./harness.ts";
import { describeWithBroker } from "./with-broker.ts";

const compressed = codecs.filter((codec) => codec !== "none");

/** As one batch of a codec: larger than all that is sent. */
const batchBytes = 1_048_576;

/** A producer, and why it can't be run here, if it can't. */
interface Client {
  readonly name: string;
  readonly missing: string | undefined;
  send(target: Target, values: readonly string[]): Promise<void>;
}

async function foreign(name: ForeignProducer): Promise<Client> {
  const found = await findProducer(name);
  if (typeof found !== "string") return { name, missing: undefined, send: found.send };
  const send = async () => {
    throw new Error(found);
  };
  return { name, missing: found, send };
}

const own: Client = {
  name: "kafkajs",
  missing: undefined,
  send: (target, values) =>
    sendByKafkajs(
      target,
      1,
      values.map((value) => ({ value, recordedAt: Date.now() })),
    ),
};

// More than one block of 32 KB, in which the Java client frames snappy.
const sent = { DELIVRD: 1000, "12": 600, "XL:1": 1 };
const values = Object.entries(sent).flatMap(([code, count]) =>
  Array.from({ length: count }, () => receiptOf(code)),
);

const clients = [own, await foreign("kcat"), await foreign("java")];
for (const { name, missing } of clients) {
  if (missing !== undefined) console.warn(`${name} produces nothing here: ${missing}`);
}

describeWithBroker("compressed topics", ({ brokers }) => {
  // in CI a client that is missing fails its rows
  const rows = clients
    .filter(({ missing }) => missing === undefined || process.env.CI === "true")
    .flatMap((client) => compressed.map((codec) => ({ name: `${codec} by ${client.name}`, client, codec })))
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
    await client.send({ brokers, topic, codec, batchBytes }, values);
    expect(await untilCounted(exporter, brokers, topic)).toMatchObject({
      codes: sent,
      malformed: {},
      skipped: 0,
    });
  });
});
