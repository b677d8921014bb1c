import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { stringify } from "yaml";
import { ending, temporaryFolder } from "../lab/guarded.ts";
import { writeWithNeededRules } from "./needed-rules.ts";

/** Whether there is no promtool to try expressions with. */
export const promtoolMissing = spawnSync("promtool", ["--version"]).error !== undefined;

/** A test of rules over weeks, which takes as long as some of the others together: one of the proofs. */
export function isOverWeeks(file: string): boolean {
  return file.endsWith("-week.rules.test.yml");
}

/** Runs promtool, and expects that it has nothing to say against what it is given. */
export async function runPromtool(args: readonly string[]): Promise<void> {
  // Almost no garbage survives an evaluation: collecting less often saves a tenth.
  const env = { ...process.env, GOGC: "800" };
  const { code, stdout, stderr } = await ending(spawn("promtool", args, { env }));
  expect(code, `${stdout}${stderr}`).toBe(0);
}

/** Has promtool try a test file of the rules. */
export async function tryRules(file: string): Promise<void> {
  const folder = await temporaryFolder("dlr-rules-");
  try {
    await runPromtool(["test", "rules", ...writeWithNeededRules(file, folder.path)]);
  } finally {
    await folder.remove();
  }
}

/** An expression, and what it is to give. */
export interface Case {
  /** Series as promtool writes them, a sample each 15 s. */
  readonly series: Readonly<Record<string, string>>;
  readonly expr: string;
  readonly at: string;
  /** Whether the rules record on top of the series: most of the work, for those that read what the rules make. */
  readonly recorded?: boolean;
  /** Value by series. */
  readonly expected: Readonly<Record<string, number>>;
}

/** @returns what promtool has against it; nothing when the expression gives exactly what is expected */
export function complaints({ series, expr, at, expected, recorded = false }: Case): string {
  const folder = mkdtempSync(join(tmpdir(), "dlr-promql-"));
  const test = {
    rule_files: recorded ? ["dlr-spikes.rules.yml"] : [],
    evaluation_interval: "15s",
    tests: [
      {
        interval: "15s",
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [
          {
            expr,
            eval_time: at,
            exp_samples: Object.entries(expected).map(([labels, value]) => ({ labels, value })),
          },
        ],
      },
    ],
  };
  const whole = join(folder, "whole.yml");
  writeFileSync(whole, stringify(test));
  const needed = mkdtempSync(join(folder, "needed-"));
  const files = writeWithNeededRules(whole, needed, "grafana/rules");
  const { stdout, stderr } = spawnSync("promtool", ["test", "rules", ...files], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return /SUCCESS/.test(stdout) ? "" : `${stdout}${stderr}`;
}
