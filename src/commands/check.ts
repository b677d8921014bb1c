import { loadConfiguration } from "../config/configuration.ts";
import { settingFlags } from "../config/fields.ts";
import { maskNumbers } from "../masking.ts";
import { table } from "../table.ts";
import { type Command, UsageError } from "./command.ts";
import { parseFlags } from "./flags.ts";
import { printProblems, printWarnings } from "./problems.ts";
import { topicBudgets } from "./topic-counts.ts";

/** `check`: what `run` would start with, or all that keeps it from starting. */
export const check: Command = {
  name: "check",
  summary: "checks configuration and code map as run would load them, and touches no network",
  usage: "[FLAGS]",
  flags: settingFlags,
  notes: `Prints the settings in force and where each comes from. Problems of settings and map go to stderr, all
at once, with file, line and column; the exit code is then 2. The test rows of the code map are run too. For each
topic it says what a snapshot takes with every listed code in use, and how many of the codes fold into _other at
metadata_limit. Warnings go to stderr as well, and leave the exit code at 0.

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
    for (const { topic, codes, listed, folded, totals, shortage } of topicBudgets(loaded.settings, map.map)) {
      const name = maskNumbers(topic);
      io.stdout.write(
        `\ntopic ${name}: its ${codes} codes, all in use, take about ${listed} of the ${limit} characters of a snapshot, ` +
          `the totals by category ${totals}; ${folded === 0 ? "no code folds" : `${folded} codes fold into _other`}\n`,
      );
      if (shortage !== undefined) io.stderr.write(`warning: ${maskNumbers(shortage)}\n`);
    }
    const codes = map.map.tables.reduce((sum, { entries }) => sum + entries.length, 0);
    io.stdout.write(
      `\ncode map ${map.map.hash}: ${map.map.tables.length} tables, ${codes} codes, ` +
        `${map.tests} test rows passed\n`,
    );
    return 0;
  },
};
