import { Counter, Registry } from "prom-client";
import { beforeEach, expect, it, vi } from "vitest";
import type { CountsOptions } from "../../src/ledger/counts-options.ts";
import { Counts } from "../../src/ledger/counts.ts";
import { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import { CounterText, counterFamilies } from "../../src/metrics/counter-text.ts";
import { definitions } from "../../src/metrics/definitions.ts";
import { packagedMap, receipt } from "../ledger/support.ts";

const map = packagedMap();
const codes = ["12", 'a"b', "c\\d", "\u{1f4f5}", "XL:1"];
let ledgers: PartitionLedger[];

function open(topic: string, partition: number, rest: Partial<CountsOptions> = {}): PartitionLedger {
  const options = { map, provider: undefined, unknownCodes: 50, scopes: ["sms_receipt"], ...rest };
  const nothing = { offset: -1, metadata: null };
  return new PartitionLedger(topic, partition, new Counts(options), nothing, 0, 0);
}

beforeEach(() => {
  ledgers = [
    open("a", 0),
    open("a", 1),
    open('b"\n', 0, { channel: "voice", provider: "acme" }),
    open("c", 0, { channel: "sms" }),
  ];
});

function write(text: CounterText): string {
  const shown = ledgers.map((ledger) => ({ ledger, ...ledger.expose() }));
  for (const { seen } of shown) seen();
  return text.write(shown);
}

/** Counts each code in each partition, more often in the later ones, and commits. */
function countAll(): void {
  for (const [place, ledger] of ledgers.entries()) {
    for (const code of codes) {
      for (let n = 0; n <= place; n++) {
        const receipts = [receipt(code, "delivered"), receipt(code, "failed", { scope: "elsewhere" })];
        ledger.counts.fold(receipts, "bad_element");
        ledger.counts.fold([], "key_press");
        ledger.next += 2;
        ledger.skipTo(ledger.next + 2);
      }
    }
    ledger.confirm(ledger.checkpoint(4096, 0));
  }
}

/** What prom-client writes of the values that the ledgers show. */
async function writtenByPromClient(): Promise<string> {
  const registry = new Registry();
  const counters = counterFamilies.map((family) => {
    const { name, help, labels } = definitions[family];
    return {
      family,
      labels,
      counter: new Counter({ name, help, labelNames: labels, registers: [registry] }),
    };
  });
  for (const ledger of ledgers) {
    const { topic, partition } = ledger;
    for (const { counter: shown, value } of ledger.expose().counters) {
      const own = shown.kind === "ignored" ? { kind: shown.what } : shown;
      const all: Readonly<Record<string, string | number>> = { topic, partition, ...own };
      const kept = counters.find(({ family }) => family === shown.kind);
      kept?.counter.inc(Object.fromEntries(kept.labels.map((label) => [label, all[label] ?? ""])), value);
    }
  }
  return registry.metrics();
}

it("writes to the letter what prom-client would write", async () => {
  const text = new CounterText();
  for (let scrape = 0; scrape < 4; scrape++) {
    const page = write(text);
    const [counters = ""] = page.split("\n\n# HELP dlr_receipt_delay_seconds");
    expect(`${counters}\n`).toBe(await writtenByPromClient());
    countAll();
  }
  expect(write(text)).toMatch(/^dlr_ignored_records_total\{topic="a",partition="0",kind="key_press"\} 20$/m);
  const live = write(text).match(/^dlr_receipts_total\{.* [1-9]\d*$/gm)?.length;
  expect(live).toBe(ledgers.length * codes.length * 2);
});

it("writes delays as a histogram, whose buckets hold all that took no longer", () => {
  ledgers = [open("a", 0), open("a", 1)];
  const text = new CounterText();
  write(text);
  const after = (seconds: number) => ({ sentAt: 0, receivedAt: seconds * 1000 });
  for (const seconds of [1, 7, 8, 100_000])
    ledgers[1]?.counts.fold([receipt("12", "failed", after(seconds))], undefined);
  ledgers[1]?.confirm(ledgers[1].checkpoint(4096, 0));
  const own = write(text)
    .split("\n")
    .filter((line) => /^dlr_receipt_delay_seconds.*partition="1".*outcome="failed"/.test(line))
    .map((line) => line.replace(/\{.*?(?:le="(.*)")?\}/, " $1").replace("dlr_receipt_delay_seconds_", ""));
  expect(own).toEqual([
    ...["bucket 5 1", "bucket 15 3", "bucket 30 3", "bucket 60 3", "bucket 300 3", "bucket 900 3"],
    ...["bucket 3600 3", "bucket 21600 3", "bucket 86400 3", "bucket +Inf 4", "sum  100016", "count  4"],
  ]);
});

it("shows a ledger that has left no more, and one that came back as it is now", () => {
  const text = new CounterText();
  const all = write(text);
  const [first, ...others] = ledgers;
  ledgers = others;
  expect(write(text)).not.toContain('topic="a",partition="0"');
  ledgers = first === undefined ? [] : [first, ...others];
  expect(write(text)).toBe(all);
});

/** How often a scrape looks for characters to escape, which it does for each label that it writes out. */
function labelsWritten(text: CounterText, count: number): number {
  ledgers = ledgers.slice(0, count);
  while (ledgers.length < count) ledgers.push(open("many", ledgers.length));
  const replace = vi.spyOn(String.prototype, "replace");
  try {
    write(text);
    return replace.mock.calls.length;
  } finally {
    replace.mockRestore();
  }
}

it("writes the labels of a counter out once: for all partitions, and not again at the next scrape", () => {
  ledgers = [];
  const few = new CounterText();
  const first = labelsWritten(few, 2);
  const again = labelsWritten(few, 2);
  // all that is left is the topic of each partition
  expect(again).toBe(2);
  const listed = map.table("aliyun", "sms_receipt")?.entries.length ?? 0;
  expect(first - again).toBeGreaterThanOrEqual(listed * 6);
  expect(labelsWritten(new CounterText(), 50)).toBe(first + 48);
});
