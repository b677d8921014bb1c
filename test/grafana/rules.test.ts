import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readDashboard, readRules, readYaml } from "./files.ts";
import { readVocabulary } from "./vocabulary.ts";

const rules = readRules().map((rule) => ({ ...rule, name: rule.alert ?? rule.record ?? "" }));
const alerts = rules.filter(({ alert }) => alert !== undefined);
const strangersIn = await readVocabulary();
const runbookSections = [...readFileSync("grafana/runbooks.md", "utf8").matchAll(/^## (.+)$/gm)].map(
  ([, title]) => title,
);

describe.each(rules)("rule $name", (rule) => {
  test("names only what the exporter exposes or an earlier rule records", () => {
    expect(strangersIn(rule.expr)).toEqual([]);
  });

  test("is named as rules are", () => {
    expect(rule.name).toMatch(
      rule.alert === undefined ? /^[a-z_]+:[a-z_]+:[a-z0-9]+$/ : /^Dlr[A-Z][A-Za-z]+$/,
    );
  });
});

describe.each(alerts)("alert $name, $labels.severity", ({ name, labels, annotations, for: wait }) => {
  test("waits, and says how urgent it is and what has happened", () => {
    expect(wait).toMatch(/^\d+m$/);
    expect(labels.severity).toMatch(/^(?:critical|warning|info)$/);
    expect(annotations.summary).toMatch(/^[A-Z][^{}]*\.$/);
    expect(annotations.description).toMatch(/\{\{.*\}\}.*\.$/s);
  });

  test("links to its runbook and its dashboard", () => {
    expect(annotations.runbook_url).toMatch(new RegExp(`/runbooks\\.md#${name.toLowerCase()}$`));
    expect(runbookSections).toContain(name);
    expect(annotations.dashboard_url).toMatch(new RegExp(`/d/${readDashboard().uid}$`));
  });
});

test("the runbooks have a section for each alert and no other", () => {
  expect(new Set(runbookSections)).toEqual(new Set(alerts.map(({ name }) => name)));
});

test("every runbook says meaning, impact, diagnosis and mitigation", () => {
  const sections = readFileSync("grafana/runbooks.md", "utf8").split(/^## /m).slice(1);
  for (const section of sections) {
    expect(section).toMatch(
      /\*\*Meaning\.\*\*.+\*\*Impact\.\*\*.+\*\*Diagnosis\.\*\*.+\*\*Mitigation\.\*\*/s,
    );
  }
});

test("every alert is tested to fire, at each severity, and to stay silent", () => {
  const expectation = z.object({
    alertname: z.string(),
    exp_alerts: z.array(z.object({ exp_labels: z.object({ severity: z.string() }) })),
  });
  const file = z.object({ tests: z.array(z.object({ alert_rule_test: z.array(expectation) })) });
  const cases = file
    .parse(readYaml("grafana/rules/dlr.rules.test.yml"))
    .tests.flatMap((one) => one.alert_rule_test);
  const fired = cases.flatMap(({ alertname, exp_alerts }) =>
    exp_alerts.map(({ exp_labels }) => `${alertname} ${exp_labels.severity}`),
  );
  const silent = cases.filter(({ exp_alerts }) => exp_alerts.length === 0).map(({ alertname }) => alertname);
  expect(new Set(fired)).toEqual(new Set(alerts.map(({ name, labels }) => `${name} ${labels.severity}`)));
  expect(new Set(silent)).toEqual(new Set(alerts.map(({ name }) => name)));
});

describe("promtool", () => {
  const missing = spawnSync("promtool", ["--version"]).error !== undefined;
  if (missing)
    console.warn("promtool is not installed (Debian: apt install prometheus): the rules are not run");
  const runs = [
    { name: "check config", args: ["check", "config", "grafana/prometheus.yml"] },
    { name: "check rules", args: ["check", "rules", "grafana/rules/dlr.rules.yml"] },
    { name: "test rules", args: ["test", "rules", "grafana/rules/dlr.rules.test.yml"] },
  ];
  test.skipIf(missing && process.env.CI !== "true").each(runs)("$name", { timeout: 60_000 }, ({ args }) => {
    const { status, stdout, stderr } = spawnSync("promtool", args, { encoding: "utf8" });
    expect(status, `${stdout}${stderr}`).toBe(0);
  });
});
