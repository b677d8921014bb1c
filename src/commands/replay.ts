import { readMapText } from "../codes/load.ts";
import { parseCodeMap } from "../codes/parse.ts";
import { settingFlags } from "../config/fields.ts";
import { loadSettings } from "../config/load.ts";
import { type Command, type Io, UsageError } from "./command.ts";
import { parseFlags } from "./flags.ts";
import { printProblems } from "./problems.ts";
import { readArguments, replayFlags } from "./replay-request.ts";

const shared = ["config", "brokers", "topic", "format", "provider", "scope", "code-map", "log-level"];
const flags = [...settingFlags.filter(({ name }) => shared.includes(name)), ...replayFlags];

/** `replay`: history at the minute it happened. What it does once its request is known is in `replay-run.ts`. */
export const replayCommand: Command = {
  name: "replay",
  summary: "counts a stretch of history again, at the time it happened",
  usage: "--topic T… --from TIME --to TIME [FLAGS]",
  flags,
  notes: `Reads the records from --from to --to and the slack, places each receipt at its own time, and hands the
counts by step to every sink that is asked for. It commits nothing and touches no live group or series. Times
without zone are those of the topic's utc_offset; both ends are rounded down to whole steps.
With --resume, Ctrl-C and even kill -9 cost nothing: the same command goes on where it stopped.

Examples:
  dlr-exporter replay --topic sms.receipts --from -3h --to now
  dlr-exporter replay --topic sms.receipts --from 2026-10-01 --to 2026-11-01 --openmetrics october.txt
  dlr-exporter replay --topic sms.receipts --from -7d --to now --code-map new.yaml --compare old.yaml
`,
  async run(args, io) {
    const { values, switches, positionals } = parseFlags(flags, args);
    if (positionals[0] !== undefined) throw new UsageError(`replay takes flags only, not ${positionals[0]}`);
    const own = Object.fromEntries(Object.entries(values).filter(([name]) => shared.includes(name)));
    const loaded = loadSettings({ flags: own, env: io.env });
    if ("problems" in loaded) return printProblems(loaded.problems, io);
    const { settings } = loaded;
    const request = readArguments(values, settings, Date.now());
    const map = await readMap(settings.codeMap, io);
    const compare = request.compare === undefined ? undefined : await readMap(request.compare, io);
    if (typeof map === "number") return map;
    if (typeof compare === "number") return compare;
    const { runReplay } = await import("./replay-run.ts");
    return runReplay({ ...request, settings, map, compare, quiet: switches.has("quiet") }, io);
  },
};

/** @returns the text and the compiled map, or the exit code for one that is none */
async function readMap(file: string, io: Io) {
  const read = await readMapText(file);
  if ("problems" in read) return printProblems(read.problems, io);
  const { text } = read;
  const parsed = parseCodeMap(text, file);
  if ("problems" in parsed) return printProblems(parsed.problems, io);
  return { file, text, map: parsed.map };
}
