import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findJvm } from "../lab/broker-jvm.ts";
import { builtOnce } from "../lab/built.ts";
import { ending } from "../lab/guarded.ts";
import { fetchJars } from "../lab/kafka-jars.ts";
import { demandedKafka, newestKafka } from "../lab/kafka-versions.ts";
import { figuresOn } from "./compare.ts";
import { grouped, spreadText, table } from "./markdown.ts";
import { inGroup, type Program, replay, run } from "./programs.ts";
import type { Section } from "./results.ts";
import type { ShapeName } from "./shapes.ts";
import { larger, type Workload } from "./workload.ts";

/** The shapes that the Java program can read. */
const flatShapes: readonly ShapeName[] = ["tmc-sms", "out-id", "foreign", "signed"];

/**
 * What the same receipts cost a Java program that counts them by code, beside `run` and `replay`.
 *
 * @param base its messages are a fifth of what is read
 * @returns the heading and the body of a section, one program a line
 * @throws Error when a total is wrong, when Java or its compiler is missing, or for a shape that the program can't read
 */
export async function besideJava(
  brokers: readonly string[],
  base: Workload,
  rounds: number,
  say: (line: string) => void,
): Promise<Section> {
  const workload = { ...base, messages: larger * base.messages };
  const { shape, messages, partitions, codes } = workload;
  if (!flatShapes.includes(shape))
    throw new Error(`the Java program reads ${flatShapes.join(", ")}, not ${shape}`);
  const { java, description } = await javaReader();
  const programs = [java, run, replay];
  const figures = await figuresOn(brokers, workload, programs, rounds, say);
  const [ofJava = Number.NaN, ...shares] = figures.map(({ cpu }) => cpu.median);
  const [ofRun, ofReplay] = shares.map((cpu) => (cpu / ofJava).toFixed(2));
  const rows = figures.map(({ cpu, perSecond, peakRssMib }, i) => [
    ...[programs[i]?.name ?? "", spreadText(cpu), grouped(Math.round(perSecond / 1000) * 1000)],
    peakRssMib.toFixed(0),
  ]);
  const rest = `${grouped(messages)} receipts of the shape ${shape}, ${partitions} partitions, ${grouped(codes)} codes`;
  return {
    heading: `Beside Java: ${rest}`,
    body: [
      description,
      table(["program", "CPU µs", "receipts/s", "peak RSS MiB"], rows),
      `\`run\` takes ${ofRun} of the CPU that the Java program takes, \`replay\` ${ofReplay}.`,
    ].join("\n\n"),
  };
}

/** The program of `test/lab/java-reader/`, compiled once. @throws Error that says what it lacks */
async function javaReader(): Promise<{ readonly java: Program; readonly description: string }> {
  const jvm = await findJvm(demandedKafka() ?? newestKafka);
  if (typeof jvm === "string") throw new Error(`the Java program can't be run here: ${jvm}`);
  const jars = join(await fetchJars(jvm.kafka, {}), "*");
  const source = fileURLToPath(new URL("../lab/java-reader/Reader.java", import.meta.url));
  const classes = await builtOnce("java-reader", [readFileSync(source, "utf8"), jvm.kafka.release], (draft) =>
    promisify(execFile)(join(jvm.java, "..", "javac"), ["-cp", jars, "-d", draft, source]),
  );
  if (classes instanceof Error)
    throw new Error(`the Java program can't be compiled here: ${classes.message}`);
  const description = `The Java program counts by code alone: kafka-clients ${jvm.kafka.release} and Jackson on Java ${jvm.version}, each with its defaults.`;
  const java: Program = {
    name: "Java: kafka-clients and Jackson",
    measure: (topic) =>
      inGroup(topic, async ({ usage, elapsed }, group) => {
        const reading = [topic.brokers.join(","), topic.name, group, String(topic.records), usage];
        const child = spawn(jvm.java, ["-cp", `${classes}:${jars}`, "Reader", ...reading]);
        const { code, stdout, stderr } = await ending(child);
        if (code !== 0) throw new Error(`the Java program ended with ${code}:\n${stderr.slice(-2000)}`);
        const lines = stdout.trimEnd().split("\n");
        const counted = new Map(
          lines.map((line) => line.split("\t")).map(([code = "", count]) => [code, Number(count)]),
        );
        return { counted, seconds: elapsed() };
      }),
  };
  return { java, description };
}
