import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ReplayCounts } from "../../../src/replay/counts.ts";
import { openMetricsText, writeOpenMetrics } from "../../../src/replay/sinks/openmetrics.ts";
import type { WrittenAs } from "../../../src/replay/sinks/samples.ts";
import { countsBy, countsOf, labelsOf } from "./history.ts";

const from = Date.parse("2026-10-01T00:00:00+08:00");
const minute = 60_000;
const labels = { job: "dlr-replay", instance: "replay-1" };
const counter = { as: "counter", ...labels } as const;
const never = new AbortController().signal;

const small = countsOf({ from, to: from + 3 * minute }, [
  { labels: labelsOf("MB:1042"), times: [from, from + 1, from + minute] },
  {
    labels: labelsOf("DELIVRD", { category: "delivered", outcome: "delivered", topic: "other" }),
    times: [from + 2 * minute],
  },
]);

function textOf(counts: ReplayCounts, as: WrittenAs = "counter"): string {
  const chunks = [...openMetricsText(counts, { as, ...labels }, { samples: 0, series: 0, bytes: 0 })];
  return Buffer.concat(chunks).toString();
}

describe("the text", () => {
  it("of counters", () => {
    const mb =
      'dlr_receipts_total{category="blacklist",channel="sms",code="MB:1042",instance="replay-1",job="dlr-replay",' +
      'outcome="failed",provider="aliyun",scope="sms_receipt",topic="dlr.receipts"}';
    const ok =
      'dlr_receipts_total{category="delivered",channel="sms",code="DELIVRD",instance="replay-1",job="dlr-replay",' +
      'outcome="delivered",provider="aliyun",scope="sms_receipt",topic="other"}';
    expect(textOf(small)).toBe(
      [
        "# HELP dlr_receipts Delivery receipts and API answers counted; each is in exactly one series.",
        "# TYPE dlr_receipts counter",
        `${mb} 0 1790784000`,
        `${mb} 2 1790784060`,
        `${mb} 3 1790784120`,
        `${mb} 3 1790784180`,
        `${ok} 0 1790784120`,
        `${ok} 1 1790784180`,
        "# EOF",
        "",
      ].join("\n"),
    );
  });

  it("of gauges", () => {
    const lines = textOf(small, "gauge").replaceAll(/\{.*?\}/g, "");
    expect(lines).toBe(
      [
        "# HELP dlr_receipts_1m Delivery receipts and API answers of the last 1m.",
        "# TYPE dlr_receipts_1m gauge",
        "dlr_receipts_1m 2 1790784060",
        "dlr_receipts_1m 1 1790784120",
        "dlr_receipts_1m 1 1790784180",
        "# EOF",
        "",
      ].join("\n"),
    );
  });

  it("of receipts by dimension follows, in a family of its own", () => {
    const by = countsBy(small, "signature", { Shop: [from, from + minute], _other: [from + 1] });
    const own = (value: string) =>
      `dlr_receipts_by_total{category="blacklist",channel="sms",dimension="signature",instance="replay-1",job="dlr-replay",` +
      `outcome="failed",provider="aliyun",topic="dlr.receipts",value="${value}"}`;
    expect(textOf(by)).toBe(
      [
        ...textOf(small).split("\n").slice(0, -2),
        "# HELP dlr_receipts_by The same receipts by a configured dimension: its values add up to dlr_receipts_total of each category and outcome.",
        "# TYPE dlr_receipts_by counter",
        `${own("Shop")} 0 1790784000`,
        `${own("Shop")} 1 1790784060`,
        `${own("Shop")} 2 1790784120`,
        `${own("Shop")} 2 1790784180`,
        `${own("_other")} 0 1790784000`,
        `${own("_other")} 1 1790784060`,
        `${own("_other")} 1 1790784120`,
        `${own("_other")} 1 1790784180`,
        "# EOF",
        "",
      ].join("\n"),
    );
    expect(textOf(by, "gauge").replaceAll(/\{.*?\}/g, "")).toContain(
      `# HELP dlr_receipts_by_1m The receipts of the last 1m by a configured dimension.
# TYPE dlr_receipts_by_1m gauge
dlr_receipts_by_1m 1 1790784060
dlr_receipts_by_1m 1 1790784120
dlr_receipts_by_1m 1 1790784060
# EOF
`,
    );
  });

  it("of nothing ends too", () => {
    expect(textOf(countsOf({ from, to: from + minute }, []))).toMatch(/^# HELP .*\n# TYPE .*\n# EOF\n$/);
  });

  it("has seconds with a fraction where the window has", () => {
    const start = from + 250;
    const counts = countsOf({ from: start, to: start + minute }, [
      { labels: labelsOf("MB:1042"), times: [start] },
    ]);
    expect(textOf(counts)).toContain("} 1 1790784060.25\n");
  });

  const escapes = [
    { name: "a quotation mark", code: 'A"B', shown: 'code="A\\"B"' },
    { name: "a backslash", code: "A\\B", shown: 'code="A\\\\B"' },
    { name: "a backslash before an n", code: "A\\n", shown: 'code="A\\\\n"' },
    { name: "a line feed", code: "A\nB", shown: 'code="A\\nB"' },
    { name: "Chinese", code: "空号", shown: 'code="空号"' },
  ];
  it.each(escapes)("escapes $name", ({ code, shown }) => {
    const counts = countsOf({ from, to: from + minute }, [{ labels: labelsOf(code), times: [from] }]);
    expect(textOf(counts)).toContain(shown);
  });
});

/** About 5 MB of text. */
const large = countsOf(
  { from, to: from + 6_000 * minute },
  Array.from({ length: 4 }, (_, index) => ({
    labels: labelsOf(`MB:${index}`),
    times: Array.from({ length: 6_000 }, (_, step) => from + step * minute),
  })),
);

describe("writing to a stream", () => {
  it("tells how much it wrote, and leaves the stream open", async () => {
    const stream = new PassThrough();
    const read = text(stream);
    const written = await writeOpenMetrics(small, { stream }, counter, never);
    stream.end();
    const all = await read;
    expect(all).toBe(textOf(small));
    expect(written).toEqual({ samples: 6, series: 2, bytes: Buffer.byteLength(all) });
  });

  it("makes no more than the stream takes", async () => {
    const taken: Buffer[] = [];
    let takeOn = (): void => {};
    const slow = new Writable({
      write(chunk: Buffer, _encoding, callback) {
        taken.push(chunk);
        takeOn = callback;
      },
    });
    const abort = new AbortController();
    const outcome = writeOpenMetrics(large, { stream: slow }, counter, abort.signal).catch(
      (error: unknown) => error,
    );
    await settled();
    expect(taken).toHaveLength(1);
    takeOn();
    await settled();
    expect(taken).toHaveLength(2);
    abort.abort();
    expect(await outcome).toMatchObject({ name: "AbortError" });
    expect(textOf(large).startsWith(Buffer.concat(taken).toString())).toBe(true);
  });

  it("fails with the stream", async () => {
    const broken = new Writable({ write: (_chunk, _encoding, callback) => callback(new Error("EPIPE")) });
    broken.on("error", () => {});
    const writing = writeOpenMetrics(large, { stream: broken }, counter, never);
    await expect(writing).rejects.toThrow("EPIPE");
  });
});

/** When everything that can happen without the stream has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe("writing to a file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dlr-openmetrics-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it("gives the same bytes each time", async () => {
    const files = ["one.om", "two.om"].map((name) => join(folder, name));
    for (const file of files) await writeOpenMetrics(large, { file }, counter, never);
    const [one, two] = await Promise.all(files.map((file) => readFile(file, "utf8")));
    expect(one).toBe(textOf(large));
    expect(two).toBe(one);
  });
});
