import { confidences } from "../codes/code-map.ts";
import { diffMaps, type FieldChange } from "../codes/diff.ts";
import { readCodeMap, readOneFile } from "../codes/load.ts";
import { justFiles } from "../codes/map-files.ts";
import { unlistedName } from "../config/map-names.ts";
import { didYouMean } from "../diagnostics.ts";
import { table } from "../table.ts";
import { explanationOf, explanationRows } from "./classify/explanation.ts";
import { loadJudging } from "./classify/judging.ts";
import { type Command, type CommandFlag, type Io, UsageError } from "./command.ts";
import { parseFlags } from "./flags.ts";
import type { Values } from "./history-flags.ts";
import { printProblems } from "./problems.ts";
import { unknownFlags, unknownSettings } from "./unknown/request.ts";

const flags: readonly CommandFlag[] = [
  { name: "output", value: "O", about: "table or json; table by default" },
  { name: "category", value: "C", about: "With list: only codes of this category" },
  { name: "confidence", value: "C", about: "With list: only codes of this confidence, high or medium" },
  ...unknownFlags,
  ...unknownSettings,
];

interface Action {
  /** The flags that apply to it, besides `--output`. */
  readonly flags: readonly string[];
  run(values: Values, files: readonly string[], json: boolean, io: Io): Promise<number>;
}

const actions: Readonly<Record<string, Action>> = {
  list: {
    flags: ["provider", "scope", "category", "confidence", "code-map", "code-maps", "config"],
    run: list,
  },
  diff: { flags: [], run: diff },
  unknown: {
    flags: [...unknownFlags, ...unknownSettings].map(({ name }) => name),
    run: async (...given) => {
      // Loaded on demand, so that the other commands start without the Kafka client.
      const { unknownCodes } = await import("./unknown/unknown-codes.ts");
      return unknownCodes(...given);
    },
  },
};

/** `codes`: shows the map, compares two maps, and lists codes in receipts that the map does not list. */
export const codesCommand: Command = {
  name: "codes",
  summary: "lists the code map, compares two maps, or reports unknown codes and what they may mean",
  usage: "list [FLAGS] | diff OLD NEW [FLAGS] | unknown --prometheus URL [FLAGS]",
  flags,
  words: { list: "nothing", diff: "files", unknown: "nothing" },
  notes: `list prints every code of the map, or only those of --provider, --scope, --category and --confidence. diff shows how
two maps differ; each is a code map, a provider pack, or a code map followed by its layers, separated by commas.

unknown prints the codes that the map does not list, most frequent first, with suggestions for each: what contested
rows and the tables of other providers and carriers say, with document, edition and confidence. It takes the codes from
a file of records (--input), a running exporter (--exporter), a Prometheus (--prometheus) or the topics (--from).
Suggestions never affect counts. --patch adds the suggestions you choose to a code map of your own, each with a test
row and a comment. On a terminal it asks for each code; --accept high takes what two independent sources agree on;
otherwise it writes all of them as comments. It keeps what is in the file, and prints the commands to run next.

Examples:
  dlr-exporter codes list --scope voice_receipt
  dlr-exporter codes list --provider aliyun --category blacklist --confidence high
  dlr-exporter codes diff config/code-map.yaml my-code-map.yaml
  dlr-exporter codes diff code-map.yaml code-map.yaml,mine.yaml
  dlr-exporter codes unknown --input receipts.ndjson --format tmc-sms
  dlr-exporter codes unknown --prometheus http://localhost:9090 --since 7d --patch mine.yaml
  dlr-exporter codes unknown --exporter http://localhost:9464 --patch mine.yaml --accept high
  dlr-exporter codes unknown --brokers kafka-1:9092 --topic sms.receipts --from -1d
`,
  async run(args, io) {
    const { values, positionals } = parseFlags(flags, args);
    const { output = "table", ...own } = values;
    if (output !== "table" && output !== "json") throw new UsageError("--output must be table or json");
    const [name, ...files] = positionals;
    const action = actionOf(name);
    const stranger = Object.keys(own).find((flag) => !action.flags.includes(flag));
    if (stranger !== undefined) throw new UsageError(`codes ${name} does not take --${stranger}`);
    return action.run(own, files, output === "json", io);
  },
};

function actionOf(name: string | undefined): Action {
  const names = Object.keys(actions);
  if (name === undefined) throw new UsageError(`codes needs one of ${names.join(", ")}`);
  const action = names.includes(name) ? actions[name] : undefined;
  if (action !== undefined) return action;
  const meant = didYouMean(name, names);
  const hint = meant === undefined ? `use ${names.join(", ")}` : `did you mean ${meant}?`;
  throw new UsageError(`unknown action codes ${name}; ${hint}`);
}

async function list(values: Values, files: readonly string[], json: boolean, io: Io): Promise<number> {
  if (files[0] !== undefined) throw new UsageError(`codes list takes flags only, not ${files[0]}`);
  const { provider, scope, category, confidence, ...own } = values as Readonly<
    Record<string, string | undefined>
  >;
  const judging = await loadJudging(own, io);
  if (typeof judging === "number") return judging;
  const { map } = judging;
  const unlisted =
    unlistedName(map, provider, scope, map.providers()) ??
    strangeWord("category", category, [...map.categories.keys()]) ??
    strangeWord("confidence", confidence, confidences);
  if (unlisted !== undefined) {
    const { name, message, hint } = unlisted;
    return printProblems([{ file: `--${name}`, line: 0, column: 0, message, hint }], io);
  }
  const entries = map.tables
    .filter((table) => provider === undefined || table.provider === provider)
    .filter((table) => scope === undefined || table.scope === scope)
    .flatMap((table) => table.entries)
    .filter((entry) => category === undefined || entry.category === category)
    .filter((entry) => confidence === undefined || entry.confidence === confidence);
  const explained = entries.map((entry) => explanationOf(entry));
  const providers = entries.map((entry) => entry.provider);
  const origins = entries.map(({ confidence, source }) => ({ confidence, source: source ?? null }));
  io.stdout.write(
    json
      ? jsonText(explained.map((own, index) => ({ provider: providers[index], ...own, ...origins[index] })))
      : table(
          explanationRows(explained).map((row, index) => [["PROVIDER", ...providers][index] ?? "", ...row]),
        ),
  );
  return 0;
}

/** The message for an unknown word, like `unlistedName` for a table. */
function strangeWord(name: string, word: string | undefined, known: readonly string[]) {
  if (word === undefined || known.includes(word)) return undefined;
  const meant = didYouMean(word, known);
  const hint = meant === undefined ? `Use one of: ${known.join(", ")}.` : `Did you mean \`${meant}\`?`;
  return { name, message: `unknown ${name} \`${word}\``, hint };
}

/** @param given a file, or a code map followed by its layers, separated by commas */
async function readForDiff(given: string) {
  const [base = "", ...layers] = given.split(",").map((file) => file.trim());
  return layers.length === 0 ? readOneFile(given) : readCodeMap(justFiles(base, layers));
}

async function diff(_: Values, files: readonly string[], json: boolean, io: Io): Promise<number> {
  const [before, after, extra] = files;
  if (before === undefined || after === undefined || extra !== undefined) {
    throw new UsageError("codes diff takes two files, the old one and the new one");
  }
  const [older, newer] = [await readForDiff(before), await readForDiff(after)];
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

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
