import type { CodeMap } from "../codes/code-map.ts";
import { safeLabel } from "../codes/label.ts";
import type { Counts } from "../ledger/counts.ts";
import { readCode } from "../masking.ts";
import { table } from "../table.ts";
import { type Explanation, explanationOf, explanationRows, unlisted } from "./classify/explanation.ts";
import { classifyInput, fileCountsInWords, fileCountsOf } from "./classify/input.ts";
import { commonTable, inputFlags, loadJudging } from "./classify/judging.ts";
import { type Command, type CommandFlag, UsageError } from "./command.ts";
import { parseFlags } from "./flags.ts";

const flags: readonly CommandFlag[] = [
  {
    name: "input",
    value: "FILE",
    about: "Count the receipts of a file, one record a line; - is standard input",
  },
  { name: "output", value: "O", about: "table or json; table by default" },
  ...inputFlags,
];

/** `classify`: what codes mean, or what a file of records would count as. Needs no Kafka. */
export const classify: Command = {
  name: "classify",
  summary: "explains codes, or counts a file of records as run would",
  usage: "CODE… [FLAGS] | --input FILE [FLAGS]",
  flags,
  notes: `Explains each code in every table of the provider (aliyun by default) that lists it. A code that none
lists is unknown. With --input, each line that is not empty is a record and is read as run reads one; --config and
--topic take the format from that topic of the file, which the format json needs. JSON over several lines has to be
put on one before (jq -c .). A line over 16 MiB counts as not_json, unread.

Examples:
  dlr-exporter classify 12 DB:0141 -103
  dlr-exporter classify 500 --scope voice_receipt --output json
  dlr-exporter classify --input receipts.ndjson --format tmc-sms
  zcat receipts.ndjson.gz | dlr-exporter classify --input - --config dlr-exporter.yaml --topic sms.receipts
`,
  async run(args, io) {
    const { values, positionals } = parseFlags(flags, args.map(shield));
    const codes = positionals.map(unshield);
    const { input, output = "table", ...own } = values as Readonly<Record<string, string | undefined>>;
    if (output !== "table" && output !== "json") throw new UsageError("--output is table or json");
    if ((input === undefined) === (codes.length === 0)) {
      throw new UsageError("give codes to explain, or --input FILE to count, one of the two");
    }
    const judging = await loadJudging(own, io);
    if (typeof judging === "number") return judging;
    if (input !== undefined) {
      const render = (records: number, counted: Counts) => {
        const sum = fileCountsOf(records, counted);
        return output === "json" ? `${JSON.stringify(sum)}\n` : fileCountsInWords(sum);
      };
      return classifyInput({ input, ...judging, unknownCodes: judging.settings.unknownCodes }, render, io);
    }
    const { provider = "aliyun", scope } = commonTable(judging.settings);
    const explained = codes.flatMap((code) => explain(judging.map, provider, code, scope));
    io.stdout.write(
      output === "json" ? `${JSON.stringify(explained, undefined, 2)}\n` : table(explanationRows(explained)),
    );
    return 0;
  },
};

function explain(map: CodeMap, provider: string, given: string, scope: string | undefined): Explanation[] {
  const input = readCode(given);
  const entries = map.explain(input, scope).filter((entry) => entry.provider === provider);
  return entries.length > 0
    ? entries.map((entry) => explanationOf(entry, input))
    : [unlisted(safeLabel(input), scope)];
}

// A code such as -103 is no flag. A NUL, which no argument can hold, marks it while the flags are parsed.
function shield(arg: string): string {
  return /^-\d/.test(arg) ? `\0${arg}` : arg;
}

function unshield(arg: string): string {
  return arg.startsWith("\0") ? arg.slice(1) : arg;
}
