import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { fieldOf, linesOf, shownAs } from "../../grafana/source/preview/fields.ts";
import { formatNumber } from "../../grafana/source/preview/format.ts";
import { type Chart, parseDashboard } from "../../grafana/source/preview/model.ts";
import { drawPreview } from "../../grafana/source/preview/preview.ts";
import { drawStat } from "../../grafana/source/preview/stat.ts";
import { drawTable } from "../../grafana/source/preview/table.ts";

const file = readFileSync("grafana/dashboards/dlr-overview.json", "utf8");
const { panels } = parseDashboard(file);

function chart(title: string): Chart {
  const found = panels.find((panel): panel is Chart => panel.type !== "row" && panel.title === title);
  if (found === undefined) throw new Error(`no panel is titled ${title}`);
  return found;
}

const sample = (labels: Record<string, string>, ...values: number[]) => ({
  labels,
  samples: values.map((value, index) => [60 * index, value] as const),
});

describe("numbers", () => {
  test.each([
    { value: 0.9213, unit: "percentunit", decimals: 1, text: "92.1%" },
    { value: 2887.6, unit: "suffix: /min", decimals: 0, text: "2,888 /min" },
    { value: 1234567, unit: "short", decimals: 0, text: "1.2 Mil" },
    { value: 41, unit: "short", decimals: 0, text: "41" },
    { value: 0.03, unit: "s", decimals: undefined, text: "30 ms" },
    { value: 90, unit: "s", decimals: 0, text: "1.5 min" },
    { value: 3584, unit: "bytes", decimals: undefined, text: "3.5 KiB" },
    { value: 0, unit: "dateTimeAsIso", decimals: undefined, text: "1970-01-01 00:00:00" },
    { value: Number.NaN, unit: "short", decimals: 0, text: "NaN" },
  ])("$value in $unit is $text", ({ value, unit, decimals, text }) => {
    expect(formatNumber(value, unit, decimals)).toBe(text);
  });
});

describe("overrides", () => {
  test("a category has its name and colour", () => {
    const { fieldConfig } = chart("Failures by category");
    expect(fieldOf(fieldConfig, "empty_number", "A", [])).toMatchObject({
      name: "Empty number",
      color: "#FF9830",
      hidden: false,
    });
  });

  test("a series that is 0 all the while is hidden, one that was not is shown", () => {
    const panel = chart("Failures by category");
    const answer = [sample({ category: "busy" }, 0, 0), sample({ category: "blacklist" }, 0, 3)];
    expect(linesOf(panel, [answer]).map(({ field }) => field.name)).toEqual(["Blacklist"]);
  });

  test("what is expected is dashed", () => {
    const panel = chart("Blacklist share and what is expected");
    const labels = { provider: "aliyun", channel: "sms" };
    const lines = linesOf(panel, [[sample(labels, 0.1)], [sample(labels, 0.02)]]);
    expect(lines.map(({ field }) => [field.name, field.dashed])).toEqual([
      ["aliyun sms", false],
      ["aliyun sms expected", true],
    ]);
  });

  test("a value has the colour of the last threshold that it reaches, or of its words", () => {
    const stat = fieldOf(chart("Delivered share, 15 m").fieldConfig, "", "A", []);
    expect([0.8, 0.85, 0.99].map((value) => shownAs(value, stat, String).color)).toEqual([
      "#F2495C",
      "#FF9830",
      "#73BF69",
    ]);
    const state = fieldOf(chart("Spike rule").fieldConfig, "", "A", []);
    expect(shownAs(1, state, String)).toEqual({ text: "spike", color: "#F2495C" });
  });
});

describe("drawings", () => {
  test("a number without data says why", () => {
    expect(drawStat({ panel: chart("Records waiting"), answers: [[]], width: 200, height: 100 })).toContain(
      "Not known",
    );
  });

  test("a table joins its queries by label, sorts them, and leaves out what it is too low for", () => {
    const code = (code: string) => ({ provider: "aliyun", scope: "sms_receipt", code });
    const answers = [
      [sample(code("XL:1"), 2), sample(code("XL:2"), 30), sample(code("XL:3"), 1)],
      [sample(code("XL:1"), 2000), sample(code("XL:2"), 30), sample(code("XL:3"), 1)],
    ];
    const drawn = drawTable({ panel: chart("Unknown codes"), answers, width: 600, height: 66 });
    const texts = [...drawn.matchAll(/>([^<]+)<\/text>/g)];
    expect(texts.map(([, text]) => text)).toEqual([
      ...["Provider", "Scope", "Code", "In range", "Ever"],
      ...["aliyun", "sms_receipt", "XL:2", "30", "30"],
      ...["aliyun", "sms_receipt", "XL:1", "2", "2.0 K"],
    ]);
  });

  test("a Prometheus that refuses is an error, with its words", async () => {
    const server = createServer((_, response) => response.writeHead(422).end("too many samples"));
    server.listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    await expect(drawPreview(file, `http://127.0.0.1:${port}`, { from: 0, to: 60 })).rejects.toThrow(
      "too many samples",
    );
    server.close();
  });
});
