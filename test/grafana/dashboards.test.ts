import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { categoryColours } from "../../grafana/source/colours.ts";
import { dashboardFiles } from "../../grafana/source/dashboards.ts";
import { definitions } from "../../src/metrics/definitions.ts";
import { packagedMap } from "../ledger/support.ts";
import { type Dashboard, type Panel, readDashboard, readJson } from "./files.ts";
import { selectorsIn } from "./promql.ts";
import { readVocabulary } from "./vocabulary.ts";

const uids = ["dlr-overview", "dlr-exporter"];
const english = uids.map((uid) => readDashboard(uid));
const all = [...english, ...uids.map((uid) => readDashboard(`${uid}-zh`))];
const strangersIn = await readVocabulary();
/** Where a dashboard's file has words for people. */
const readKeys = ["title", "description", "label", "noValue", "text", "titleFormat"];

const queriesOf = (dashboard: Dashboard) => [
  ...dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ refId, expr }) => ({ name: `${title} ${refId}`, expr })),
  ),
  ...dashboard.annotations.list.map(({ name, expr }) => ({ name, expr })),
];

test("the files are what their source gives (npm run dashboards writes them)", async () => {
  for (const { path, text } of await dashboardFiles()) {
    expect(readFileSync(path, "utf8") === text, path).toBe(true);
  }
});

