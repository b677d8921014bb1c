import { describe, expect, it } from "vitest";
import { createDecoder } from "../../src/receipts/decode.ts";
import { ignoredKinds, malformedReasons, type Receipt } from "../../src/receipts/receipt.ts";
import { writeForwarded, writeMutated } from "../fuzz/records.ts";
import { createRandom } from "../lab/random.ts";
import { formats } from "./packaged-formats.ts";
import { hasUnsafe } from "./safe-label.ts";
import { rawRecord, shapeOf } from "./support.ts";

/** How many mutated records are tried; `DECODE_RECORDS=5000000` takes a quarter of an hour. */
const records = Number(process.env.DECODE_RECORDS ?? 5_000);
/** The first record's seed; each next record has the next: `DECODE_SEED=N DECODE_RECORDS=1` replays one. */
const firstSeed = Number(process.env.DECODE_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** In ms; on a busy machine a record may take ten times as long as elsewhere. */
const patience = 60_000 + 3 * records;

const timestamp = Date.parse("2026-01-01T00:00:10+08:00");
const json = [
  {
    when: [],
    codes: [{ at: ["/err_code", "/message/c"], scope: "s" }],
    flag: { at: ["/state"], delivered: ["1"] },
  },
];
const auto = createDecoder(shapeOf());
const alone = formats.map((format) => createDecoder(shapeOf({ formats: [format], json })));
const pointed = createDecoder(shapeOf({ at: ["/message", "/0", ""], charset: "gb18030" }));

const reasons: ReadonlySet<unknown> = new Set([...malformedReasons, ...ignoredKinds]);
const byteOrderMark = Buffer.from("\uFEFF");
const blank = Buffer.from("\n");

function read(decode: typeof auto, bytes: Buffer) {
  const receipts: Receipt[] = [];
  return { reason: decode(rawRecord(bytes, { timestamp }), receipts), receipts };
}

type Outcome = ReturnType<typeof read>;

/** What is wrong with what became of a record; undefined when nothing is. */
function wrongWith({ reason, receipts }: Outcome): string | undefined {
  if (reason !== undefined && !reasons.has(reason)) return `the reason ${reason}`;
  const some = reason === undefined || reason === "bad_element";
  if (some !== receipts.length > 0) return `${receipts.length} receipts and ${reason}`;
  const unsafe = receipts.find(({ code }) => hasUnsafe(code));
  return unsafe === undefined ? undefined : `the code ${JSON.stringify(unsafe.code)}`;
}

/** As comparable text, NaN and all: many times as fast as to have vitest compare. */
function textOf({ reason, receipts }: Outcome): string {
  const fields = receipts.map(({ scope, flag, code, sentAt, receivedAt, provider }) =>
    [scope, flag, code, sentAt, receivedAt, provider].join("\u0001"),
  );
  return `${reason}\u0002${fields.join("\u0002")}`;
}

/** Whether bytes in front of a record would change what it is: a mark, gzip, a registry's prefix. */
function hasPrefix(bytes: Buffer): boolean {
  return [0, 0x1f, 0xef, 0xfe, 0xff].includes(bytes[0] ?? 0);
}

function tryMutated(seed: number): string | undefined {
  const random = createRandom(seed);
  const bytes = writeMutated(random);
  const outcome = read(auto, bytes);
  const wrong = wrongWith(outcome);
  if (wrong !== undefined) return wrong;
  // Neither the scanner nor anything else reads other receipts behind a mark or a blank.
  if (seed % 4 === 0 && bytes.length > 0 && !hasPrefix(bytes)) {
    const marked = read(auto, Buffer.concat([seed % 8 === 0 ? byteOrderMark : blank, bytes]));
    if (textOf(marked) !== textOf(outcome)) return `${textOf(outcome)}, marked ${textOf(marked)}`;
  }
  if (seed % 3 > 0) return undefined;
  const other = seed % 2 === 0 ? pointed : alone[seed % alone.length];
  return other === undefined ? undefined : wrongWith(read(other, bytes));
}

function tryForwarded(seed: number): string | undefined {
  const { bytes, receipts } = writeForwarded(createRandom(seed));
  const outcome = textOf(read(auto, bytes));
  const expected = textOf({ reason: undefined, receipts: [...receipts] });
  return outcome === expected ? undefined : `${outcome} instead of ${expected}`;
}

/** Tries seeds until one is wrong, and says how to see that one again. */
function tryAll(count: number, tried: (seed: number) => string | undefined): string | undefined {
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const wrong = tried(seed);
    if (wrong !== undefined) return `DECODE_SEED=${seed} DECODE_RECORDS=1: ${wrong}`;
  }
  return undefined;
}

describe(`of records that follow from the seed ${firstSeed}`, () => {
  it(
    `${records} mutated ones give receipts or a reason, and never throw`,
    () => {
      expect(tryAll(records, tryMutated)).toBeUndefined();
    },
    patience,
  );

  it(
    "every original in up to eight frames and an encoding is read as it was sent",
    () => {
      expect(tryAll(Math.ceil(records / 4), tryForwarded)).toBeUndefined();
    },
    patience,
  );
});
