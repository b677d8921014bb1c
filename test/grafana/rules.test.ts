import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readDashboard, readRules, readYaml, ruleFiles, ruleTests } from "./files.ts";
import { isOverWeeks, promtoolMissing, runPromtool, tryRules } from "./promtool.ts";
import { readVocabulary } from "./vocabulary.ts";

const rules = readRules().map((rule) => ({ ...rule, name: rule.alert ?? rule.record ?? "" }));
const alerts = rules.filter(({ alert }) => alert !== undefined);
const strangersIn = await readVocabulary();
const runbooks = readFileSync("grafana/runbooks.md", "utf8").split(/^## /m).slice(1);
const runbookTitles = runbooks.map((section) => section.split("\n")[0]);
const dashboards = readdirSync("grafana/dashboards").map((file) => file.replace(".json", ""));
const promtoolTests = ruleTests();

describe.each(rules)("rule $name", (rule) => {
  test("names only what the exporter exposes or a rule records", () => {
    expect(strangersIn(rule.expr)).toEqual([]);
  });

  test("is named as rules are", () => {
    expect(rule.name).toMatch(
      rule.alert === undefined ? /^[a-z_]+:[a-z_]+:[a-z0-9_]+$/ : /^Dlr[A-Z][A-Za-z]+$/,
    );
  });
});

describe.each(alerts)("alert $name, $labels.severity", ({ name, labels, annotations, for: wait }) => {
  test("waits, and says how urgent it is and what has happened", () => {
    expect(wait).toMatch(/^\d+m$/);
    expect(labels.severity).toMatch(/^(?:critical|warning|info)$/);
    expect(annotations.summary).toMatch(/^[A-Z][^{}]*\.$/);
    expect(annotations.description).toMatch(/\{\{.*\}\}.*\.(?:\{\{ end \}\})?$/s);
  });

  test("links to its runbook and to a dashboard", () => {
    expect(annotations.runbook_url).toMatch(new RegExp(`/runbooks\\.md#${name.toLowerCase()}$`));
    expect(runbookTitles).toContain(name);
    const [, uid = "", query = ""] = /\/d\/([\w-]+)\?(.+)$/.exec(annotations.dashboard_url ?? "") ?? [];
    expect(dashboards).toContain(uid);
    // an hour of it at least, what it is about, and variables that the dashboard has
    const variables = [...query.matchAll(/&var-(\w+)=/g)].map(([, name]) => name ?? "");
    expect(query).toMatch(/^from=\{\{.*\}\}&to=now\{\{/);
    expect(variables).toEqual(
      expect.arrayContaining(uid === "dlr-overview" ? ["provider", "channel"] : ["topic"]),
    );
    const declared = readDashboard(uid).templating.list.map(({ name }) => name);
    expect(variables.filter((name) => !declared.includes(name))).toEqual([]);
  });
});

test("the runbooks have a section for each alert and no other", () => {
  expect(new Set(runbookTitles)).toEqual(new Set(alerts.map(({ name }) => name)));
});

test.each(runbooks.map((section, index) => ({ name: runbookTitles[index], section })))(
  "the runbook of $name says meaning, impact, diagnosis and mitigation",
  ({ section }) => {
    const headings = [...section.matchAll(/^\*\*(\w+)\.\*\* \S/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(["Meaning", "Impact", "Diagnosis", "Mitigation"]);
  },
);

test("every alert is tested to fire, at each severity, and to stay silent", () => {
  const expectation = z.object({
    alertname: z.string(),
    exp_alerts: z.array(z.object({ exp_labels: z.object({ severity: z.string() }) })),
  });
  const file = z.object({
    tests: z.array(z.object({ alert_rule_test: z.array(expectation).default([]) })),
  });
  const cases = promtoolTests.flatMap((name) =>
    file.parse(readYaml(name)).tests.flatMap((one) => one.alert_rule_test),
  );
  const fired = cases.flatMap(({ alertname, exp_alerts }) =>
    exp_alerts.map(({ exp_labels }) => `${alertname} ${exp_labels.severity}`),
  );
  const silent = cases.filter(({ exp_alerts }) => exp_alerts.length === 0).map(({ alertname }) => alertname);
  expect(new Set(fired)).toEqual(new Set(alerts.map(({ name, labels }) => `${name} ${labels.severity}`)));
  expect(new Set(silent)).toEqual(new Set(alerts.map(({ name }) => name)));
});

// promtool evaluates groups in an order of chance unless it is given one
test.each(promtoolTests)("%s gives the order of the groups that read each other", (name) => {
  const loaded = z.object({ rule_files: z.array(z.string()), group_eval_order: z.array(z.string()) });
  const { rule_files, group_eval_order } = loaded.parse(readYaml(name));
  const groups = rule_files.flatMap((file) =>
    readFileSync(`grafana/rules/${file}`, "utf8")
      .split(/^ {2}- name: /m)
      .slice(1),
  );
  const recordsOf = (group: string) =>
    [...group.matchAll(/- record: (\S+)/g)].map(([, record = ""]) => record);
  const reads = (reader: string, group: string) => recordsOf(group).some((record) => reader.includes(record));
  const linked = groups.filter((group) =>
    groups.some((other) => other !== group && (reads(other, group) || reads(group, other))),
  );
  const missing = linked
    .map((group) => group.split("\n")[0] ?? "")
    .filter((title) => !group_eval_order.includes(title));
  expect(missing).toEqual([]);
});

describe("thresholds", () => {
  const file = "grafana/rules/dlr-thresholds.rules.yml";
  const thresholds = rules.filter(({ name }) => name.startsWith("dlr:threshold:"));
  const names = new Set(thresholds.map(({ name }) => name));
  const readers = rules.filter(({ name }) => name !== "DlrThresholdsMissing");
  const namesIn = (text: string) => text.match(/dlr:threshold:\w+/g) ?? [];

  test("are plain numbers, all in one file, and nothing else is there", () => {
    for (const { expr } of thresholds) expect(expr).toMatch(/^vector\(\d+(?:\.\d+)?\)$/);
    const there = readFileSync(file, "utf8").match(/- record: .+/g) ?? [];
    expect(there).toEqual(thresholds.map(({ name }) => `- record: ${name}`));
  });

  test("are read by a rule, every one, and every one that is read is there", () => {
    expect(new Set(readers.flatMap(({ expr }) => namesIn(expr)))).toEqual(names);
  });

  test("are explained, each by the comment above it", () => {
    const paragraphs = readFileSync(file, "utf8").split(/^ {4}rules:\n|\n\n/m);
    const bare = paragraphs.filter((text) => namesIn(text).length > 0 && !/^\s*#/.test(text));
    expect(bare).toEqual([]);
  });

  test("are missed, each with its labels, by DlrThresholdsMissing", () => {
    const missed = rules.find(({ name }) => name === "DlrThresholdsMissing")?.expr ?? "";
    const selectors = thresholds.map(({ name, labels }) => {
      const matchers = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
      return matchers.length === 0 ? `absent(${name})` : `absent(${name}{${matchers.join(",")}})`;
    });
    expect(missed.match(/absent\(.+?\)/g)?.sort()).toEqual(selectors.sort());
  });
});

describe.concurrent("promtool", () => {
  if (promtoolMissing)
    console.warn("promtool is not installed (Debian: apt install prometheus): the rules are not run");
  const tried = test.skipIf(promtoolMissing && process.env.CI !== "true");

  tried.each([
    { name: "check config", args: ["check", "config", "grafana/prometheus.yml"] },
    { name: "check rules", args: ["check", "rules", "--lint=all", "--lint-fatal", ...ruleFiles()] },
  ])("$name", ({ args }) => runPromtool(args));

  tried.each(promtoolTests.filter((file) => !isOverWeeks(file)))("test %s", tryRules);
});
