import { describe, expect, test } from "vitest";
import { groupingLabelsIn, selectorsIn } from "./promql.ts";

describe("selectorsIn", () => {
  const rows = [
    { name: "a bare metric", expr: "up", metrics: ["up"] },
    { name: "a function is no metric", expr: "sum(rate(a_total[5m]))", metrics: ["a_total"] },
    { name: "grouping before and after", expr: "sum by (x) (a) / max without (y) (b)", metrics: ["a", "b"] },
    { name: "a recorded series", expr: "job:a:rate5m offset 1h > 0", metrics: ["job:a:rate5m"] },
    {
      name: "set operators and joins",
      expr: "a and b unless c or d * on (x) group_left (y) e",
      metrics: [..."abcde"],
    },
    {
      name: "a string is no metric",
      expr: 'a{x="b"} or label_replace(c, "d", "e", "f", "g")',
      metrics: ["a", "c"],
    },
    { name: "a Grafana variable is no metric", expr: 'rate(a{x=~"$x"}[$__rate_interval])', metrics: ["a"] },
    { name: "nor is one that is a number", expr: "1000 * a > $__from", metrics: ["a"] },
  ];
  test.each(rows)("$name", ({ expr, metrics }) => {
    expect(selectorsIn(expr).map(({ metric }) => metric)).toEqual(metrics);
  });

  test("matchers are taken apart, but for variables", () => {
    const [selector] = selectorsIn('a{x=~"b|c", y!="d", z=~"$z"}');
    expect(selector?.matchers).toEqual(
      new Map([
        ["x", ["b", "c"]],
        ["y", ["d"]],
        ["z", []],
      ]),
    );
  });
});

test("groupingLabelsIn finds aggregations and joins", () => {
  expect(groupingLabelsIn("sum by (a, b) (x) * on (c) group_left () max without (d) (y)")).toEqual([
    ..."abcd",
  ]);
});
