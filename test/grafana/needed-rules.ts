import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isSeq, type Node, parseDocument, stringify, visit } from "yaml";
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
 * @returns the paths of what the test was taken apart into, by the rules that are needed
 */
export function writeWithNeededRules(file: string, folder: string, rulesFolder = dirname(file)): string[] {
  const { rule_files, tests } = testFile.parse(readYaml(file));
  const files = rule_files.map((name) => ({ name, ...ruleFile.parse(readYaml(join(rulesFolder, name))) }));
  const all = files.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules));
  const needs = tests.map(({ alert_rule_test, promql_expr_test }) =>
    neededOf(all, [
      ...alert_rule_test.map(({ alertname }) => alertname),
      ...promql_expr_test.flatMap(({ expr }) => namesIn(expr)),
    ]),
  );
  return partsOf(readFileSync(file, "utf8"), needs).map(({ text, needed }, number) => {
    const own = join(folder, String(number));
    mkdirSync(own);
    for (const { name, groups } of files) {
      const left = groups
        .map((group) => ({ ...group, rules: group.rules.filter((one) => needed.has(one)) }))
        .filter(({ rules }) => rules.length > 0);
      writeFileSync(join(own, name), stringify({ groups: left }));
    }
    const copy = join(own, basename(file));
    writeFileSync(copy, text);
    return copy;
  });
}

/** Some of a file's tests, and the rules that each of them needs. */
interface Part {
  readonly text: string;
  readonly needed: ReadonlySet<Rule>;
}

/**
 * Takes a file apart: into its tests that need the same rules, word for word, since to promtool `0x9` is ten zeros. One
 * whose tests say something by an alias stays whole.
 */
function partsOf(text: string, needs: readonly ReadonlySet<Rule>[]): Part[] {
  const document = parseDocument(text);
  let aliases = 0;
  visit(document, { Alias: () => void aliases++ });
  if (aliases > 0) return [{ text, needed: new Set(needs.flatMap((own) => [...own])) }];
  const list = document.get("tests");
  const begins = isSeq<Node>(list) ? list.items.map(({ range }) => range?.[0] ?? 0) : [];
  const lines = begins.map((at) => text.lastIndexOf("\n", at) + 1);
  // the last test is the end of the file
  const pieces = lines.map((at, index) => text.slice(at, lines[index + 1]));
  const head = text.slice(0, lines[0]);
  const same = (a: ReadonlySet<Rule>, b: ReadonlySet<Rule>) =>
    a.size === b.size && [...a].every((one) => b.has(one));
  const alike = Map.groupBy(needs, (needed) => needs.find((other) => same(other, needed)) ?? needed);
  return [...alike].map(([needed, each]) => ({
    text: head + pieces.filter((_, index) => each.includes(needs[index] ?? needed)).join(""),
    needed,
  }));
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
