import { beforeEach, expect, it } from "vitest";
import { createDecoder } from "../../../src/receipts/decode.ts";
import { forgetKnown } from "../../../src/receipts/scan/known.ts";
import { recordOf, writeBatch } from "../../kafka/wire/batches.ts";
import { createRandom, type Random } from "../../lab/random.ts";
import { originals } from "../samples/originals.ts";
import { shapeOf } from "../support.ts";
import { readAtOnce, readEach } from "./read-log.ts";

const firstSeed = Math.floor(Math.random() * 2 ** 31);
const receipt = Object.entries(originals.tmcSms?.value as Record<string, string>);

/** What others add: nothing special, and all that is. */
const others = [
  "",
  "x",
  "a longer text, of more than sixteen bytes",
  "空号",
  'as "told"\t',
  "\\",
  7,
  true,
  null,
  {},
];
const nested = [{ type: "struct", fields: ["a", { b: "c" }], optional: false }, [1, ["2"], {}], { id: "3" }];

function shuffled<T>(values: T[], { below }: Random): T[] {
  for (let i = values.length - 1; i > 0; i--) {
    const other = below(i + 1);
    [values[i], values[other]] = [values[other] as T, values[i] as T];
  }
  return values;
}

/** A receipt in any order, of any size: each ends somewhere else in what is looked at at once. */
function anyOrder(random: Random): object {
  const { below } = random;
  const members: [string, unknown][] = receipt.map(([name, value]) => [name, value]);
  for (let i = below(4); i > 0; i--)
    members.push([`n${"m".repeat(below(70))}${i}`, others[below(others.length)]]);
  if (below(4) === 0) members.push(["nested", nested[below(nested.length)]]);
  members.push(["padding", "p".repeat(below(4) === 0 ? below(3000) : below(70))]);
  return Object.fromEntries(shuffled(members, random));
}

/** A receipt in another object, as a whole or as a text: what is around it comes in any order too. */
function within(random: Random, member: string, value: unknown): object {
  const { below } = random;
  const around: [string, unknown][] = [
    [member, value],
    ["schema", { type: "s".repeat(below(3) * 1000), at: below(9) }],
    [`x${below(9)}`, "x".repeat(below(3) * 500)],
    [`y${below(9)}`, others[below(others.length)]],
  ];
  return Object.fromEntries(shuffled(around, random));
}

/** The ways to write them. */
const ways: ((random: Random) => unknown)[] = [
  anyOrder,
  (random) => Array.from({ length: 1 + random.below(5) }, () => anyOrder(random)),
  (random) => within(random, "message", JSON.stringify(anyOrder(random))),
  (random) => ({
    message: JSON.stringify({ message: JSON.stringify(anyOrder(random)), more: "m".repeat(40) }),
  }),
  (random) => within(random, "payload", anyOrder(random)),
];

/** Without blanks, with some, as Python writes them, or with lines. */
function written(value: unknown, { below }: Random): string {
  const text = JSON.stringify(value, undefined, below(3) === 0 ? 1 : 0);
  return below(3) === 0 ? text.replaceAll('":"', '": "').replaceAll('","', '", "') : text;
}

// Other files that run in this process learn too, and would leave less room.
beforeEach(forgetKnown);

it(`receipts of any order and size are read at once as one by one, from the seed ${firstSeed} on`, () => {
  const batches = Array.from({ length: 150 }, (_, i) => {
    const random = createRandom(firstSeed + i);
    const used = shuffled([...ways], random).slice(0, 1 + random.below(3));
    const records = Array.from({ length: 60 }, () => used[random.below(used.length)]?.(random));
    return writeBatch(records.map((value, at) => recordOf(written(value, random), at)));
  });
  const together = createDecoder(shapeOf());
  const logs = batches.map((batch) => readAtOnce(batch, together));
  const each = createDecoder(shapeOf());
  for (const [i, batch] of batches.entries())
    expect(logs[i], `seed ${firstSeed + i}`).toEqual({ lines: readEach(batch, each), atOnce: 60 });
});

/** Members of a receipt in any order, as they are written: its code is one text, or two which are as long together. */
function texts(random: Random, isOne: boolean): string {
  const code = isOne ? '"err_code":"ABxxxxxxxx1"' : '"err_code":"AB","zz":"1"';
  const rest = receipt.filter(([name]) => name !== "err_code").map(([name, value]) => `"${name}":"${value}"`);
  return shuffled([...rest, code], random).join();
}

it.each<{ where: string; write: (members: string, isOne: boolean, n: number) => string }>([
  { where: "records", write: (members) => `{${members}}` },
  { where: "lists", write: (members) => `[{${members}}, {${members}}]` },
  { where: "texts", write: (members) => JSON.stringify({ n: 1, message: `{${members}}` }) },
  {
    // What follows some is looked at before what is in them is read.
    where: "lists in others",
    write: (members, isOne, n) => {
      const inner = `"x${n}":"1","payload":[{"padding":"${"p".repeat(1500)}",${members}}]`;
      return isOne ? `{${inner}${" ".repeat(16 + String(n).length)}}` : `{${inner},"a":"1","y${n}":"1"}`;
    },
  },
])(
  `nothing is taken for what was at its place before: in $where, from the seed ${firstSeed} on`,
  ({ write }) => {
    const pairs = Array.from({ length: 100 }, (_, i) => i);
    const batches = [true, false, true].map((isOne) =>
      writeBatch(
        pairs
          .flatMap((i) =>
            [isOne, !isOne].map((one) => write(texts(createRandom(firstSeed + i), one), one, 100 + i)),
          )
          .map((value, i) => recordOf(value, i)),
      ),
    );
    const together = createDecoder(shapeOf());
    const logs = batches.map((batch) => readAtOnce(batch, together));
    const each = createDecoder(shapeOf());
    expect(logs).toEqual(
      batches.map((batch) => ({ lines: readEach(batch, each), atOnce: 2 * pairs.length })),
    );
  },
);
