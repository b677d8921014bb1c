import type { CodeMap } from "../codes/code-map.ts";
import { safeLabel } from "../codes/label.ts";
import { Suggester, type Suggestions } from "../codes/suggest.ts";
import type { Counts } from "../ledger/counts.ts";
import { readCode } from "../masking.ts";
import { table } from "../table.ts";
import {
  type Explanation,
  explanationOf,
  explanationRows,
  isUnlisted,
  unlisted,
} from "./classify/explanation.ts";
import { fileCountsInWords, fileCountsOf } from "./classify/file-counts.ts";
import { classifyInput, explainInput } from "./classify/input.ts";
import { commonTable, inputFlags, loadJudging } from "./classify/judging.ts";
import { type Command, type CommandFlag, UsageError } from "./command.ts";
import { parseFlags } from "./flags.ts";
import { agreementWords, suggestionLines, suggestionsJson } from "./suggestion-words.ts";

const flags: readonly CommandFlag[] = [
  {
    name: "input",
    value: "FILE",
    about: "Count the receipts of a file, one record per line; - is standard input",
  },
  {
    name: "explain",
    value: undefined,
    about: "With --input: show for each record what is opened, recognised and read, and what it counts as",
  },
  { name: "output", value: "O", about: "table or json; table by default" },
  ...inputFlags,
];

/** `classify`: explains codes, or counts a file of records. Needs no Kafka. */
export const classify: Command = {
  name: "classify",
  summary: "explains codes, or counts a file of records as run would",
  usage: "CODE… [FLAGS] | --input FILE [FLAGS]",
  flags,
  notes: `Explains each code in every table of the provider (aliyun by default) that lists it. A code that no table lists is
unknown; suggestions from other tables are printed below it and never affect counts. With --input, each non-empty line
is one record, read as run reads it; --config and --topic take the format from that topic of the file, which the format
json requires. Put JSON that spans several lines on one line first (jq -c .). A line over 16 MiB is not read and counts
as not_json.

Examples:
  dlr-exporter classify 12 DB:0141 -103
  dlr-exporter classify 500 --scope voice_receipt --output json
  dlr-exporter classify --input receipts.ndjson --format tmc-sms
  dlr-exporter classify --input receipts.ndjson --explain
  zcat receipts.ndjson.gz | dlr-exporter classify --input - --config dlr-exporter.yaml --topic sms.receipts
`,
  async run(args, io) {
    const { values, switches, positionals } = parseFlags(flags, args.map(shield));
    const isExplained = switches.has("explain");
    const codes = positionals.map(unshield);
    const { input, output = "table", ...own } = values as Readonly<Record<string, string | undefined>>;
    if (output !== "table" && output !== "json") throw new UsageError("--output must be table or json");
    if ((input === undefined) === (codes.length === 0)) {
      throw new UsageError("give either codes to explain or --input FILE to count");
    }
    if (isExplained && (input === undefined || output === "json"))
      throw new UsageError("--explain needs --input and can't be combined with --output json");
    const judging = await loadJudging(own, io);
    if (typeof judging === "number") return judging;
    if (input !== undefined) {
      const { unknownCodes, dimensionValues } = judging.settings;
      if (isExplained) return explainInput({ input, ...judging, unknownCodes }, io);
      const render = (records: number, counted: Counts) => {
        const sum = fileCountsOf(records, counted, dimensionValues);
        return output === "json" ? `${JSON.stringify(sum)}\n` : fileCountsInWords(sum);
      };
      return classifyInput({ input, ...judging, unknownCodes }, render, io);
    }
    const { provider = "aliyun", scope } = commonTable(judging.settings);
    const suggester = new Suggester(judging.map);
    const explained = codes.flatMap((code) => explain(judging.map, provider, code, scope));
    const suggestionsOf = ({ input }: Explanation) => suggester.of(provider, scope, input);
    io.stdout.write(
      output === "json"
        ? `${JSON.stringify(withSuggestions(explained, suggestionsOf), undefined, 2)}\n`
        : table(explanationRows(explained)) + suggestionsInWords(explained, suggestionsOf),
    );
    return 0;
  },
};

type Suggest = (unlisted: Explanation) => Suggestions;

/** Explanations for programs; unlisted codes have the readings of other tables. */
function withSuggestions(explained: readonly Explanation[], suggestionsOf: Suggest): readonly Explanation[] {
  return explained.map((one) => (isUnlisted(one) ? { ...one, ...suggestionsJson(suggestionsOf(one)) } : one));
}

/** The readings in other tables of codes that the provider's do not list; empty if there are none. */
function suggestionsInWords(explained: readonly Explanation[], suggestionsOf: Suggest): string {
  const told = explained
    .filter(isUnlisted)
    .map((one) => ({ ...one, suggestions: suggestionsOf(one) }))
    .filter(({ suggestions }) => suggestions.verdicts.length > 0)
    .map(
      ({ input, suggestions }) =>
        `\n${JSON.stringify(input)}: ${agreementWords(suggestions)}\n${suggestionLines(suggestions).join("\n")}\n`,
    );
  return told.length === 0
    ? ""
    : `\nSuggestions from other tables, which never affect counts:\n${told.join("")}`;
}

function explain(map: CodeMap, provider: string, given: string, scope: string | undefined): Explanation[] {
  const input = readCode(given);
  const entries = map.explain(input, scope).filter((entry) => entry.provider === provider);
  return entries.length > 0
    ? entries.map((entry) => explanationOf(entry, input))
    : [unlisted(safeLabel(input), scope)];
}

// A code such as -103 is not a flag. A NUL, which no argument can contain, marks it during parsing.
function shield(arg: string): string {
  return /^-\d/.test(arg) ? `\0${arg}` : arg;
}

function unshield(arg: string): string {
  return arg.startsWith("\0") ? arg.slice(1) : arg;
}
