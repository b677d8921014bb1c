import { didYouMean, sentence } from "../diagnostics.ts";
import { check } from "./check.ts";
import { classify } from "./classify.ts";
import { codesCommand } from "./codes.ts";
import { type Command, type Io, UsageError } from "./command.ts";
import { completionCommand } from "./completion.ts";
import { findCommand } from "./find.ts";
import { describeFlags } from "./flags.ts";
import { replayCommand } from "./replay.ts";
import { runCommand } from "./run.ts";
import { sampleCommand } from "./sample.ts";
import { schemaCommand } from "./schema.ts";
import { version } from "./version.ts";

const commands: readonly Command[] = [
  runCommand,
  replayCommand,
  classify,
  sampleCommand,
  findCommand,
  check,
  codesCommand,
  schemaCommand,
  completionCommand(() => commands),
];

/**
 * The program: picks the command, and handles `--help`, `--version` and `help COMMAND`.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code: 0 success, 1 failure, 2 wrong usage or configuration
 */
export async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...args] = argv;
  try {
    if (name === undefined) throw new UsageError("a command is missing");
    if (name === "--version" || name === "-V") return print(io, `${version}\n`);
    if (name === "--help" || name === "-h") return print(io, overview());
    if (name === "help") return print(io, args[0] === undefined ? overview() : helpOf(find(args[0])));
    const command = find(name);
    if (asksForHelp(args)) return print(io, helpOf(command));
    return await command.run(args, io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const command = commands.find((candidate) => candidate.name === name);
    const help = command === undefined ? "dlr-exporter --help" : `dlr-exporter ${command.name} --help`;
    io.stderr.write(`dlr-exporter: ${sentence(error.message)}\nSee ${help}\n`);
    return 2;
  }
}

function print(io: Io, text: string): number {
  io.stdout.write(text);
  return 0;
}

function find(name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const meant = didYouMean(
    name,
    commands.map((candidate) => candidate.name),
  );
  throw new UsageError(`unknown command ${name}${meant === undefined ? "" : `; did you mean ${meant}?`}`);
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const flags = end === -1 ? args : args.slice(0, end);
  return flags.includes("--help") || flags.includes("-h");
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`).join("");
  return `dlr-exporter ${version}: delivery receipts from Kafka as Prometheus counters

Usage: dlr-exporter COMMAND [ARGUMENTS]

Commands:
${lines}
Run dlr-exporter COMMAND --help for details. Exit codes: 0 success, 1 failure, 2 wrong usage or configuration.
`;
}

function helpOf({ name, summary, usage, flags, notes }: Command): string {
  return `dlr-exporter ${name}: ${summary}

Usage: dlr-exporter ${name} ${usage}

Flags:
${describeFlags(flags)}
${notes}`;
}
