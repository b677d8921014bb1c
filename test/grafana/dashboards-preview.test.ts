import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { roundValues } from "../../grafana/source/preview/axes.ts";
import { drawHeatmap } from "../../grafana/source/preview/heatmap.ts";
import { drawLines } from "../../grafana/source/preview/lines.ts";
import { drawPreview } from "../../grafana/source/preview/preview.ts";
import { drawStat } from "../../grafana/source/preview/stat.ts";
import { drawTable } from "../../grafana/source/preview/table.ts";
import { drawTimeline } from "../../grafana/source/preview/timeline.ts";
import type { Answers, Series } from "../../grafana/source/shown/frames.ts";
import { panelFrames } from "../../grafana/source/shown/panel.ts";
import { panel } from "./boards.ts";

const range = { from: 1_800_000_000, to: 1_800_000_600 };

/** A series with a value each minute of the range; a gap where it is NaN. */
function series(labels: Record<string, string>, ...values: readonly number[]): Series {
  const samples = values.map((value, index): [number, number] => [range.from + 60 * index, value]);
  return { labels, samples: samples.filter(([, value]) => !Number.isNaN(value)) };
}

async function drawing(title: string, answers: Answers, height = 200) {
  const of = panel("dlr-overview", title, "en");
  return { panel: of, frames: await panelFrames(of, answers), range, step: 60, width: 600, height };
}

const textsIn = (svg: string) => [...svg.matchAll(/>([^<]+)<\/text>/g)].map(([, text]) => text ?? "");
const countOf = (svg: string, pattern: RegExp) => [...svg.matchAll(pattern)].length;

test.each([
  { highest: 1, whole: false, values: [0, 0.25, 0.5, 0.75, 1] },
  { highest: 0.083, whole: false, values: [0, 0.025, 0.05, 0.075, 0.1] },
  { highest: 2888, whole: false, values: [0, 1000, 2000, 3000] },
  { highest: 3, whole: true, values: [0, 1, 2, 3] },
])("an axis up to $highest has round values", ({ highest, whole, values }) => {
  expect(roundValues(highest, whole).map((value) => Number(value.toFixed(9)))).toEqual(values);
});

describe("drawings", () => {
  test("a table leaves out what it is too low for", async () => {
    const code = (code: string) => ({ provider: "aliyun", scope: "sms_receipt", code });
    const answers = [
      [series(code("006"), 2), series(code("XL:2"), 30), series(code("XL:3"), 1)],
      [series(code("006"), 2000), series(code("XL:2"), 30), series(code("XL:3"), 1)],
    ];
    expect(textsIn(drawTable(await drawing("Unknown codes", answers, 66)))).toEqual([
      ...["Provider", "Scope", "Code", "In range", "Ever"],
      ...["aliyun", "sms_receipt", "XL:2", "30", "30"],
      ...["aliyun", "sms_receipt", "006", "2", "2,000"],
    ]);
  });

  test("numbers stand below one another, each with its name", async () => {
    const drawn = drawStat(
      await drawing("Blacklist share", [[series({}, 3.5)], [series({}, 0.0817)], [], [series({}, 0.0229)]]),
    );
    expect(textsIn(drawn)).toEqual(["times expected", "3.5 ×", "5 min", "8.17%", "expected", "2.29%"]);
    const heights = [...drawn.matchAll(/ y="([\d.]+)"/g)].map(([, y]) => Number(y));
    expect(heights.toSorted((a, b) => a - b)).toEqual(heights);
  });

  test("a line has a gap where nothing came, and marks in Grafana's words", async () => {
    const labels = { provider: "aliyun", channel: "sms" };
    const answers = [[series(labels, 10, 20, Number.NaN, Number.NaN, 30, 35)]];
    const drawn = drawLines(await drawing("Blacklist", answers));
    expect(countOf(drawn, /<path d="[^"]+" stroke="#E0752D"/g)).toBe(2);
    expect(textsIn(drawn)).toEqual(expect.arrayContaining(["0 /min", "40 /min", "08:05", "aliyun sms"]));
  });

  test("stacked areas stand on one another", async () => {
    const answers = [[series({ category: "busy" }, 10, 10), series({ category: "blacklist" }, 30, 30)]];
    const drawn = drawLines(await drawing("Failures by category", answers));
    const [busy, blacklist] = [...drawn.matchAll(/<path d="([^"]+)"[^>]*fill-opacity/g)].map(([, d = ""]) =>
      [...d.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, , y]) => Number(y)),
    );
    expect(blacklist?.at(-1)).toBe(busy?.[0]);
    expect(Math.min(...(blacklist ?? []))).toBeLessThan(Math.min(...(busy ?? [])));
  });

  test("a state is a bar for as long as it lasts", async () => {
    const labels = { provider: "aliyun", channel: "sms" };
    const drawn = drawTimeline(await drawing("Spike rule", [[series(labels, 0, 0, 1, 1, 1, 0)]]));
    expect(countOf(drawn, /<rect[^>]+fill="#73BF69"/g) - 1).toBe(2);
    expect(countOf(drawn, /<rect[^>]+fill="#F2495C"/g) - 1).toBe(1);
    expect(textsIn(drawn)).toEqual(expect.arrayContaining(["as expected", "spike", "aliyun sms: blacklist"]));
  });

  test("a bucket holds what none below it has", async () => {
    const answers = [[series({ le: "+Inf" }, 7, 7), series({ le: "5" }, 4, 7), series({ le: "1" }, 0, 7)]];
    const drawn = drawHeatmap(await drawing("Delivery delay distribution", answers));
    // 4 and 3 in the first minute, 7 in the second
    expect(countOf(drawn, /<rect/g)).toBe(3);
    expect(textsIn(drawn).slice(0, 3)).toEqual(["1 s", "5 s", "more"]);
  });

  test("a Prometheus that refuses is an error, with its words", async () => {
    const server = createServer((_, response) => response.writeHead(422).end("too many samples"));
    server.listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const file = readFileSync("grafana/dashboards/dlr-overview.json", "utf8");
    await expect(drawPreview(file, `http://127.0.0.1:${port}`, { from: 0, to: 60 })).rejects.toThrow(
      "too many samples",
    );
    server.close();
  });
});
