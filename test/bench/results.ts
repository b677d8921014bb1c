import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, totalmem } from "node:os";
import type { Broker } from "../lab/broker-contract.ts";

const preface = `# What the benchmark measured

\`npm run bench\` writes this file, section by section; a run of the same size replaces its section. CPU is user and system
time of the whole process, from its start to its end, from getrusage. Peak RSS is VmHWM. Receipts/s are wall time from
the start of the process to the last receipt read (kafkajs), committed (\`run\`) or reported (\`replay\`). The slope is what
one receipt more costs, from the smaller topic to the larger; the start is what the smaller took without it. Figures are
medians, and in brackets the lowest and the highest, over rounds in which the programs took turns. Every total was
compared with what was sent, code by code. kafkajs drains the topic by \`eachBatch\` and does nothing with it.
`;

/** One thing that was measured, in Markdown. */
export interface Section {
  /** The same for what replaces it. */
  readonly heading: string;
  readonly body: string;
}

/** Puts a section into the file of results: in the place of the one with this heading, else at the end. */
export function writeSection(file: string, heading: string, body: string): void {
  const text = existsSync(file) ? readFileSync(file, "utf8") : preface;
  writeFileSync(file, withSection(text, heading, body));
}

/** All sections of the file of results, in its order. */
export function sectionsOf(text: string): Section[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const end = section.indexOf("\n");
      return { heading: section.slice(0, end), body: section.slice(end).trim() };
    });
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

/** Where and with what it was measured: date, versions, machine, and the load before and after. */
export class Circumstances {
  readonly #before = loadavg()[0] ?? 0;
  readonly #started = new Date();
  readonly #broker: string;

  constructor({ kind, description }: Broker) {
    this.#broker =
      kind === "given" ? "a Kafka that was given" : `${description.replace(/ at \S+$/, "")} beside it`;
  }

  /** One paragraph. */
  describe(): string {
    const [cpu] = cpus();
    const after = loadavg()[0] ?? 0;
    const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
    return (
      `${this.#started.toISOString().slice(0, 16).replace("T", " ")} UTC: dlr-exporter ${versionOf("../../package.json")}` +
      `${revision()}, Node.js ${process.versions.node}, kafkajs ${versionOf("kafkajs/package.json")}, ${this.#broker}, ` +
      `on ${cpus().length} × ${cpu?.model.trim() ?? "an unknown CPU"} with ${memory}. ` +
      `Load average ${this.#before.toFixed(2)} before, ${after.toFixed(2)} after.${remark(Math.max(this.#before, after))}`
    );
  }
}

/** A broker and what reads from it keep two cores busy; what is above that was somebody else. */
function remark(load: number): string {
  return load > Math.max(3, cpus().length + 1)
    ? " **The machine was busy with other things: these figures are too high.**"
    : "";
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
