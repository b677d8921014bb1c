import { expect, it } from "vitest";
import { samplesOf } from "../../../src/commands/unknown/exposition.ts";

const page = [
  "# HELP m_total A metric",
  "# TYPE m_total counter",
  'm_total{a="x",b="} 7"} 3',
  'm_total{a="q\\"\\\\n\\n",b=""} 1e3 1700000000000',
  'm_total_other{a="x"} 9',
  'm_total{a="x"} NaN',
  "m_total{a=x} 4",
  "m_total 5",
  'm_total{a="last"} 0',
].join("\n");

it("reads the lines of one metric, with what is escaped in labels, and leaves out what is no line of it", () => {
  expect([...samplesOf(page, "m_total")]).toEqual([
    { labels: { a: "x", b: "} 7" }, value: 3 },
    { labels: { a: 'q"\\n\n', b: "" }, value: 1000 },
    { labels: { a: "last" }, value: 0 },
  ]);
});
