import { cpSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { readYaml } from "./files.ts";

const rule = z.looseObject({
  record: z.string().optional(),
  alert: z.string().optional(),
  expr: z.string(),
  annotations: z.record(z.string(), z.string()).optional(),
});
const ruleFile = z.object({ groups: z.array(z.looseObject({ name: z.string(), rules: z.array(rule) })) });
const testFile = z.object({
  rule_files: z.array(z.string()),
  tests: z.array(
    z.object({
      alert_rule_test: z.array(z.object({ alertname: z.string() })).default([]),
      promql_expr_test: z.array(z.object({ expr: z.string() })).default([]),
    }),
  ),
});

type Rule = z.output<typeof rule>;

/**
 * Writes a promtool test and, of the rules that it reads, those that what it expects depends on, through however many
 * others. What a rule says depends on the series that it names alone: without the others it says the same, and most tests
 * need none of the rules of spikes, which cost more than all else. `npm run test:prometheus3` runs the whole files.
 *
 * @param file a test of `grafana/rules`
 * @param folder where the test and its files of rules are put, under their names
 * @param rulesFolder where the rules are, when not beside the test
 * @returns the path of the test
 */
export function writeWithNeededRules(file: string, folder: string, rulesFolder = dirname(file)): string {
  const test = testFile.parse(readYaml(file));
  const files = test.rule_files.map((name) => ({
    name,
    ...ruleFile.parse(readYaml(join(rulesFolder, name))),
  }));
  const needed = neededOf(
    files.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules)),
    test.tests.flatMap(({ alert_rule_test, promql_expr_test }) => [
      ...alert_rule_test.map(({ alertname }) => alertname),
      ...promql_expr_test.flatMap(({ expr }) => namesIn(expr)),
    ]),
  );
  for (const { name, groups } of files) {
    const left = groups
      .map((group) => ({ ...group, rules: group.rules.filter((one) => needed.has(one)) }))
      .filter(({ rules }) => rules.length > 0);
    writeFileSync(join(folder, name), stringify({ groups: left }));
  }
  const copy = join(folder, basename(file));
  cpSync(file, copy);
  return copy;
}

/** The rules of these names, and those that they name, and so on. */
function neededOf(rules: readonly Rule[], names: readonly string[]): ReadonlySet<Rule> {
  // a pattern of names may be of any
  if (names.includes("__name__")) return new Set(rules);
  const needed = new Set<Rule>();
  const asked = new Set(names);
  // what is added on the way is visited too
  for (const name of asked) {
    for (const one of rules) {
      if ((one.record ?? one.alert) !== name) continue;
      needed.add(one);
      for (const other of [one.expr, ...Object.values(one.annotations ?? {})].flatMap(namesIn))
        asked.add(other);
    }
  }
  return needed;
}

/** All that may be the name of a series or an alert. */
function namesIn(text: string): string[] {
  return text.match(/[a-zA-Z_:][\w:]*/g) ?? [];
}
