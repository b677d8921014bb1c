import { describe, expect, it } from "vitest";
import { parseMetrics, sumBy } from "./scrape.ts";

describe("parseMetrics", () => {
  it.for([
    { name: "a sample without labels", text: "up 1\n", samples: [{ name: "up", labels: {}, value: 1 }] },
    {
      name: "labels, among them one with a comma, a brace and an equals sign",
      text: 'a_total{topic="t",code="x,}=\\"y\\""} 12\n',
      samples: [{ name: "a_total", labels: { topic: "t", code: 'x,}="y"' }, value: 12 }],
    },
    {
      name: "escapes in the order they stand",
      text: 'a{l="\\\\n \\n"} 0\n',
      samples: [{ name: "a", labels: { l: "\\n \n" }, value: 0 }],
    },
    {
      name: "infinities and exponents",
      text: 'h_bucket{le="+Inf"} +Inf\ng -Inf\ne 1.5e+3\n',
      samples: [
        { name: "h_bucket", labels: { le: "+Inf" }, value: Number.POSITIVE_INFINITY },
        { name: "g", labels: {}, value: Number.NEGATIVE_INFINITY },
        { name: "e", labels: {}, value: 1500 },
      ],
    },
    { name: "comments and empty lines", text: "# HELP up x\n# TYPE up gauge\n\n", samples: [] },
  ])("reads $name", ({ text, samples }) => {
    expect(parseMetrics(text)).toEqual(samples);
  });

  it("shows a line that is no sample", () => {
    expect(() => parseMetrics("<html>")).toThrow("no sample of Prometheus text: <html>");
  });
});

describe("sumBy", () => {
  it("sums the samples of one metric by a key of their labels", () => {
    const samples = parseMetrics('a{c="x",p="0"} 1\na{c="x",p="1"} 2\na{c="y",p="0"} 4\nb{c="x"} 8\n');
    expect([...sumBy(samples, "a", ({ c }) => `${c}`)]).toEqual([
      ["x", 3],
      ["y", 4],
    ]);
  });
});
