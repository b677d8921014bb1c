import { Counter, Registry } from "prom-client";
import { beforeEach, expect, it, vi } from "vitest";
import { Counts, type CountsOptions } from "../../src/ledger/counts.ts";
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
        ledger.next++;
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
      const all: Readonly<Record<string, string | number>> = { topic, partition, ...shown };
      const own = counters.find(({ family }) => family === shown.kind);
      own?.counter.inc(Object.fromEntries(own.labels.map((label) => [label, all[label] ?? ""])), value);
    }
  }
  return registry.metrics();
}

it("writes to the letter what prom-client would write", async () => {
  const text = new CounterText();
  for (let scrape = 0; scrape < 4; scrape++) {
    const page = write(text);
    expect(`${page}\n`).toBe(await writtenByPromClient());
    countAll();
  }
  const live = write(text).match(/^dlr_receipts_total\{.* [1-9]\d*$/gm)?.length;
  expect(live).toBe(ledgers.length * codes.length * 2);
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
