import { diffMaps, type FieldChange } from "../codes/diff.ts";
import { noCode } from "../codes/label.ts";
import { loadCodeMap } from "../codes/load.ts";
import { didYouMean } from "../diagnostics.ts";
import { table } from "../table.ts";
import { classifyInput, type Tally } from "./classify-input.ts";
import { type Command, type CommandFlag, type Io, UsageError } from "./command.ts";
import { explanationOf, inWords } from "./explanation.ts";
import { parseFlags } from "./flags.ts";
import { inputFlags, loadJudging, noteUnlisted } from "./judging.ts";
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

const actions = { list, diff, unknown } as const;

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
    const [action, ...files] = positionals;
    const names = Object.keys(actions);
    if (action === undefined) throw new UsageError(`codes needs one of ${names.join(", ")}`);
    if (!isAction(action)) {
      const meant = didYouMean(action, names);
      const hint = meant === undefined ? `it has ${names.join(", ")}` : `did you mean ${meant}?`;
      throw new UsageError(`there is no codes ${action}; ${hint}`);
    }
    return actions[action](own, files, output === "json", io);
  },
};

function isAction(name: string): name is keyof typeof actions {
  return Object.hasOwn(actions, name);
}

async function list(values: Values, files: readonly string[], json: boolean, io: Io): Promise<number> {
  if (files[0] !== undefined) throw new UsageError(`codes list takes flags only, not ${files[0]}`);
  const judging = await loadJudging(values, io);
  if (typeof judging === "number") return judging;
  const { map } = judging;
  const { provider, scope } = values;
  if (provider !== undefined) noteUnlisted(map, provider, scope, io);
  const explained = map.tables
    .filter((own) => provider === undefined || own.provider === provider)
    .filter((own) => scope === undefined || own.scope === scope)
    .flatMap(({ entries }) => entries.map((entry) => explanationOf(entry)));
  io.stdout.write(json ? jsonText(explained) : inWords(explained));
  return 0;
}

async function diff(_: Values, files: readonly string[], json: boolean, io: Io): Promise<number> {
  const [before, after, extra] = files;
  if (before === undefined || after === undefined || extra !== undefined) {
    throw new UsageError("codes diff takes two files, the older and the newer");
  }
  const [older, newer] = [await loadCodeMap(before), await loadCodeMap(after)];
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
  const render = ({ counts }: Tally) => {
    const unlisted = counts
      .filter(({ category, code }) => category === "unknown" && code !== noCode)
      // a success code under a flag that says failed is unknown too, but listed
      .filter(({ scope, code }) => judging.map.explain(code, scope).length === 0)
      .sort((a, b) => b.count - a.count)
      .map(({ channel, scope, code, outcome, count }) => ({ channel, scope, code, outcome, count }));
    const rows = unlisted.map(({ scope, code, outcome, count }) => [scope, code, outcome, count]);
    return json ? jsonText(unlisted) : table([["SCOPE", "CODE", "OUTCOME", "COUNT"], ...rows]);
  };
  return classifyInput({ input, ...judging, unknownCodes }, render, io);
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
