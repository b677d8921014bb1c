import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, totalmem } from "node:os";
import type { Broker } from "../lab/broker-contract.ts";
import type { Comparison } from "./compare.ts";
import type { Workload } from "./workload.ts";

const preface = `# What the benchmark measured

\`npm run bench\` writes this file, section by section; a run of the same size replaces its section. CPU is user and system
time of the whole process, from its start to its end, from getrusage. Peak RSS is VmHWM. Receipts/s are wall time from
the start of the process to the last receipt read (kafkajs), committed (\`run\`) or reported (\`replay\`). Figures are
medians over rounds in which the programs took turns. Every total was compared with what was sent, code by code.
`;

/** Puts a section into the file of results: in the place of the one with this heading, else at the end. */
export function writeSection(file: string, heading: string, body: string): void {
  const text = existsSync(file) ? readFileSync(file, "utf8") : preface;
  writeFileSync(file, withSection(text, heading, body));
}

/** The text with the section in it; all else stays as it is. */
export function withSection(text: string, heading: string, body: string): string {
  const section = `## ${heading}\n\n${body.trim()}\n`;
  const [head = "", ...sections] = text.split(/^(?=## )/m);
  const at = sections.findIndex((other) => other.startsWith(`## ${heading}\n`));
  if (at < 0) sections.push(section);
  else sections[at] = section;
  return [head, ...sections]
    .map((part) => part.trimEnd())
    .join("\n\n")
    .concat("\n");
}

/** A workload in words, the same for the same workload. */
export function describeWorkload({ messages, partitions, codec, perRecord, codes }: Workload): string {
  return [
    `${grouped(messages)} receipts`,
    partitions === 1 ? "1 partition" : `${partitions} partitions`,
    codec === "none" ? "uncompressed" : codec,
    `${perRecord} a record`,
    `${grouped(codes)} codes`,
  ].join(", ");
}

/** Where and with what it was measured: date, versions, machine, and the load before and after. */
export class Circumstances {
  readonly #before = load();
  readonly #started = new Date();
  readonly #broker: string;

  constructor({ kind, description }: Broker) {
    this.#broker =
      kind === "given" ? "a Kafka that was given" : `${description.replace(/ at \S+$/, "")} beside it`;
  }

  /** One paragraph. */
  describe(): string {
    const [cpu] = cpus();
    const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
    return (
      `${this.#started.toISOString().slice(0, 16).replace("T", " ")} UTC: dlr-exporter ${versionOf("../../package.json")}` +
      `${revision()}, Node.js ${process.versions.node}, kafkajs ${versionOf("kafkajs/package.json")}, ${this.#broker}, ` +
      `on ${cpus().length} × ${cpu?.model.trim() ?? "an unknown CPU"} with ${memory}. ` +
      `Load average ${this.#before} before, ${load()} after.`
    );
  }
}

/** The figures of a comparison as a Markdown table. */
export function comparisonTable({ yardstick, run, replay }: Comparison): string {
  const rows = [yardstick, run, replay].map(
    ({ name, perSecond, cpu, lowestCpu, highestCpu, ratio, peakRssMib }) =>
      `| ${name} | ${grouped(Math.round(perSecond / 1000) * 1000)} | ${cpu.toFixed(2)} (${lowestCpu.toFixed(2)}–${highestCpu.toFixed(2)}) | ${ratio.toFixed(2)} | ${Math.round(peakRssMib)} |`,
  );
  return [
    "| program | receipts/s | CPU µs/receipt (lowest–highest) | CPU against the yardstick | peak RSS MiB |",
    "|---|--:|--:|--:|--:|",
    ...rows,
  ].join("\n");
}

/** With commas between thousands. */
export function grouped(number: number): string {
  return number.toLocaleString("en-US");
}

function load(): string {
  return (loadavg()[0] ?? 0).toFixed(2);
}

function versionOf(manifest: string): string {
  return (createRequire(import.meta.url)(manifest) as { version: string }).version;
}

/** The commit of the checkout, and whether it was changed since; empty outside of git. */
function revision(): string {
  const { status, stdout } = spawnSync("git", ["describe", "--always", "--dirty=, changed"], {
    encoding: "utf8",
    cwd: import.meta.dirname,
  });
  return status === 0 ? ` (${stdout.trim()})` : "";
}
