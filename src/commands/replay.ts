import { loadCodeMap } from "../codes/load.ts";
import { loadConfiguration } from "../config/configuration.ts";
import { settingFlags, targetFlags } from "../config/fields.ts";
import { loadSettings } from "../config/load.ts";
import { type Command, UsageError } from "./command.ts";
import { parseFlags } from "./flags.ts";
import { printProblems } from "./problems.ts";
import { passwordsInSight, readArguments, replayFlags } from "./replay/request.ts";
import { fixedCommand } from "./replay/words.ts";

const shared = ["config", "brokers", "topic", "format", "provider", "scope", "code-map", "log-level"];
const ofSettings = [...settingFlags.filter(({ name }) => shared.includes(name)), ...targetFlags];
const flags = [...ofSettings, ...replayFlags];

/** `replay`: history at the minute it happened. What it does once its request is known is in `replay-reading.ts`. */
export const replayCommand: Command = {
  name: "replay",
  summary: "counts a stretch of history again, at the time it happened",
  usage: "--topic T… --from TIME --to TIME [FLAGS] | merge STATE… [FLAGS]",
  flags,
  notes: `Reads each partition from --from to the end of its log, places each receipt at its own time, and hands the
counts by step to every sink that is asked for. It commits nothing and touches no live group or series. Times
without zone are those of the topic's utc_offset; both ends are rounded down to whole steps.
With --resume, Ctrl-C and even kill -9 cost nothing: the same command goes on where it stopped.
merge makes the result of one replay of the --resume files of several, which each read other --partitions.

Examples:
  dlr-exporter replay --topic sms.receipts --from -3h --to now
  dlr-exporter replay --topic sms.receipts --from 2026-10-01 --to 2026-11-01 --openmetrics october.txt
  dlr-exporter replay --topic sms.receipts --from -7d --to now --code-map new.yaml --compare old.yaml
  dlr-exporter replay merge a.state b.state --openmetrics october.txt
`,
  async run(args, io) {
    const { values, switches, positionals } = parseFlags(flags, args);
    const [action, ...files] = positionals;
    const quiet = switches.has("quiet");
    if (action === "merge") {
      const { runMerge } = await import("./replay/merge-states.ts");
      return runMerge(values, quiet, files, io);
    }
    if (action !== undefined)
      throw new UsageError(`replay takes flags, or merge and the states to merge, not ${action}`);
    const own = Object.fromEntries(
      Object.entries(values).filter(([name]) => ofSettings.some((flag) => flag.name === name)),
    );
    const loaded = await loadConfiguration({ flags: own, env: io.env });
    const before = typeof values.compare === "string" ? await readMap(values.compare) : undefined;
    const problems = [loaded, before].flatMap((one) => (one && "problems" in one ? one.problems : []));
    if ("problems" in loaded || (before && "problems" in before)) return printProblems(problems, io);
    const { settings, map } = loaded;
    const request = readArguments(values, settings, Date.now());
    const utcOffsetMinutes = settings.topics[0]?.shape.utcOffsetMinutes ?? 0;
    const fixed = fixedCommand(flags, values, switches, request.window, utcOffsetMinutes);
    const warnings = [...loaded.warnings, ...passwordsInSight(values)];
    const { runReplay } = await import("./replay/read-history.ts");
    const maps = { map, compare: before, compared: before !== undefined };
    const targetNow = () => {
      const again = loadSettings({ flags: own, env: io.env });
      return "settings" in again ? again.settings.target : settings.target;
    };
    return runReplay({ ...request, ...maps, settings, targetNow, warnings, quiet, fixed }, io);
  },
};

async function readMap(file: string) {
  const loaded = await loadCodeMap(file);
  return "problems" in loaded ? loaded : { ...loaded, file };
}
