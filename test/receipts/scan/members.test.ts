import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Members, number, text } from "../../../src/receipts/scan/members.ts";
import { begin, hold, ints, view } from "../../../src/receipts/scan/memory.ts";
import { PathTree } from "../../../src/receipts/scan/paths.ts";
import { Residents } from "../../../src/receipts/scan/residents.ts";

/** Walks a record that is an object as a whole; returns whether it could. */
function walks(members: Members, record: string): boolean {
  const bytes = hold(Buffer.from(record));
  const at = begin(bytes, 0, bytes.length);
  return members.walk(at, at + bytes.length) === at + bytes.length;
}

function membersOf(names: readonly string[]): { members: Members; residents: Residents; ids: number[] } {
  const tree = new PathTree();
  const ids = names.map((name) => tree.addSteps([name]).id);
  const members = new Members(tree, [], "");
  const residents = new Residents([members]);
  residents.use();
  return { members, residents, ids };
}

function found(members: Members, id: number): string | undefined {
  if (!members.has(id)) return undefined;
  return Buffer.from(view.buffer, members.startOf(id), members.endOf(id) - members.startOf(id)).toString();
}

describe("the needed members of an object", () => {
  // Many share their first bytes, and more of them than are compared at once.
  const part = fc.constantFrom("", "a", "b", "status", "_of_the_message_", "报告", "0123456789abcdef");
  const name = fc.array(part, { maxLength: 5 }).map((parts) => parts.join(""));
  const names = fc.uniqueArray(name, { maxLength: 60 });

  it("are found by their names, whatever these are, among any others", () => {
    fc.assert(
      fc.property(names, names, fc.infiniteStream(fc.integer()), (needed, there, values) => {
        const { members, ids } = membersOf(needed);
        const object = Object.fromEntries(there.map((name) => [name, values.next().value ?? 0]));
        // A member with a number for a name comes first, whatever the order.
        expect(walks(members, JSON.stringify(object))).toBe(true);
        expect(members.total).toBe(Object.keys(object).length);
        const wanted = needed.map((name) => (Object.hasOwn(object, name) ? String(object[name]) : undefined));
        expect(ids.map((id) => found(members, id))).toEqual(wanted);
        expect(members.count).toBe(members.seen().length);
      }),
    );
  });

  it("are found in any order, and in objects within, whatever came before", () => {
    const [first, second] = ["n", "status"];
    const tree = new PathTree();
    const steps = ["a", "b", "n", "a_name_of_sixteen", "a_name_of_sixteeN"].flatMap((name) => [
      [name],
      [first, name],
      [second, name],
    ]);
    const ids = steps.map((path) => tree.addSteps(path).id);
    const members = new Members(tree, [], "");
    new Residents([members]).use();
    const name = fc.constantFrom("a", "b", "n", "status", "c", "a_name_of_sixteen", "a_name_of_sixteeN", "");
    const object = fc
      .uniqueArray(name)
      .chain((names) =>
        fc
          .array(fc.integer({ min: 0, max: 99 }), { minLength: names.length, maxLength: names.length })
          .map((values) => Object.fromEntries(names.map((own, i) => [own, values[i]]))),
      );
    const record = fc
      .record({ own: object, [first]: object, [second]: object }, { requiredKeys: [] })
      .map(({ own, ...within }) => ({ ...own, ...within }));
    const valueAt = (value: unknown, path: readonly string[]): unknown =>
      path.reduce<unknown>((within, step) => (within as Record<string, unknown> | undefined)?.[step], value);
    fc.assert(
      fc.property(fc.array(record, { maxLength: 4 }), fc.integer({ min: 1, max: 5 }), (records, times) => {
        for (const value of records.flatMap((one) => Array.from({ length: times }, () => one))) {
          expect(walks(members, JSON.stringify(value))).toBe(true);
          for (const [i, path] of steps.entries()) {
            const wanted = valueAt(value, path);
            expect(found(members, ids[i] ?? 0)).toBe(
              wanted === undefined ? undefined : JSON.stringify(wanted),
            );
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("are those of the last walk alone, also when the walks are numbered from 1 again", () => {
    const { members, ids } = membersOf(["a", "b"]);
    const [a = 0, b = 0] = ids;
    let at = 0;
    const watched = {
      block: members.block,
      movedTo(position: number) {
        at = position;
        members.movedTo(position);
      },
    };
    new Residents([watched]).use();
    expect(walks(members, '{"a":"x"}')).toBe(true);
    expect([members.has(a), members.has(b), members.kindOf(a)]).toEqual([true, false, text]);
    // Its block begins with the number of the last walk.
    expect(ints[at / 4]).toBe(1);
    ints[at / 4] = 0x7fffffff;
    expect(walks(members, '{"b":1}')).toBe(true);
    expect([members.has(a), members.has(b), members.kindOf(b)]).toEqual([false, true, number]);
  });
});

describe("the values of an object", () => {
  const { members } = membersOf(["a"]);
  const isJson = (value: string) => {
    try {
      JSON.parse(value);
      return true;
    } catch {
      return false;
    }
  };
  const walked = (value: string) => [`{"a":${value}}`, `{"b":${value},"a":1}`, `{"b":[${value}]}`];

  it("are numbers as JSON writes them, and no others", () => {
    const characters = ["0", "1", ".", "-", "e", "+"];
    let values = [""];
    for (let length = 0; length <= 5; length++) {
      for (const value of values) {
        const records = walked(value);
        for (const record of records) expect(walks(members, record), record).toBe(isJson(record));
      }
      values = values.flatMap((value) => characters.map((character) => value + character));
    }
    for (const value of ["1", "12", "0.1", "1.", ".1", "-1"]) {
      for (let zeros = 0; zeros < 20; zeros++) {
        for (const record of walked(`${value}${"0".repeat(zeros)}`))
          expect(walks(members, record), record).toBe(isJson(record));
      }
    }
  });

  it("are words as JSON writes them, and no others", () => {
    for (const word of ["true", "false", "null"]) {
      for (const other of ["", "x", "e", ",", "}", "\u0000"]) {
        for (let at = 0; at <= word.length; at++) {
          for (const value of [word.slice(0, at) + other + word.slice(at), word.slice(0, at) + other]) {
            for (const record of walked(value)) expect(walks(members, record), record).toBe(isJson(record));
          }
        }
      }
    }
  });

  it("are not known where a needed member comes twice, whatever its values are", () => {
    const values = ['"text"', '"空号"', '"a\\n"', "1", "null", "{}", "[1]"];
    for (const first of values) {
      for (const second of values) {
        for (const name of ["a", "b"]) {
          expect(walks(members, `{"${name}":${first},"${name}":${second}}`)).toBe(true);
          expect(members.hasTwice, `${name} ${first} ${second}`).toBe(name === "a");
        }
      }
    }
  });

  it("are texts of any length, of names of any length, and are found after each", () => {
    const { members: own, ids } = membersOf(["a"]);
    for (let name = 0; name <= 80; name++) {
      for (let text = 0; text <= 80; text++) {
        // Each text may be taken for JSON, where a part of it is skipped.
        const member = `"${"n".repeat(name)}":"${`,:${"t".repeat(text)}`.slice(-text)}"`;
        for (const record of [
          `{${member},"a":"1"}`,
          `{"b":{${member}},"a":"1"}`,
          `{"b":{${member},"c":2},"a":"1"}`,
        ]) {
          expect(walks(own, record), record).toBe(true);
          expect(found(own, ids[0] ?? 0)).toBe("1");
        }
      }
    }
  });

  it("are found behind names of any length, wherever they begin, and whatever looks like their end", () => {
    const { members: own, ids } = membersOf(["a"]);
    for (let blanks = 0; blanks < 8; blanks++) {
      for (let name = 40; name < 70; name++) {
        for (const text of ["", "t", "tt", "ttt"]) {
          const record = `{${" ".repeat(blanks)}"${"n".repeat(name)}":"${text}${String.raw`\":1,\":2,\":3,`}","a":"1"}`;
          expect(walks(own, record), record).toBe(true);
          expect(found(own, ids[0] ?? 0)).toBe("1");
        }
      }
    }
  });

  it("are Chinese texts of any length, and none with a wrong byte in them", () => {
    const { members: own, ids } = membersOf(["a"]);
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const isRead = (record: Buffer) => {
      const bytes = hold(record);
      const at = begin(bytes, 0, bytes.length);
      return own.walk(at, at + bytes.length) === at + bytes.length;
    };
    const isValid = (record: Buffer) => {
      try {
        JSON.parse(decoder.decode(record));
        return true;
      } catch {
        return false;
      }
    };
    const wrong = [0x00, 0x20, 0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xc3, 0xe0, 0xe4, 0xed, 0xf0, 0xff];
    for (let length = 0; length <= 23; length++) {
      const text = "用户接收成功空号关机黑名单".repeat(2).slice(0, length);
      const record = Buffer.from(`{"b":"${text}","a":"1"}`);
      expect(isRead(record)).toBe(true);
      expect(found(own, ids[0] ?? 0)).toBe("1");
      for (let at = 6; at < record.length - 9; at++) {
        for (const byte of wrong) {
          const broken = Buffer.from(record);
          broken[at] = byte;
          expect(isRead(broken), `${broken.toString("hex")} ${at}`).toBe(isValid(broken));
        }
      }
    }
  });

  it("end with the record, whatever follows in the memory", () => {
    for (const value of ["1", "true", "false", '"text"', "1.5"]) {
      const record = `{"a":${value}},"b":1}`;
      const bytes = hold(Buffer.from(record));
      for (let size = 1; size < bytes.length; size++) {
        const at = begin(bytes, 0, size);
        const end = members.walk(at, at + size) - at;
        expect(end === size, record.slice(0, size)).toBe(isJson(record.slice(0, size)));
      }
    }
  });
});

describe("blocks in the memory", () => {
  it("take turns where they do not fit together", () => {
    const many = Array.from({ length: 300 }, (_, i) =>
      membersOf(Array.from({ length: 40 }, (_, k) => `${i}_${k}`)),
    );
    for (const round of [1, 2]) {
      for (const [i, { members, residents, ids }] of many.entries()) {
        residents.use();
        expect(walks(members, `{"${i}_7":${round},"${i + 1}_7":3}`)).toBe(true);
        expect(ids.flatMap((id) => found(members, id) ?? [])).toEqual([String(round)]);
      }
    }
  });

  it("that are larger than the memory are refused", () => {
    const tree = new PathTree();
    for (let i = 0; i < 10_000; i++) tree.addSteps([`name ${i}`]);
    expect(new Residents([new Members(tree, [], "")]).fit).toBe(false);
  });
});
