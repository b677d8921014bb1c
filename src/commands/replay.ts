import { resolve } from "node:path";
import { loadCodeMap } from "../codes/load.ts";
import { sourcesOf } from "../codes/map-files.ts";
import { loadConfiguration } from "../config/configuration.ts";
import { targetFlags } from "../config/fields.ts";
import { loadSettings } from "../config/load.ts";
import { type Command, UsageError } from "./command.ts";
import { parseFlags } from "./flags.ts";
import { historySettings, valuesOf } from "./history-flags.ts";
import { requireNames } from "./named-topics.ts";
import { printProblems } from "./problems.ts";
import { passwordsInSight, readArguments, replayFlags } from "./replay/request.ts";
import { fixedCommand } from "./replay/words.ts";

const ofSettings = [...historySettings, ...targetFlags];
const flags = [...ofSettings, ...replayFlags];

/** `replay`: counts history at the minute it happened. `replay/` does the work once the request is known. */
export const replayCommand: Command = {
  name: "replay",
  summary: "counts past receipts again, each at its own time",
  usage: "--topic T… --from TIME --to TIME [FLAGS] | merge STATE… [FLAGS]",
  flags,
  words: { merge: "files" },
  notes: `Reads each partition from --from to the end of its log, places each receipt at its own time, and writes the counts
per step to every output you ask for. It commits nothing and touches no live group or series. Times without a zone use
the topic's utc_offset; both ends of the window are rounded down to whole steps.
With --resume, Ctrl-C and even kill -9 lose nothing: run the same command again to continue where it stopped.
merge combines the --resume files of several replays, each of different --partitions, into one result.

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
      throw new UsageError(`replay takes flags, or merge and the state files to merge, not ${action}`);
    const own = valuesOf(ofSettings, values);
    const loaded = await loadConfiguration({ flags: own, env: io.env });
    const before = typeof values.compare === "string" ? await readMap(values.compare) : undefined;
    const problems = [loaded, before].flatMap((one) => (one && "problems" in one ? one.problems : []));
    if ("problems" in loaded || (before && "problems" in before)) return printProblems(problems, io);
    const { settings } = loaded;
    requireNames(settings);
    const request = readArguments(values, settings, Date.now());
    const utcOffsetMinutes = settings.topics[0]?.shape.utcOffsetMinutes ?? 0;
    const fixed = fixedCommand(flags, values, switches, request.window, utcOffsetMinutes);
    const warnings = [...loaded.warnings, ...passwordsInSight(values)];
    const { runReplay } = await import("./replay/read-history.ts");
    const maps = { map: loaded.map.map, compare: before?.map, compared: before !== undefined };
    const targetNow = () => {
      const again = loadSettings({ flags: own, env: io.env });
      return "settings" in again ? again.settings.target : settings.target;
    };
    return runReplay({ ...request, ...maps, settings, targetNow, warnings, quiet, fixed }, io);
  },
};

/** @param files a code map followed by its layers, separated by commas, as in the settings of these names */
function readMap(files: string) {
  const [base = "", ...layers] = files.split(",").map((file) => resolve(file.trim()));
  return loadCodeMap(sourcesOf(base, layers));
}
