import { describe, expect, test } from "vitest";
import { batchesOf } from "../../../src/replay/sinks/batches.ts";
import { encodeWriteRequest } from "../../../src/replay/sinks/protobuf.ts";
import { samplesOf, type WrittenAs } from "../../../src/replay/sinks/samples.ts";
import { createRandom } from "../../lab/random.ts";
import { countsBy, countsOf, labelsOf, scatter } from "./history.ts";
import { decodeWriteRequest } from "./write-request.ts";

const hour = 3_600_000;
const from = Date.UTC(2026, 9, 1);
const names = { job: "dlr-replay", instance: "r1" };

/** The samples of each batch, each with the code of its series. */
function codedBatches(counts: ReturnType<typeof countsOf>, as: WrittenAs, now: number) {
  const written = { clamped: 0 };
  const batches = [...batchesOf(counts, { ...names, as, now }, written)].map(({ series, samples }) => {
    const decoded = decodeWriteRequest(encodeWriteRequest(series)).flatMap(({ labels, samples }) =>
      samples.map((sample) => ({ code: new Map(labels).get("code"), ...sample })),
    );
    expect(decoded).toHaveLength(samples);
    return decoded;
  });
  return { batches, clamped: written.clamped };
}

describe.each<{ as: WrittenAs }>([{ as: "counter" }, { as: "gauge" }])("as $as", ({ as }) => {
  const random = createRandom(5);
  const to = from + 30 * hour;
  const receipts = Array.from({ length: 70 }, (_, number) => ({
    labels: labelsOf(`C${number}`),
    times: scatter(random, 20 * number, from + number * 60_000, to),
  }));
  const counts = countsOf({ from, to }, receipts);
  const { batches, clamped } = codedBatches(counts, as, to);

  test("every sample is in exactly one batch, in its series' order", () => {
    const byCode = Map.groupBy(batches.flat(), ({ code }) => code);
    for (const series of counts.series) {
      const sent = (byCode.get(series.labels.code) ?? []).map(({ at, value }) => ({ at, value }));
      expect(sent).toEqual([...samplesOf(series, counts.window, as)]);
    }
    expect(clamped).toBe(0);
  });

  test("a batch is at most 2000 samples, and as full as its hour allows", () => {
    const byHour = Map.groupBy(batches, ([first]) => Math.floor((first?.at ?? 0) / hour));
    for (const ofHour of byHour.values()) {
      const sizes = ofHour.map(({ length }) => length);
      const last = sizes.pop();
      expect(last).toBeGreaterThan(0);
      expect(last).toBeLessThanOrEqual(2000);
      expect(sizes).toEqual(sizes.map(() => 2000));
    }
    if (as === "counter") expect(batches.length).toBeGreaterThan(byHour.size);
  });

  test("no batch reaches back behind the hour that an earlier one reached", () => {
    let newest = 0;
    for (const batch of batches) {
      const hours = batch.map(({ at }) => Math.floor(at / hour));
      expect(Math.min(...hours)).toBeGreaterThanOrEqual(newest);
      newest = Math.max(...hours);
    }
  });
});

test("a series has the labels of the live one, and its own job and instance", () => {
  const counts = countsOf({ from, to: from + hour }, [{ labels: labelsOf("A"), times: [from] }]);
  const [batch] = batchesOf(counts, { ...names, as: "counter", now: from + hour }, { clamped: 0 });
  expect(decodeWriteRequest(encodeWriteRequest(batch?.series ?? []))[0]?.labels).toEqual([
    ["__name__", "dlr_receipts_total"],
    ["category", "blacklist"],
    ["channel", "sms"],
    ["code", "A"],
    ["instance", "r1"],
    ["job", "dlr-replay"],
    ["outcome", "failed"],
    ["provider", "aliyun"],
    ["scope", "sms_receipt"],
    ["topic", "dlr.receipts"],
  ]);
});

describe("the future", () => {
  const minute = 60_000;
  const counts = countsOf({ from, to: from + 4 * minute }, [
    { labels: labelsOf("A"), times: [from, from + minute, from + minute, from + 3 * minute] },
  ]);
  const rows: { name: string; as: WrittenAs; now: number; clamped: number; values: [number, number][] }[] = [
    {
      name: "a counter's last value stands at now",
      as: "counter",
      now: from + 90_000,
      clamped: 3,
      values: [
        [0, 0],
        [60_000, 1],
        [90_000, 4],
      ],
    },
    {
      name: "a sample of this very moment is one of them",
      as: "counter",
      now: from + 2 * minute,
      clamped: 2,
      values: [
        [0, 0],
        [60_000, 1],
        [120_000, 4],
      ],
    },
    {
      name: "a gauge's sum stands at now, so that no receipt is lost",
      as: "gauge",
      now: from + 90_000,
      clamped: 2,
      values: [
        [60_000, 1],
        [90_000, 3],
      ],
    },
  ];
  test.each(rows)("$name", ({ as, now, clamped, values }) => {
    const result = codedBatches(counts, as, now);
    expect(result.batches.flat().map(({ at, value }) => [at - from, value])).toEqual(values);
    expect(result.clamped).toBe(clamped);
  });
});

test("a replay without receipts has no batch", () => {
  expect([
    ...batchesOf(
      countsOf({ from, to: from + hour }, []),
      { ...names, as: "counter", now: from },
      { clamped: 0 },
    ),
  ]).toEqual([]);
});

test("receipts by dimension are sent along, under their own name", () => {
  const counts = countsOf({ from, to: from + hour }, [{ labels: labelsOf("A"), times: [from, from + 1] }]);
  const by = countsBy(counts, "signature", { Shop: [from], Bank: [from + 1] });
  const [batch, ...more] = batchesOf(by, { ...names, as: "gauge", now: from + hour }, { clamped: 0 });
  const sent = decodeWriteRequest(encodeWriteRequest(batch?.series ?? []));
  expect(more).toEqual([]);
  expect(
    sent.map(({ labels, samples }) => {
      const own = new Map(labels);
      return [
        own.get("__name__"),
        own.get("dimension"),
        own.get("value"),
        ...samples.map(({ value }) => value),
      ];
    }),
  ).toEqual([
    ["dlr_receipts_1m", undefined, undefined, 2],
    ["dlr_receipts_by_1m", "signature", "Shop", 1],
    ["dlr_receipts_by_1m", "signature", "Bank", 1],
  ]);
});