describe.each(all)("dashboard $uid", (dashboard) => {
  test("panel ids are unique", () => {
    const ids = [...dashboard.rows, ...dashboard.panels].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("no panel lies on another or outside the 24 columns", () => {
    const all = [...dashboard.rows, ...dashboard.panels];
    const clashes = all.flatMap((panel, index) => [
      ...(panel.gridPos.x + panel.gridPos.w > 24 ? [`${panel.title} is too wide`] : []),
      ...all
        .slice(index + 1)
        .filter((other) => overlap(panel, other))
        .map((other) => `${panel.title} and ${other.title}`),
    ]);
    expect(clashes).toEqual([]);
  });

  test("the data source can be chosen, so that the dashboard can be imported anywhere", () => {
    expect(dashboard.templating.list[0]).toMatchObject({ name: "datasource", type: "datasource" });
  });

  test("links lead to dashboards and panels that there are, and keep time and variables", () => {
    for (const { url, keepTime, includeVars } of dashboard.links) {
      expect(all.map(({ uid }) => `/d/${uid}`)).toContain(url);
      expect([keepTime, includeVars]).toEqual([true, true]);
    }
    const links = dashboard.panels.flatMap(({ fieldConfig }) => fieldConfig?.defaults.links ?? []);
    expect(links.length).toBeGreaterThan(5);
    for (const { url } of links) {
      const [, uid, , panel] =
        /^\/d\/([\w-]+)\?(viewPanel=(\d+)&)?\$__url_time_range&\$__all_variables$/.exec(url) ?? [];
      const target = all.find((other) => other.uid === uid);
      expect(target, url).toBeDefined();
      if (panel !== undefined) expect(dashboard.panels.map(({ id }) => `${id}`)).toContain(panel);
    }
  });
});

describe.each(english)("dashboard $uid", (dashboard) => {
  const declared = new Set(dashboard.templating.list.map(({ name }) => name));

  test.each(dashboard.panels)("panel $title says what to do, in a unit, with thresholds", (panel) => {
    expect(panel.description).toMatch(/\.$/);
    expect(panel.description.length).toBeGreaterThan(60);
    // a table's columns have units of their own: those of numbers
    expect(panel.fieldConfig?.defaults.unit === undefined).toBe(panel.type === "table");
    expect(panel.targets.length).toBeGreaterThan(0);
  });

  test.each(dashboard.panels)("panel $title asks for one moment or for lines, as it is drawn", (panel) => {
    const moment = panel.type === "stat" || panel.type === "table";
    expect(panel.targets.map(({ instant, range }) => [instant, range])).toEqual(
      panel.targets.map(() => [moment, !moment]),
    );
    if (panel.type === "stat") expect(panel.fieldConfig?.defaults.noValue).toBeDefined();
    if (panel.type === "table") expect(panel.targets.every(({ format }) => format === "table")).toBe(true);
  });

  test.each(queriesOf(dashboard))("query $name names only what there is", ({ expr }) => {
    expect(strangersIn(expr)).toEqual([]);
  });

  test.each(queriesOf(dashboard))("query $name uses declared variables only", ({ expr }) => {
    const given = ["__rate_interval", "__range", "__from"];
    const used = [...expr.matchAll(/\$(\w+)/g)].map(([, name]) => name ?? "");
    expect(used.filter((name) => !declared.has(name) && !given.includes(name))).toEqual([]);
  });

  test.each(queriesOf(dashboard))("query $name shows no raw counter", ({ expr }) => {
    // Its rate, its rise, or its value whichever instance owns the partition.
    for (const { index } of expr.matchAll(/(?<![a-z_:])[a-z_:]*dlr_\w+_total\b/g)) {
      const before = expr.slice(0, index);
      expect(before).toMatch(/(?:rate|increase|max by \([^)]*\) |(?:max|min)_over_time)\($/);
    }
  });

  test.each(dashboard.templating.list.filter(({ type }) => type === "query"))(
    "variable $name lists values of a label, and is used unless it is hidden",
    ({ name, query, hide }) => {
      const [, expr = "", label = ""] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
      expect(strangersIn(`count by (${label}) (${expr})`)).toEqual([]);
      const used = queriesOf(dashboard).some((one) => one.expr.includes(`$${name}`));
      expect(used).toBe(hide === 0);
    },
  );

  test("the Chinese one has the same panels and queries, in Chinese", () => {
    const chinese = readDashboard(`${dashboard.uid}-zh`);
    const shape = ({ rows, panels, templating, annotations }: Dashboard) => ({
      panels: [...rows, ...panels].map(({ id, type, gridPos, targets }) => ({
        ...{ id, type, gridPos },
        targets: targets.map(({ legendFormat: _, ...target }) => target),
      })),
      variables: templating.list.map(({ label: _, ...variable }) => variable),
      annotations: annotations.list.map(({ expr }) => expr),
    });
    expect(shape(chinese)).toEqual(shape(dashboard));
    // A word without a Chinese character is a name, a number or a fault.
    const names = ["CPU", "Topic", "Node.js", "English"];
    const foreign = wordsOf(readJson(chinese.uid)).filter(
      (word) => !/\p{Script=Han}/u.test(word) && !names.includes(word),
    );
    expect(foreign).toEqual([]);
    expect(wordsOf(readJson(dashboard.uid)).filter((word) => /\p{Script=Han}/u.test(word))).toEqual(["中文"]);
  });
});

test("a job is chosen among those that have counts, a replay among them, and never all", () => {
  for (const { templating } of english) {
    const job = templating.list.find(({ name }) => name === "job");
    expect(job).toMatchObject({ query: "label_values(dlr_receipts_total, job)" });
    expect(job).not.toHaveProperty("allValue");
  }
});

test("every metric of the exporter is drawn", () => {
  const drawn = new Set(
    english.flatMap(queriesOf).flatMap(({ expr }) => selectorsIn(expr).map(({ metric }) => metric)),
  );
  const names = Object.values(definitions).map(({ name, type }) =>
    type === "histogram" ? `${name}_bucket` : name,
  );
  expect(names.filter((name) => !drawn.has(name))).toEqual([]);
});

test("every category of the code map has a colour of its own", () => {
  expect(Object.keys(categoryColours)).toEqual([...packagedMap().categories.keys()]);
  expect(new Set(Object.values(categoryColours)).size).toBe(Object.keys(categoryColours).length);
});

/** Everything in a dashboard's file that people read. */
function wordsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(wordsOf);
  if (typeof value !== "object" || value === null) return [];
  const words = Object.entries(value).flatMap(([key, inside]) => {
    if (key === "renameByName") return Object.values(inside);
    if (key === "legendFormat") return inside.replace(/\{\{\w+\}\}|p\d+/g, "").trim();
    if (key === "unit") return /^suffix: *(.+)$/.exec(inside)?.[1] ?? [];
    const isRead = readKeys.includes(key) || (key === "value" && "id" in value && value.id === "displayName");
    return isRead && typeof inside === "string" ? inside : wordsOf(inside);
  });
  return words.filter((word) => word !== "");
}

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
