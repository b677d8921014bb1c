import { beforeEach, describe, expect, it } from "vitest";
import { Members } from "../../../src/receipts/scan/members.ts";
import { begin, hold, ints } from "../../../src/receipts/scan/memory.ts";
import { PathTree } from "../../../src/receipts/scan/paths.ts";
import { Residents } from "../../../src/receipts/scan/residents.ts";

const tree = new PathTree();
tree.addSteps(["code"]);
const members = new Members(tree, [], "");
new Residents([members]).use();

/** Walks a record that is an object, as if it had so many bytes; returns whether it is one as a whole. */
function walks(record: string | Buffer, size = Buffer.byteLength(record)): boolean {
  const bytes = hold(Buffer.from(record));
  const at = begin(bytes, 0, size);
  return members.walk(at, at + size) === at + size;
}

/** Where what was skipped is kept, see `assembly/layout.ts`: sixteen places of 2 KiB, each begins with a size. */
const [keptAt, places, placeBytes] = [0x1c8000, 16, 2048];
const isKept = (value: string) =>
  Array.from({ length: places }, (_, place) => ints[(keptAt + place * placeBytes) / 4]).includes(
    Buffer.byteLength(value),
  );

// Other files that run in this process skip values too, and one as long as one of these would be taken for it.
beforeEach(() => ints.fill(0, keptAt / 4, (keptAt + places * placeBytes) / 4));

/** A value of its own length: nothing else that is skipped here has it. */
let length = 120;
const shortest = '{"type":"struct","a":12}';
function schemaOf(size = (length += 5)): string {
  const value = (text: string) => `{"type":"struct","fields":[{"type":"string"},true,1.5],"name":"${text}"}`;
  return value("x".repeat(size - value("").length));
}
const recordWith = (schema: string) => `{"code":"1","schema":${schema},"n":1}`;

/** Has it be kept, whatever is in its place: the next ones are compared with it. */
function haveKept(schema: string): void {
  for (let i = 0; i < 200 && !isKept(schema); i++) expect(walks(recordWith(schema))).toBe(true);
  expect(isKept(schema)).toBe(true);
}

describe("an object that was skipped before", () => {
  it("is kept, with its bytes", () => {
    const schema = schemaOf();
    haveKept(schema);
    for (let i = 0; i < 3; i++) expect(walks(recordWith(schema))).toBe(true);
  });

  it.each([24, 95, 96, 97, 111, 112, 113])(
    "of %i bytes is not taken for one with another byte anywhere",
    (size) => {
      const schema = size === shortest.length ? shortest : schemaOf(size);
      haveKept(schema);
      const record = Buffer.from(recordWith(schema));
      for (let at = record.indexOf(schema); at < record.length; at++) {
        const damaged = Buffer.from(record);
        damaged[at] = 1;
        expect(walks(damaged), `byte ${at}`).toBe(false);
        expect(walks(record)).toBe(true);
      }
      expect(isKept(schema)).toBe(true);
    },
  );

  it("is not taken where the record ends within it, whatever follows in the memory", () => {
    const schema = schemaOf();
    haveKept(schema);
    const record = recordWith(schema);
    for (let size = record.indexOf(schema) + 1; size < record.length; size++) {
      expect(walks(record, size), `${size} bytes`).toBe(false);
      expect(walks(record)).toBe(true);
    }
  });

  it("is compared in arrays and in needed members too", () => {
    const array = `[${schemaOf()}]`;
    haveKept(array);
    expect(walks(`{"schema":${array},"code":${array}}`)).toBe(true);
    expect(walks(`{"code":${array.replace("true", "TRUE")}}`)).toBe(false);
  });

  it("leaves its place to another that is met again and again", () => {
    const [first, second] = [schemaOf(), schemaOf()];
    haveKept(first);
    haveKept(second);
    expect(isKept(first)).toBe(false);
    haveKept(first);
    expect(isKept(second)).toBe(false);
  });

  it("keeps its place among others that differ each time", () => {
    const schema = schemaOf();
    haveKept(schema);
    for (let i = 0; i < 500; i++) {
      expect(walks(recordWith(schemaOf(400 + i)))).toBe(true);
      expect(walks(recordWith(schema))).toBe(true);
    }
    expect(isKept(schema)).toBe(true);
  });

  it("is not kept when it is longer than its place, or as short as to be skipped at once", () => {
    const sizes = [2_017, 2_048, 5_000];
    for (const size of sizes) {
      const schema = schemaOf(size);
      for (let i = 0; i < 300; i++) expect(walks(recordWith(schema))).toBe(true);
      expect(isKept(schema)).toBe(false);
    }
    haveKept(schemaOf(2_016));
    const shorter = shortest.replace("12", "1");
    for (let i = 0; i < 300; i++) expect(walks(recordWith(shorter))).toBe(true);
    expect(isKept(shorter)).toBe(false);
  });
});
