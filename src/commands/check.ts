import { loadCodeMap } from "../codes/load.ts";
import { runMapTests } from "../codes/test-rows.ts";
import { settingFlags } from "../config/fields.ts";
import { loadSettings } from "../config/load.ts";
import { maskNumbers } from "../masking.ts";
import { table } from "../table.ts";
import { type Command, UsageError } from "./command.ts";
import { parseFlags } from "./flags.ts";
import { printProblems } from "./problems.ts";

/** `check`: what `run` would start with, or all that keeps it from starting. */
export const check: Command = {
  name: "check",
  summary: "checks configuration and code map as run would load them, and touches no network",
  usage: "[FLAGS]",
  flags: settingFlags,
  notes: `Prints the settings in force and where each comes from. Problems go to stderr, all at once, with
file, line and column; the exit code is then 2. The test rows of the code map are run too.

Examples:
  dlr-exporter check --config dlr-exporter.yaml
  dlr-exporter check --code-map my-code-map.yaml
`,
  async run(args, io) {
    const { values, positionals } = parseFlags(settingFlags, args);
    if (positionals[0] !== undefined) throw new UsageError(`check takes flags only, not ${positionals[0]}`);
    const loaded = loadSettings({ flags: values, env: io.env });
    if ("problems" in loaded) return printProblems(loaded.problems, io);

    io.stdout.write(
      table(loaded.effective.map(({ key, value, source }) => [key, maskNumbers(value), source])),
    );

    const file = loaded.settings.codeMap;
    const parsed = await loadCodeMap(file);
    if ("problems" in parsed) return printProblems(parsed.problems, io);
    const failed = runMapTests(parsed.map, parsed.tests, file);
    if (failed.length > 0) return printProblems(failed, io);
    const codes = parsed.map.tables.reduce((sum, { entries }) => sum + entries.length, 0);
    io.stdout.write(
      `\ncode map ${parsed.map.hash}: ${parsed.map.tables.length} tables, ${codes} codes, ` +
        `${parsed.tests.length} test rows passed\n`,
    );
    return 0;
  },
};
