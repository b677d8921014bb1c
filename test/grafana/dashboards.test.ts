import { describe, expect, test } from "vitest";
import { type Panel, readDashboard } from "./files.ts";
import { readVocabulary } from "./vocabulary.ts";

const dashboard = readDashboard();
const panels = dashboard.panels.filter(({ type }) => type !== "row");
const queries = panels.flatMap(({ title, targets }) =>
  targets.map(({ refId, expr }) => ({ name: `${title} ${refId}`, expr })),
);
const strangersIn = await readVocabulary();

describe("layout", () => {
  test("panel ids are unique", () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("no panel lies on another or outside the 24 columns", () => {
    const clashes = dashboard.panels.flatMap((panel, index) => [
      ...(panel.gridPos.x + panel.gridPos.w > 24 ? [`${panel.title} is too wide`] : []),
      ...dashboard.panels
        .slice(index + 1)
        .filter((other) => overlap(panel, other))
        .map((other) => `${panel.title} and ${other.title}`),
    ]);
    expect(clashes).toEqual([]);
  });
});

describe.each(panels)("panel $title", (panel) => {
  test("says what to do, in a unit, with thresholds, and asks something", () => {
    expect(panel.description).toMatch(/\.$/);
    expect(panel.description.length).toBeGreaterThan(60);
    expect(panel.fieldConfig?.defaults.unit).toBeDefined();
    expect(panel.targets.length).toBeGreaterThan(0);
  });

  test("its numbers are read at one moment, its lines over time", () => {
    expect(panel.targets.map(({ instant }) => instant)).toEqual(
      panel.targets.map(() => panel.type !== "timeseries"),
    );
  });
});

describe.each(queries)("query $name", ({ expr }) => {
  test("names only what the exporter exposes", () => {
    expect(strangersIn(expr)).toEqual([]);
  });

  test("shows no raw counter: only its rate, or its value whichever instance owns the partition", () => {
    const counters = [...expr.matchAll(/(.{0,40})\bdlr_\w+_total\b/g)].map(([, before]) => before);
    for (const before of counters)
      expect(before).toMatch(/(?:rate|increase|max without \(instance, pod\) )\($/);
  });

  test("uses declared variables only", () => {
    const declared = new Set([
      "__rate_interval",
      "__range",
      ...dashboard.templating.list.map(({ name }) => name),
    ]);
    const used = [...expr.matchAll(/\$(\w+)/g)].map(([, name]) => name ?? "");
    expect(used.filter((name) => !declared.has(name))).toEqual([]);
  });
});

describe("variables", () => {
  test("the data source can be chosen, so that the dashboard can be imported anywhere", () => {
    expect(dashboard.templating.list[0]).toMatchObject({
      name: "datasource",
      label: "Data source",
      type: "datasource",
    });
  });

  test.each(dashboard.templating.list.filter(({ type }) => type === "query"))(
    "$name lists values of a label",
    ({ query }) => {
      const [, expr = "", label = ""] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
      expect(strangersIn(`count by (${label}) (${expr})`)).toEqual([]);
    },
  );
});

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
