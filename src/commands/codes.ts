import { diffMaps, type FieldChange } from "../codes/diff.ts";
import { noCode } from "../codes/label.ts";
import { readCodeMap } from "../codes/load.ts";
import { unlistedName } from "../config/map-names.ts";
import { didYouMean } from "../diagnostics.ts";
import type { Counts } from "../ledger/counts.ts";
import { table } from "../table.ts";
import { explanationOf, explanationRows } from "./classify/explanation.ts";
import { classifyInput } from "./classify/input.ts";
import { inputFlags, loadJudging } from "./classify/judging.ts";
import { type Command, type CommandFlag, type Io, UsageError } from "./command.ts";
import { parseFlags } from "./flags.ts";
import { printProblems } from "./problems.ts";

const flags: readonly CommandFlag[] = [
  {
    name: "input",
    value: "FILE",
    about: "With unknown: the file of records, one a line; - is standard input",
  },
  { name: "output", value: "O", about: "table or json; table by default" },
  ...inputFlags,
];

/** More than any provider has; a file that brings more codes than these was not written by one. */
const unknownCodes = 100_000;

type Values = Readonly<Record<string, string | undefined>>;

interface Action {
  /** The flags that mean something to it, beside `--output`. */
  readonly flags: readonly string[];
  run(values: Values, files: readonly string[], json: boolean, io: Io): Promise<number>;
}

const actions: Readonly<Record<string, Action>> = {
  list: { flags: ["provider", "scope", "code-map", "config"], run: list },
  diff: { flags: [], run: diff },
  unknown: { flags: ["input", ...inputFlags.map(({ name }) => name)], run: unknown },
};

/** `codes`: the map itself, two maps compared, and what a file of records holds that the map does not list. */
export const codesCommand: Command = {
  name: "codes",
  summary: "lists the code map, compares two, or finds the codes that it does not list",
  usage: "list [FLAGS] | diff OLD NEW [FLAGS] | unknown --input FILE [FLAGS]",
  flags,
  notes: `list prints every code of the map, or those of --provider and --scope. diff prints what a file of codes
lists otherwise than another. unknown reads records as classify --input does, and prints the codes that the map
does not list, the most frequent first.

Examples:
  dlr-exporter codes list --scope voice_receipt
  dlr-exporter codes diff config/code-map.yaml my-code-map.yaml
  dlr-exporter codes unknown --input receipts.ndjson --format tmc-sms
`,
  async run(args, io) {
    const { values, positionals } = parseFlags(flags, args);
    const { output = "table", ...own } = values as Values;
    if (output !== "table" && output !== "json") throw new UsageError("--output is table or json");
    const [name, ...files] = positionals;
    const action = actionOf(name);
    const stranger = Object.keys(own).find((flag) => !action.flags.includes(flag));
    if (stranger !== undefined) throw new UsageError(`codes ${name} has no use for --${stranger}`);
    return action.run(own, files, output === "json", io);
  },
};

function actionOf(name: string | undefined): Action {
  const names = Object.keys(actions);
  if (name === undefined) throw new UsageError(`codes needs one of ${names.join(", ")}`);
  const action = names.includes(name) ? actions[name] : undefined;
  if (action !== undefined) return action;
  const meant = didYouMean(name, names);
  const hint = meant === undefined ? `it has ${names.join(", ")}` : `did you mean ${meant}?`;
  throw new UsageError(`there is no codes ${name}; ${hint}`);
}

async function list(values: Values, files: readonly string[], json: boolean, io: Io): Promise<number> {
  if (files[0] !== undefined) throw new UsageError(`codes list takes flags only, not ${files[0]}`);
  const { provider, scope, ...own } = values;
  const judging = await loadJudging(own, io);
  if (typeof judging === "number") return judging;
  const { map } = judging;
  const unlisted = unlistedName(map, provider, scope, map.providers());
  if (unlisted !== undefined) {
    const { name, message, hint } = unlisted;
    return printProblems([{ file: `--${name}`, line: 0, column: 0, message, hint }], io);
  }
  const entries = map.tables
    .filter((table) => provider === undefined || table.provider === provider)
    .filter((table) => scope === undefined || table.scope === scope)
    .flatMap((table) => table.entries);
  const explained = entries.map((entry) => explanationOf(entry));
  const providers = entries.map((entry) => entry.provider);
  io.stdout.write(
    json
      ? jsonText(explained.map((own, index) => ({ provider: providers[index], ...own })))
      : table(
          explanationRows(explained).map((row, index) => [["PROVIDER", ...providers][index] ?? "", ...row]),
        ),
  );
  return 0;
}

async function diff(_: Values, files: readonly string[], json: boolean, io: Io): Promise<number> {
  const [before, after, extra] = files;
  if (before === undefined || after === undefined || extra !== undefined) {
    throw new UsageError("codes diff takes two files, the older and the newer");
  }
  const [older, newer] = [await readCodeMap(before), await readCodeMap(after)];
  const problems = [older, newer].flatMap((loaded) => ("problems" in loaded ? loaded.problems : []));
  if ("problems" in older || "problems" in newer) return printProblems(problems, io);
  const differences = diffMaps(older.map, newer.map);
  const rows = differences.flatMap(({ provider, scope, code, change, fields }) =>
    (change === "changed" ? fields.map(inOneCell) : [fields.map(inOneCell).join(", ")]).map((what) => [
      ...[change, provider, scope, code, what],
    ]),
  );
  io.stdout.write(
    json ? jsonText(differences) : table([["CHANGE", "PROVIDER", "SCOPE", "CODE", "WHAT"], ...rows]),
  );
  return 0;
}

function inOneCell({ field, before, after }: FieldChange): string {
  if (before === null) return `${field} ${after}`;
  return after === null ? `${field} ${before}` : `${field} ${before} → ${after}`;
}

async function unknown(values: Values, files: readonly string[], json: boolean, io: Io): Promise<number> {
  const { input, ...own } = values;
  if (files[0] !== undefined) throw new UsageError(`codes unknown takes flags only, not ${files[0]}`);
  if (input === undefined) throw new UsageError("codes unknown needs --input FILE");
  const judging = await loadJudging(own, io);
  if (typeof judging === "number") return judging;
  const render = (_: number, counted: Counts) => {
    const unlisted = [...counted.cells()]
      .filter(({ category, code }) => category === "unknown" && code !== noCode)
      // a success code under a flag that says failed is unknown too, but listed
      .filter((cell) => judging.map.lookup(cell.provider, cell.scope, cell.code) === undefined)
      .map(({ provider, channel, scope, code, outcome, count }) => ({
        ...{ provider, channel, scope, code, outcome, count },
      }))
      .sort((a, b) => b.count - a.count);
    const rows = unlisted.map((own) => [own.provider, own.scope, own.code, own.outcome, own.count]);
    const head = ["PROVIDER", "SCOPE", "CODE", "OUTCOME", "COUNT"];
    return json ? jsonText(unlisted) : table([head, ...rows]);
  };
  return classifyInput({ input, ...judging, unknownCodes }, render, io);
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
