import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import zlib from "node:zlib";
import { CodeMap } from "../../src/codes/code-map.ts";
import { parsePack } from "../../src/codes/parse-pack.ts";
import { parseCodeMap, readerOf } from "../../src/codes/parse.ts";
import { loadSettings } from "../../src/config/load.ts";
import { type Problem, renderProblems } from "../../src/diagnostics.ts";
import { Turn } from "../../src/kafka/turn.ts";
import { CorruptBatchError, splitBatches } from "../../src/kafka/wire/record-batch.ts";
import { RecordCursor } from "../../src/kafka/wire/record-cursor.ts";
import { UnreadableSnapshotError } from "../../src/ledger/committed.ts";
import { Counts } from "../../src/ledger/counts.ts";
import { foldRecords } from "../../src/ledger/fold-records.ts";
import { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import { identifies, phoneDigits } from "../../src/masking.ts";
import { createDecoder } from "../../src/receipts/decode.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import { packers, recordOf, sealed, wrapRecords, writeBatch } from "../kafka/wire/batches.ts";
import type { Random } from "../lab/random.ts";
import { partsOfReceipts } from "../ledger/partitions.ts";
import { packagedMap } from "../ledger/support.ts";
import { formats } from "../receipts/packaged-formats.ts";
import { samples } from "../receipts/samples.ts";
import { rawRecord, shapeOf } from "../receipts/support.ts";
import { hostileText, mutateBytes, mutateJson, mutateText } from "./mutate.ts";

/** Tries one input; throws what is wrong with what became of it. */
export type Target = (random: Random, folder: string) => void;

const map = packagedMap();
const mapText = readFileSync("config/code-map.yaml", "utf8");
const packTexts = readdirSync("config/providers").map((file) =>
  readFileSync(`config/providers/${file}`, "utf8"),
);
const settingsText = readFileSync("config/dlr-exporter.yaml", "utf8");
const limit = 4096;

const json = [
  {
    when: [],
    codes: [{ at: ["/err_code"], scope: "sms_receipt" }],
    flag: { at: ["/state"], delivered: ["1"], failed: ["2"] },
    ...{ sentAt: [{ at: "/send_time" }], receivedAt: [{ at: "/rept_time" }] },
  },
];
const decoders = formats.map((format) => createDecoder(shapeOf({ formats: [format], json })));

function openPartition(offset = -1, metadata: string | null = null): PartitionLedger {
  const counts = new Counts({ map, provider: undefined, unknownCodes: 5, scopes: ["sms_receipt"] });
  return new PartitionLedger("t", 0, counts, { offset, metadata }, 0, 0);
}

function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

/** What a ledger counted, conflicts aside. */
function sumOf({ counts }: PartitionLedger): number {
  return counts.counters.reduce(
    (sum, { kind }, slot) =>
      sum + (partsOfReceipts.includes(kind) ? 0 : Math.max(0, counts.bySlot[slot] ?? 0)),
    0,
  );
}

/** A partition's counts outlive a commit, and its labels are safe to show. */
function demandSound(partition: PartitionLedger): void {
  for (const counter of partition.counts.counters) {
    if (counter.kind !== "receipts") continue;
    demand(counter.code.length <= 64, `a label of ${counter.code.length} units`);
    demand(!/\p{Cc}|\p{Cf}|\p{Cs}|\d{10}/u.test(counter.code), `the label ${JSON.stringify(counter.code)}`);
  }
  const checkpoint = partition.checkpoint(limit, 0);
  demand(checkpoint.metadata.length <= limit, "a snapshot over the limit");
  const next = openPartition(checkpoint.view.next, checkpoint.metadata);
  demand(next.origin === "snapshot", `a snapshot that is ${next.origin}`);
  demand(sumOf(next) === sumOf(partition), `${sumOf(next)} counts of ${sumOf(partition)} after a restart`);
}

/** Receipts and frames: what a record holds is counted, or why it is not. */
function receipts(random: Random): void {
  const { below } = random;
  const partition = openPartition();
  for (let record = 0; record < 20; record++) {
    const sample = samples[below(samples.length)];
    const value = sample?.value ?? "";
    const known = jsonIn(value);
    const mutated =
      known === undefined ? mutateText(random, value) : JSON.stringify(mutateJson(random, known));
    const bytes = Buffer.from(mutated);
    const sent = below(3) === 0 ? mutateBytes(random, bytes) : bytes;
    const found: Receipt[] = [];
    const decode = decoders[below(decoders.length)] ?? expectDecoder();
    const reason = decode(
      rawRecord(sent, { method: below(2) === 0 ? sample?.method : hostileText(random) }),
      found,
    );
    const silent = reason === undefined || reason === "bad_element";
    demand(silent === found.length > 0, `${found.length} receipts and ${reason}`);
    partition.count(found, reason, below(2) === 0 ? Date.now() : Number.NaN);
    partition.next++;
  }
  demandSound(partition);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function expectDecoder(): never {
  throw new Error("there is a decoder for each format");
}

/** Record batches: each offset is counted once, or the partition is held where they are damaged. */
function batches(random: Random): void {
  const { below } = random;
  const whole = Array.from({ length: 1 + below(3) }, (_, n) => {
    const records = Array.from({ length: 1 + below(5) }, (_, delta) =>
      recordOf(`{"err_code":"${n}"}`, delta),
    );
    const plain = writeBatch(records, { baseOffset: n * 10 });
    const codec = below(packers.length);
    const packed = packers[codec]?.(plain.subarray(61)) ?? plain;
    return wrapRecords(below(2) === 0 ? packed : mutateBytes(random, packed), {
      ...{ baseOffset: n * 10, attributes: codec },
      ...{ recordCount: below(9) === 0 ? 2 ** 31 - 1 : records.length, lastOffsetDelta: records.length - 1 },
    });
  });
  const set = below(2) === 0 ? Buffer.concat(whole) : mutateBytes(random, Buffer.concat(whole));
  // half of the damage is not visible in the checksum
  const opened = splitBatches(set.length > 61 && below(2) === 0 ? sealed(Buffer.from(set)) : set);
  const end = opened.at(-1)?.isDamaged === false ? (opened.at(-1)?.lastOffset ?? 0) + 1 : 100;
  if (!(end > 0 && end < 1_000)) return;
  const partition = openPartition();
  try {
    // in two turns, or in one
    let looks = 0;
    for (const turn of [new Turn(below(6), () => looks++), undefined]) {
      foldRecords(partition, decoders[0] ?? expectDecoder(), new RecordCursor(opened, turn), end);
    }
  } catch (error) {
    demand(error instanceof Error && !(error instanceof TypeError), `${error}`);
    demand(!(error instanceof RangeError) || error instanceof CorruptBatchError, `${error}`);
  }
  demand(partition.next <= end, `counted up to ${partition.next} of ${end}`);
  demand(sumOf(partition) === partition.next, `${sumOf(partition)} counts up to ${partition.next}`);
}

/** Problems have a place in the text, and can be shown. */
function demandTold(problems: readonly Problem[], text: string): void {
  demand(problems.length > 0, "refused without a problem");
  const lines = text.split("\n").length;
  for (const problem of problems) {
    const { line, column, message, excerpt } = problem;
    const shown = excerpt?.(problem);
    demand(shown === undefined || shown.at + shown.length <= shown.text.length, `a mark beyond its line`);
    demand(line >= 1 && line <= lines + 1 && column >= 1, `a problem at ${line}:${column} of ${lines} lines`);
    demand(message.length > 0, "a problem without a message");
  }
  const told = renderProblems(problems).length / problems.length;
  demand(told > 0 && told < 2_500, `problems of ${told} units each`);
}

/** Code maps: read, or refused with places. */
function maps(random: Random): void {
  const text = mutateText(random, mapText);
  const parsed = parseCodeMap(text, "map.yaml");
  if ("problems" in parsed) demandTold(parsed.problems, text);
  else parsed.map.lookup("aliyun", "sms_receipt", hostileText(random));
}

/** Provider packs: read, with each code where it is looked for, or refused with places. */
function packs(random: Random): void {
  const { below } = random;
  const text = mutateText(random, packTexts[below(packTexts.length)] ?? "");
  const reader = readerOf(text, "pack.yaml");
  const { layer, problems } = parsePack(reader, text, "pack.yaml", {
    categories: map.categories,
    tables: new Map(),
  });
  if (problems.length > 0) {
    demandTold(problems, text);
    return;
  }
  const { categories } = map;
  const read = new CodeMap({ hash: "0", categories, tables: layer.tables });
  for (const entry of layer.tables.flatMap(({ entries }) => entries)) {
    const { provider, scope, code, category } = entry;
    demand(read.lookup(provider, scope, code) === entry, `${scope} ${code} is not where it is looked for`);
    demand(categories.has(category), `a category ${category}`);
    demand(!identifies(code, phoneDigits), `the code ${code}`);
  }
}

/** Under which a secret may stand by a slip. */
const secretKeys = ["password", "pasword", "secret", "password_file"];

/** Configurations: read, or refused with places, and no secret is shown. */
function configurations(random: Random, folder: string): void {
  const secret = `s3cret-${random.digits(8)}`;
  const text = `${mutateText(random, settingsText)}\nsasl:\n  ${secretKeys[random.below(secretKeys.length)]}: ${secret}\n`;
  const file = `${folder}/dlr-exporter.yaml`;
  writeFileSync(file, text);
  const loaded = loadSettings({ flags: {}, env: { DLR_CONFIG: file } });
  demand("problems" in loaded, "a password in the file was taken");
  demandTold(loaded.problems, text);
  const shown = renderProblems(loaded.problems);
  demand(!shown.includes(secret), `a secret was shown:\n${shown}`);
}

/** Snapshots: read, or refused; what is read can be written again. */
function snapshots(random: Random): void {
  const { below } = random;
  const partition = openPartition();
  for (let n = below(30); n > 0; n--) {
    const code = below(2) === 0 ? String(below(1_000)) : hostileText(random);
    const times = { sentAt: Number.NaN, receivedAt: below(2) * Date.now(), provider: undefined };
    partition.count([{ scope: "sms_receipt", flag: "failed", code, ...times }], undefined, Number.NaN);
    partition.next++;
  }
  const { metadata } = partition.checkpoint(limit, 0);
  const damaged =
    below(2) === 0
      ? mutateBytes(random, Buffer.from(metadata)).toString("latin1")
      : rewritten(random, metadata);
  try {
    const next = openPartition(partition.next, damaged);
    if (next.origin === "snapshot") demandSound(next);
  } catch (error) {
    if (!(error instanceof UnreadableSnapshotError)) throw error;
  }
}

/** A snapshot whose bytes were changed before it was packed: most changes of what is packed do not unpack. */
function rewritten(random: Random, metadata: string): string {
  const [magic = "", body = ""] = metadata.split(":");
  const bytes = mutateBytes(random, zlib.inflateSync(Buffer.from(body, "base64")));
  return `${magic}:${zlib.deflateSync(bytes).toString("base64")}`;
}

export const targets: Readonly<Record<string, Target>> = {
  receipts,
  batches,
  maps,
  packs,
  configurations,
  snapshots,
};
