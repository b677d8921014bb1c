import { parseCodeMap } from "../../src/codes/parse.ts";
import { Counts } from "../../src/ledger/counts.ts";
import { Delays } from "../../src/ledger/delays.ts";
import { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import { Exposition } from "../../src/metrics/exposition.ts";
import { median } from "./figures.ts";
import { scrapeWithoutPause } from "./heartbeats.ts";
import type { Section } from "./results.ts";
import { codeMapOf, usual } from "./workload.ts";

const partitions = 256;
const liveCells = 100;
const listedCodes = 200;
const repetitions = 21;
/** The broker's usual `offset.metadata.max.bytes`. */
const limit = 4096;

/**
 * What a scrape and a commit cost in the event loop when one instance holds very many partitions. Everything has
 * changed since the last of each.
 *
 * @returns the heading and the table of a section
 */
export async function scrapeCost(brokers: readonly string[], say: (line: string) => void): Promise<Section> {
  const { ledgers, exposition } = busyExposition();
  const first = await timed(() => pageOf(exposition));
  const scrapes: number[] = [];
  const encodings: number[] = [];
  let page = first.result;
  let largest = 0;
  for (let i = 0; i < repetitions; i++) {
    for (const ledger of ledgers) countMore(ledger);
    const { ms: encoding, result: checkpoints } = await timed(() =>
      ledgers.map((ledger) => ({
        topic: ledger.topic,
        partition: ledger.partition,
        ledger,
        checkpoint: ledger.checkpoint(limit, 0),
      })),
    );
    encodings.push(encoding);
    for (const { ledger, checkpoint } of checkpoints) {
      largest = Math.max(largest, checkpoint.metadata.length);
      ledger.confirm(checkpoint);
    }
    const { ms, result } = await timed(() => pageOf(exposition));
    scrapes.push(ms);
    page = result;
  }
  say("scraping without a pause");
  const endurance = await scrapeWithoutPause(brokers, {
    ...{ ...usual, messages: 4_000 * partitions, partitions },
    ...{ codes: listedCodes, distinct: liveCells },
  });
  const samples = page.toString().match(/^[^#\n]/gm)?.length;
  const row = (what: string, values: readonly number[]) =>
    `| ${what} | ${median(values).toFixed(0)} | ${Math.max(...values).toFixed(0)} |`;
  const oneSnapshot = (median(encodings) / partitions).toFixed(3);
  return {
    heading: `A scrape and a commit: ${partitions} partitions, ${liveCells} live cells each, ${listedCodes} listed codes`,
    body: [
      `A page of ${samples} samples, ${(page.length / 1e6).toFixed(1)} MB. The largest snapshot has ${largest} characters; ` +
        `one takes ${oneSnapshot} ms.`,
      "",
      "| CPU ms of the event loop's thread | median | longest |",
      "|---|--:|--:|",
      row("the first scrape", [first.ms]),
      row("each later scrape", scrapes),
      row(`the ${partitions} snapshots of a commit`, encodings),
      "",
      endurance,
    ].join("\n"),
  };
}

function busyExposition(): { ledgers: readonly PartitionLedger[]; exposition: Exposition } {
  const parsed = parseCodeMap(codeMapOf(listedCodes), "bench.yaml");
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  const { map } = parsed;
  const delays = new Delays();
  const options = { map, provider: undefined, unknownCodes: 50, scopes: ["sms_receipt"], delays };
  const ledgers = Array.from(
    { length: partitions },
    (_, i) => new PartitionLedger("dlr.bench", i, new Counts(options), { offset: -1, metadata: null }, 0, 0),
  );
  const exposition = new Exposition({
    version: "bench",
    partitions: () =>
      ledgers.map((ledger) => ({
        topic: ledger.topic,
        partition: ledger.partition,
        ledger,
        fetchAge: 0,
        lag: 0,
        unreadable: 0,
      })),
    topics: () => [],
    delays: () => delays.all(),
    codeMap: () => map,
    providers: () => ["aliyun"],
    lastReload: () => ({ successful: true, succeededAt: 0 }),
    commits: () => ({ accepted: 0, failures: {} }),
    rebalances: () => 1,
    ready: () => true,
  });
  return { ledgers, exposition };
}

/** A page as it is sent. */
async function pageOf(exposition: Exposition): Promise<Buffer> {
  const { text, seen } = await exposition.scrape();
  seen();
  return Buffer.from(text);
}

/** Adds to every live cell, each time and in each partition another number, so that no two snapshots are alike. */
function countMore(partition: PartitionLedger): void {
  const { counts } = partition;
  const receipts = counts.counters.flatMap(({ kind }, slot) => (kind === "receipts" ? [slot] : []));
  for (const [i, slot] of receipts.slice(0, liveCells).entries()) {
    const added = ((slot + 1) * (partition.partition + 7) * 2_654_435_761) % 100_003;
    counts.bySlot[slot] = (counts.bySlot[slot] ?? 0) + added + i;
    partition.next += added + i;
  }
}

/** CPU time of this thread alone: what the work takes of an event loop that no neighbour disturbs. */
async function timed<T>(work: () => T | Promise<T>): Promise<{ ms: number; result: T }> {
  const before = process.threadCpuUsage();
  const result = await work();
  const { user, system } = process.threadCpuUsage(before);
  return { ms: (user + system) / 1000, result };
}
