import type { CodeEntry, CodeMap } from "../codes/code-map.ts";
import { loadCodeMap } from "../codes/load.ts";
import { settingFlags } from "../config/fields.ts";
import { type LoadedSettings, loadSettings } from "../config/load.ts";
import type { Settings, TopicSettings } from "../config/schema.ts";
import { didYouMean } from "../diagnostics.ts";
import { table } from "../table.ts";
import { classifyInput } from "./classify-input.ts";
import { type Command, type CommandFlag, type Io, UsageError } from "./command.ts";
import { parseFlags } from "./flags.ts";
import { printProblems } from "./problems.ts";

const shared = ["scope", "provider", "format", "code-map", "config"];
const flags: readonly CommandFlag[] = [
  {
    name: "input",
    value: "FILE",
    about: "Count the receipts of a file, one record a line; - is standard input",
  },
  { name: "output", value: "O", about: "table or json; table by default" },
  ...settingFlags.filter(({ name }) => shared.includes(name)),
  { name: "topic", value: "T", about: "Read the records as this topic of the configuration file" },
];

/** `classify`: what codes mean, or what a file of records would count as. Needs no Kafka. */
export const classify: Command = {
  name: "classify",
  summary: "explains codes, or counts a file of records as run would",
  usage: "CODE… [FLAGS] | --input FILE [FLAGS]",
  flags,
  notes: `Explains each code in every table of the provider (aliyun by default) that lists it. A code that none
lists is unknown. With --input, records are read as run reads them; --config and --topic take the format from
that topic of the file, which the format json needs. A line over 16 MiB counts as not_json, unread.

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
    if (own.format === "json" && (own.config === undefined || own.topic === undefined)) {
      throw new UsageError("--format json needs --config FILE --topic TOPIC, whose JSON Pointers it follows");
    }
    const loaded: LoadedSettings = loadSettings({ flags: own, env: io.env });
    if ("problems" in loaded) return printProblems(loaded.problems, io);
    const { settings } = loaded;
    const parsed = await loadCodeMap(settings.codeMap);
    if ("problems" in parsed) return printProblems(parsed.problems, io);

    if (input !== undefined) {
      const topic = onlyTopic(settings);
      noteUnlisted(parsed.map, topic.provider ?? "aliyun", topic.shape.scope, io);
      return classifyInput(
        { input, output, topic, map: parsed.map, unknownCodes: settings.unknownCodes },
        io,
      );
    }
    const provider = own.provider ?? "aliyun";
    noteUnlisted(parsed.map, provider, own.scope, io);
    const explained = codes.flatMap((code) => explain(parsed.map, provider, code, own.scope));
    io.stdout.write(output === "json" ? `${JSON.stringify(explained, undefined, 2)}\n` : inWords(explained));
    return 0;
  },
};

/** What the map says of a code; the shape of `--output json`. */
interface Explanation {
  /** The code as it was asked for. */
  readonly input: string;
  /** Null when no scope was asked for and no table lists the code. */
  readonly scope: string | null;
  readonly code: string;
  readonly category: string;
  readonly outcome: string;
  /** `none` for an unknown code: nobody is known to be at fault. */
  readonly fault: string;
  readonly retryable: boolean;
  readonly description: { readonly zh: string; readonly en: string };
  readonly remedy: string;
  readonly remedy_en: string;
}

function explain(map: CodeMap, provider: string, input: string, scope: string | undefined): Explanation[] {
  const entries = map.explain(input, scope).filter((entry) => entry.provider === provider);
  return entries.length > 0 ? entries.map((entry) => listed(input, entry)) : [unlisted(input, scope)];
}

function listed(input: string, entry: CodeEntry): Explanation {
  const { scope, code, category, outcome, fault, retryable, zh, en, remedy, remedyEn } = entry;
  const description = { zh, en };
  return {
    input,
    scope,
    code,
    category,
    outcome,
    fault,
    retryable,
    description,
    remedy: remedy ?? "",
    remedy_en: remedyEn ?? "",
  };
}

function unlisted(input: string, scope: string | undefined): Explanation {
  return {
    input,
    scope: scope ?? null,
    code: input,
    category: "unknown",
    outcome: "unknown",
    fault: "none",
    retryable: false,
    description: { zh: "", en: "" },
    remedy: "",
    remedy_en: "",
  };
}

function inWords(explained: readonly Explanation[]): string {
  const head = ["CODE", "SCOPE", "CATEGORY", "OUTCOME", "FAULT", "RETRYABLE", "DESCRIPTION"];
  const rows = explained.map(({ code, scope, category, outcome, fault, retryable, description, ...own }) => {
    const words = [description.en, description.zh, own.remedy_en && `→ ${own.remedy_en}`];
    const text = words.filter((word) => word !== "").join("  ");
    return [printable(code), scope ?? "-", category, outcome, fault, retryable ? "yes" : "no", text];
  });
  return table([head, ...rows]);
}

/** A code on one line of a terminal, whatever is in it. */
function printable(code: string): string {
  return JSON.stringify(code).slice(1, -1);
}

function onlyTopic({ topics }: Settings): TopicSettings {
  const [topic, ...others] = topics;
  if (topic !== undefined && others.length === 0) return topic;
  const names = topics.map((each) => each.topic).join(", ");
  throw new UsageError(`the configuration has several topics (${names}); say which one with --topic`);
}

/** A provider or scope without a table is no error (its codes are unknown), but perhaps a slip. */
function noteUnlisted(map: CodeMap, provider: string, scope: string | undefined, io: Io): void {
  const [what, asked, known] = map.providers().includes(provider)
    ? ["scope", scope ?? "", map.scopes(provider)]
    : ["provider", provider, map.providers()];
  if (asked === "" || known.includes(asked)) return;
  const meant = didYouMean(asked, known);
  const hint = meant === undefined ? `it has ${known.join(", ")}` : `did you mean ${meant}?`;
  io.stderr.write(`note: the code map has no ${what} ${asked}; ${hint}\n`);
}

// A code such as -103 is no flag. A NUL, which no argument can hold, marks it while the flags are parsed.
function shield(arg: string): string {
  return /^-\d/.test(arg) ? `\0${arg}` : arg;
}

function unshield(arg: string): string {
  return arg.startsWith("\0") ? arg.slice(1) : arg;
}
