import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { writeWithNeededRules } from "./needed-rules.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-needed-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const rules = `groups:
  - name: counts
    interval: 15s
    rules:
      - { record: "a:b:max", expr: max(b_total) }
      - { record: "a:b:other", expr: min(b_total) }
      - { record: "a:c:max", expr: max(c_total), labels: { from: "1" } }
      - { record: "a:c:max", expr: min(c_total), labels: { from: "2" } }
  - name: alerts
    rules:
      - { alert: Asked, expr: "a:b:max > 1", for: 5m, annotations: { description: '{{ with query "a:c:max" }}{{ end }}' } }
      - { alert: NotAsked, expr: "a:b:other > 1" }
  - name: alone
    rules:
      - { record: "a:d:max", expr: max(d_total) }
`;

const head = "rule_files: [x.yml]\ntests:\n";
const series = "  - input_series: [{ series: b_total, values: 0x9 }]\n";

/** What is made of tests of these expectations, and which rules are left for each part. */
function parts(...expected: string[]): { text: string; rules: unknown }[] {
  const there = mkdtempSync(join(folder, "there-"));
  const file = join(there, "x.test.yml");
  writeFileSync(join(there, "x.yml"), rules);
  writeFileSync(file, head + expected.map((own) => series + own).join(""));
  const here = join(there, "here");
  mkdirSync(here);
  return writeWithNeededRules(file, here).map((copy) => ({
    text: readFileSync(copy, "utf8"),
    rules: parse(readFileSync(join(copy, "../x.yml"), "utf8")),
  }));
}

function left(expected: string): unknown {
  const [part, ...others] = parts(expected);
  // 0x9 is ten zeros to promtool, and nine to who reads YAML
  expect([part?.text, ...others]).toEqual([head + series + expected]);
  return part?.rules;
}

test("an alert keeps all that it reads, in its expression and its words, and nothing else", () => {
  const { groups } = parse(rules);
  const [counts, alerts] = groups;
  expect(left("    alert_rule_test: [{ alertname: Asked, eval_time: 1m }]\n")).toEqual({
    groups: [
      { ...counts, rules: [counts.rules[0], counts.rules[2], counts.rules[3]] },
      { ...alerts, rules: [alerts.rules[0]] },
    ],
  });
});

test("a query keeps the alerts that it counts", () => {
  const { groups } = parse(rules);
  const [counts, alerts] = groups;
  const query = `count(ALERTS{alertname="NotAsked"})`;
  expect(left(`    promql_expr_test: [{ expr: '${query}', eval_time: 1m }]\n`)).toEqual({
    groups: [
      { ...counts, rules: [counts.rules[1]] },
      { ...alerts, rules: [alerts.rules[1]] },
    ],
  });
});

test("tests that need other rules are apart, and those that need the same are together", () => {
  const [one, other] = ["a:b:max", "a:d:max"].map(
    (name) => `    promql_expr_test: [{ expr: '${name}', eval_time: 1m }]\n`,
  );
  const made = parts(one ?? "", other ?? "", one ?? "");
  expect(made.map(({ text }) => text)).toEqual([head + series + one + series + one, head + series + other]);
  const recorded = made.map(({ rules }) => JSON.stringify(rules).match(/"record":"[^"]+"/g));
  expect(recorded).toEqual([['"record":"a:b:max"'], ['"record":"a:d:max"']]);
});

test("tests that share what they expect stay together, with what any of them needs", () => {
  const [part, ...others] = parts(
    "    alert_rule_test: &shared [{ alertname: NotAsked, eval_time: 1m }]\n",
    "    alert_rule_test: *shared\n    promql_expr_test: [{ expr: 'a:d:max', eval_time: 1m }]\n",
  );
  expect(others).toEqual([]);
  expect(JSON.stringify(part?.rules).match(/a:.:\w+(?=")/g)).toEqual(["a:b:other", "a:d:max"]);
});
