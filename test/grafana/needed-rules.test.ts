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

function left(expected: string): unknown {
  const there = mkdtempSync(join(folder, "there-"));
  const file = join(there, "x.test.yml");
  writeFileSync(join(there, "x.yml"), rules);
  writeFileSync(
    file,
    `rule_files: [x.yml]\ntests:\n  - input_series: [{ series: b_total, values: 0x9 }]\n${expected}`,
  );
  const here = join(there, "here");
  mkdirSync(here);
  const copy = writeWithNeededRules(file, here);
  // 0x9 is ten zeros to promtool, and nine to who reads YAML
  expect(readFileSync(copy, "utf8")).toBe(readFileSync(file, "utf8"));
  return parse(readFileSync(join(here, "x.yml"), "utf8"));
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
