import { didYouMean, sentence } from "../diagnostics.ts";
import { type Command, type Io, UsageError } from "./command.ts";
import { describeFlags } from "./flags.ts";
import { version } from "./version.ts";

/** By name. Only the one that runs is loaded, whole and before it begins: half of what a start costs is loading. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import("./run.ts")).runCommand,
  replay: async () => (await import("./replay.ts")).replayCommand,
  classify: async () => (await import("./classify.ts")).classify,
  sample: async () => (await import("./sample.ts")).sampleCommand,
  find: async () => (await import("./find.ts")).findCommand,
  check: async () => (await import("./check.ts")).check,
  codes: async () => (await import("./codes.ts")).codesCommand,
  schema: async () => (await import("./schema.ts")).schemaCommand,
  completion: async () => (await import("./completion.ts")).completionCommand(allCommands),
};

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
    if (name === "--help" || name === "-h") return print(io, await overview());
    if (name === "help")
      return print(io, args[0] === undefined ? await overview() : helpOf(await load(args[0])));
    const command = await load(name);
    if (asksForHelp(args)) return print(io, helpOf(command));
    return await command.run(args, io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const help = isCommand(name) ? `dlr-exporter ${name} --help` : "dlr-exporter --help";
    io.stderr.write(`dlr-exporter: ${sentence(error.message)}\nSee ${help}\n`);
    return 2;
  }
}

function print(io: Io, text: string): number {
  io.stdout.write(text);
  return 0;
}

function isCommand(name: string | undefined): boolean {
  return name !== undefined && Object.hasOwn(commands, name);
}

/** @throws UsageError for a name that is no command's */
async function load(name: string): Promise<Command> {
  const command = isCommand(name) ? await commands[name]?.() : undefined;
  if (command !== undefined) return command;
  const meant = didYouMean(name, Object.keys(commands));
  throw new UsageError(`unknown command ${name}${meant === undefined ? "" : `; did you mean ${meant}?`}`);
}

function allCommands(): Promise<readonly Command[]> {
  return Promise.all(Object.values(commands).map((load) => load()));
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const flags = end === -1 ? args : args.slice(0, end);
  return flags.includes("--help") || flags.includes("-h");
}

async function overview(): Promise<string> {
  const all = await allCommands();
  const width = Math.max(...all.map(({ name }) => name.length));
  const lines = all.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`).join("");
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
