import { execFile, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findJvm } from "./broker-jvm.ts";
import { builtOnce } from "./built.ts";
import { ending } from "./guarded.ts";
import { javaArguments } from "./java-process.ts";
import { fetchJars } from "./kafka-jars.ts";
import { demandedKafka, newestKafka } from "./kafka-versions.ts";

export const codecs = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
export type Codec = (typeof codecs)[number];

/** Producers of three families, which make batches and compress them each in its own way. */
export const foreignProducers = ["kcat", "java", "franz-go"] as const;
export type ForeignProducer = (typeof foreignProducers)[number];

/** Where to send, and in which batches. */
export interface Target {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly codec: Codec;
  /** How large a batch gets before it is compressed; the Java client counts it as compressed. */
  readonly batchBytes: number;
}

export interface Producer {
  /** What it is, with its version. */
  readonly description: string;
  /**
   * Sends a record for each value, in batches that are as full as they get.
   *
   * @param values without line breaks
   * @throws Error with its words when it fails
   */
  send(target: Target, values: Iterable<string>): Promise<void>;
}

/** A producer; or in words why it can't be run here. */
export function findProducer(name: ForeignProducer): Promise<Producer | string> {
  return finders[name]();
}

const finders: Readonly<Record<ForeignProducer, () => Promise<Producer | string>>> = {
  kcat: findKcat,
  java: findJava,
  "franz-go": findFranzGo,
};

/** A batch is waited for that long, so that only the last is not full. At the end of its input kcat still waits. */
const lingerMs = 2_000;

async function findKcat(): Promise<Producer | string> {
  const { error, stdout } = spawnSync("kcat", ["-V"], { encoding: "utf8" });
  if (error !== undefined) return "kcat is not installed (Debian: apt install kcat)";
  const library = /librdkafka [\d.]+/.exec(stdout)?.[0] ?? "librdkafka";
  const settings = (batchBytes: number) => [
    ...[`batch.size=${batchBytes}`, `message.max.bytes=${2 * batchBytes}`, "batch.num.messages=1000000"],
    `linger.ms=${lingerMs}`,
  ];
  return {
    description: `kcat (${library})`,
    send: ({ brokers, topic, codec, batchBytes }, values) =>
      feed(
        "kcat",
        [
          ...["-P", "-b", brokers.join(","), "-t", topic, "-z", codec],
          ...settings(batchBytes).flatMap((setting) => ["-X", setting]),
        ],
        values,
      ),
  };
}

/** Kafka's own client, which frames snappy in blocks of its own. */
async function findJava(): Promise<Producer | string> {
  const jvm = await findJvm(demandedKafka() ?? newestKafka);
  if (typeof jvm === "string") return jvm;
  const { java, kafka } = jvm;
  const console =
    kafka.tools === "kafka-tools" ? "org.apache.kafka.tools.ConsoleProducer" : "kafka.tools.ConsoleProducer";
  return {
    description: `the Java client ${kafka.release}`,
    send: async ({ brokers, topic, codec, batchBytes }, values) => {
      const jars = await fetchJars(kafka, {});
      const flags = [
        ...["--bootstrap-server", brokers.join(","), "--topic", topic, "--compression-codec", codec],
        ...["--batch-size", String(batchBytes), "--timeout", String(lingerMs)],
        ...["--producer-property", `max.request.size=${4 * batchBytes}`],
      ];
      await feed(java, [...javaArguments(jars, console), ...flags], values);
    },
  };
}

/** A Go program of a few lines, built into the user's cache folder when it is first needed. */
async function findFranzGo(): Promise<Producer | string> {
  const run = promisify(execFile);
  if (spawnSync("go", ["version"]).error !== undefined) return "no Go to build a producer of franz-go with";
  const folder = fileURLToPath(new URL("franz-go", import.meta.url));
  const sources = ["go.mod", "main.go"].map((file) => readFileSync(join(folder, file), "utf8"));
  const version = /franz-go (v[\d.]+)/.exec(sources[0] ?? "")?.[1] ?? "";
  const program = await builtOnce("franz-go", sources, (draft) =>
    run("go", ["build", "-o", draft, "."], { cwd: folder }),
  );
  if (program instanceof Error) return `franz-go could not be built: ${program.message}`;
  return {
    description: `franz-go ${version}`,
    send: ({ brokers, topic, codec, batchBytes }, values) =>
      feed(program, [brokers.join(","), topic, codec, String(batchBytes), `${lingerMs}ms`], values),
  };
}

/** Gives a producer one value a line, and waits until it has sent them all. */
async function feed(command: string, args: readonly string[], values: Iterable<string>): Promise<void> {
  const child = spawn(command, args);
  const [{ code, stderr }, failure] = await Promise.all([
    ending(child),
    pipeline(Readable.from(lines(values)), child.stdin).catch((error: Error) => error),
  ]);
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr.slice(-2000)}`);
  if (failure instanceof Error) throw failure;
}

function* lines(values: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const value of values) {
    chunk += `${value}\n`;
    if (chunk.length < 65_536) continue;
    yield chunk;
    chunk = "";
  }
  yield chunk;
}
