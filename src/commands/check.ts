import type { Override } from "../codes/merge.ts";
import { type ConfiguredMap, loadConfiguration } from "../config/configuration.ts";
import { settingFlags } from "../config/fields.ts";
import type { Place } from "../diagnostics.ts";
import { windowMemory } from "../ledger/duplicate-window.ts";
import { maskNumbers } from "../masking.ts";
import { table } from "../table.ts";
import { type Command, UsageError } from "./command.ts";
import { parseFlags } from "./flags.ts";
import { printProblems, printWarnings } from "./problems.ts";
import { type TopicBudget, topicBudgets } from "./topic-counts.ts";

/** `check`: what `run` would start with, or all that keeps it from starting. */
export const check: Command = {
  name: "check",
  summary: "validates the configuration and the code map, without network access",
  usage: "[FLAGS]",
  flags: settingFlags,
  notes: `Prints the settings in force and where each comes from. Reports all problems of the settings and the code map on
stderr, with file, line and column, and exits with 2. Runs the code map's test rows too. Where one file of the map
overrides another, it prints which one wins and whether they conflict. For each topic it prints how large a snapshot
is when every listed code is in use, and how many codes fold into _other at metadata_limit. Warnings go to stderr too
and do not change the exit code.

Examples:
  dlr-exporter check --config dlr-exporter.yaml
  dlr-exporter check --code-map my-code-map.yaml
`,
  async run(args, io) {
    const { values, positionals } = parseFlags(settingFlags, args);
    if (positionals[0] !== undefined) throw new UsageError(`check takes flags only, not ${positionals[0]}`);
    const loaded = await loadConfiguration({ flags: values, env: io.env });
    io.stdout.write(
      table(loaded.effective.map(({ key, value, source }) => [key, maskNumbers(value), source])),
    );
    if ("problems" in loaded) return printProblems(loaded.problems, io);

    const { warnings, map } = loaded;
    printWarnings(warnings, io);
    const { metadataLimit: limit } = loaded.settings;
    for (const budget of topicBudgets(loaded.settings, map.map)) {
      const { topic, codes, listed, folded, totals, shortage } = budget;
      const name = maskNumbers(topic);
      io.stdout.write(
        `\ntopic ${name}: with all ${codes} codes in use, a snapshot takes about ${listed} of ${limit} characters, ` +
          `its totals by category ${totals}; ${folded === 0 ? "no code folds" : `${folded} codes fold into _other`}\n`,
      );
      io.stdout.write(delaysInWords(budget));
      io.stdout.write(segmentsInWords(budget));
      io.stdout.write(duplicatesInWords(budget));
      io.stdout.write(dimensionsInWords(budget, loaded.settings.dimensionValues));
      if (shortage !== undefined) io.stderr.write(`warning: ${maskNumbers(shortage)}\n`);
    }
    io.stdout.write(layersInWords(map));
    const codes = map.map.tables.reduce((sum, { entries }) => sum + entries.length, 0);
    io.stdout.write(
      `\ncode map ${map.map.hash}: ${map.map.tables.length} tables, ${codes} codes, ` +
        `${map.tests} test rows passed\n`,
    );
    return 0;
  },
};

/** What the delays of a topic take of a snapshot; empty where its receipts are not of a kind that has any. */
function delaysInWords({ delays, foldedDelays }: TopicBudget): string {
  if (delays === 0) return "";
  const fold = foldedDelays === 0 ? "none is given away" : `${foldedDelays} are given away`;
  return `  delays: their buckets take about ${delays} more; with everything in use ${fold}\n`;
}

/** What the segments of a topic take of a snapshot; empty where no receipt says how many it has. */
function segmentsInWords({ segments, foldedSegments }: TopicBudget): string {
  if (segments === 0) return "";
  const fold = foldedSegments ? "their categories fold into _other" : "no category folds";
  return `  segments: they take about ${segments} more; with everything in use ${fold}\n`;
}

/** Snapshot size and memory of looking for duplicates; empty if the topic does not. */
function duplicatesInWords({ keys, window }: TopicBudget): string {
  if (window === undefined) return "";
  const { usual, most } = windowMemory(window);
  const inKb = (bytes: number) => `${bytes / 1024} KiB`;
  return (
    `  duplicates: their counts take about ${keys} more; a window of ${window} offsets takes up to ${inKb(usual)} ` +
    `of memory for each partition, ${inKb(most)} where records hold several receipts\n`
  );
}

/** Snapshot size of a topic's dimensions; empty if it has none. */
function dimensionsInWords({ dimensions, foldedValues }: TopicBudget, values: number): string {
  if (dimensions.length === 0) return "";
  const rows = dimensions.map(
    ({ name, size }) => `  dimension ${name}: ${values} values take about ${size} more\n`,
  );
  const fold = foldedValues === 0 ? "no value folds" : `${foldedValues} values fold into _other`;
  return `${rows.join("")}  with all of them in use ${fold}\n`;
}

/** What the files of a code map take from each other; empty where there is one file. */
function layersInWords({ files, overrides, formats }: ConfiguredMap): string {
  const anew = formats.overrides.map(
    ({ winner, loser }) =>
      `format ${winner.name} from ${inFile(winner.place)} replaces ${inFile(loser.place)}\n`,
  );
  const formatsAnew = anew.length === 0 ? "" : `\n${anew.join("")}`;
  if (files.length < 2) return formatsAnew;
  const conflicts = overrides.filter(({ conflict }) => conflict).length;
  const sum = `${files.length} files, later ones win: ${overrides.length} codes overridden, ${conflicts} of them with conflicting meanings`;
  const head = ["", "PROVIDER", "SCOPE", "CODE", "COUNTS", "INSTEAD OF"];
  const rows = overrides.map(({ winner, loser, conflict }) => {
    const { provider, scope, code } = winner.entry;
    const cells = [provider, scope, code, inWords(winner), inWords(loser)];
    return [conflict ? "conflict" : "override", ...cells.map(maskNumbers)];
  });
  return `\n${rows.length === 0 ? "" : table([head, ...rows])}${sum}\n${formatsAnew}`;
}

function inFile({ file, line }: Place): string {
  return maskNumbers(`${file}:${line}`);
}

function inWords({ file, line, entry }: Override["winner"]): string {
  return `${entry.category}, ${entry.outcome} (${file}:${line})`;
}
