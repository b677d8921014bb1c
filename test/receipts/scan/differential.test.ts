import { expect, it } from "vitest";
import { createDecoder } from "../../../src/receipts/decode.ts";
import { DimensionValues } from "../../../src/receipts/dimensions/dimension-values.ts";
import type { Receipt } from "../../../src/receipts/receipt.ts";
import { scannerOf } from "../../../src/receipts/scan/scanner-of.ts";
import { createRandom } from "../../lab/random.ts";
import { Mutated, tokensOf } from "./mutate.ts";
import { topics } from "./topics.ts";

/** A seed to see again: `SCAN_SEED=N`. Each record follows from its own, the next record's is the next. */
const replayed = process.env.SCAN_SEED;
/** How many records are tried of each topic: about two minutes in all; `SCAN_RECORDS=5000000` takes an hour. */
const perTopic = Number(process.env.SCAN_RECORDS ?? 200_000);
/** So many seeds in a row are of one topic, since the scanner's memory has no room for what it knows of all. */
const inRow = 64;
const firstSeed = Number(replayed ?? Math.floor(Math.random() * 2 ** 31));
const count = replayed === undefined ? perTopic * topics.length : 1;

/** Digits that may be two times are settled by the record's own. */
const timestamp = Date.parse("2026-01-01T00:00:10+08:00");

const tried = topics.map(({ name, shape, records }) => ({
  name,
  // A byte order mark keeps the scanner out.
  parse: createDecoder(shape),
  scan: scannerOf(
    shape,
    shape.dimensions.length === 0 ? undefined : new DimensionValues(shape.dimensions, ""),
  ),
  records: records.map((record) => ({ record, tokens: tokensOf(record) })),
  taken: 0,
}));

const mutated = new Mutated();
const scanned: Receipt[] = [];
const parsed: Receipt[] = [];

function isSame(a: Receipt, b: Receipt | undefined): boolean {
  return (
    b !== undefined &&
    a.scope === b.scope &&
    a.flag === b.flag &&
    a.code === b.code &&
    Object.is(a.sentAt, b.sentAt) &&
    Object.is(a.receivedAt, b.receivedAt) &&
    a.provider === b.provider &&
    a.segments === b.segments &&
    a.values?.join("\0") === b.values?.join("\0") &&
    a.key?.high === b.key?.high &&
    a.key?.low === b.key?.low
  );
}

/** What is wrong with the record of a seed; undefined when nothing is. */
function wrongWith(seed: number): string | undefined {
  const topic = tried[Math.floor(seed / inRow) % tried.length];
  const random = createRandom(seed);
  const chosen = topic?.records[random.below(1 + random.below(topic.records.length))];
  if (topic?.scan === undefined || chosen === undefined) return "nothing is tried";
  mutated.write(random, chosen.record, chosen.tokens);
  const { memory, start, end } = mutated;
  scanned.length = 0;
  const isTaken = topic.scan.scan(memory, start, end, timestamp, scanned);
  // What it leaves is parsed.
  if (!isTaken) return scanned.length === 0 ? undefined : "it left a record and its receipts";
  topic.taken++;
  parsed.length = 0;
  const reason = topic.parse({ bytes: memory, start: 0, end, method: undefined, timestamp }, parsed);
  const isRead = reason === undefined && scanned.length === parsed.length;
  if (isRead && scanned.every((receipt, i) => isSame(receipt, parsed[i]))) return undefined;
  const record = JSON.stringify(memory.toString("utf8", start, end));
  return `${topic.name}: ${record} is ${JSON.stringify(scanned)}, and not ${reason} ${JSON.stringify(parsed)}`;
}

it(
  `the scanner and JSON.parse read the same in ${count} records that follow from the seed ${firstSeed}`,
  () => {
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
      const wrong = wrongWith(seed);
      if (wrong !== undefined) expect.unreachable(`SCAN_SEED=${seed}: ${wrong}`);
    }
    if (count === 1) return;
    // Nothing is tried where nothing is taken.
    const unread = ["top-response, under auto", "top-response", "infobip, under auto", "infobip"];
    const seldom = tried.filter(({ name, taken }) => taken < perTopic / 100 && !unread.includes(name));
    expect(seldom.map(({ name, taken }) => `${name}: ${taken}`)).toEqual([]);
  },
  60_000 + count,
);
