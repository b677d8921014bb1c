import { describe, expect, it } from "vitest";
import { Members } from "../../../src/receipts/scan/members.ts";
import { begin, hold, view } from "../../../src/receipts/scan/memory.ts";
import { PathTree } from "../../../src/receipts/scan/paths.ts";
import { Residents } from "../../../src/receipts/scan/residents.ts";

/** After a walk in which all came in another order, nothing is expected for 64. */
const untilExpected = 66;

/** The needed members of objects and forms, which are expected where they were in the records before. */
class Reader {
  readonly #members: Members;
  readonly #ids: ReadonlyMap<string, number>;

  constructor(needed: readonly string[]) {
    const tree = new PathTree();
    this.#ids = new Map(needed.map((name) => [name, tree.addSteps([name]).id]));
    this.#members = new Members(tree, [], "");
    new Residents([this.#members]).use();
  }

  /** The values of a record's needed members; undefined if it is not read to its end. @param size where it ends */
  read(record: string, size?: number): Record<string, string> | undefined {
    const bytes = hold(Buffer.from(record));
    const at = begin(bytes, 0, size ?? bytes.length);
    const to = at + (size ?? bytes.length);
    const end = record.startsWith("{") ? this.#members.walk(at, to) : this.#members.walkForm(at, to);
    if (end !== to || this.#members.hasTwice) return undefined;
    const found = [...this.#ids].flatMap(([name, id]) => {
      const [start, stop] = [this.#members.startOf(id), this.#members.endOf(id)];
      return this.#members.has(id) ? [[name, Buffer.from(view.buffer, start, stop - start).toString()]] : [];
    });
    return Object.fromEntries(found) as Record<string, string>;
  }

  /** Reads a record so often that its members are expected in its order. */
  expecting(record: string): this {
    const read = Array.from({ length: untilExpected }, () => this.read(record));
    expect(read).not.toContain(undefined);
    return this;
  }
}

/** Of all lengths up to some that are longer than those which are compared at once. */
const names = Array.from({ length: 20 }, (_, length) => "status_of_the_message".slice(0, length));

describe("members that are expected in an order", () => {
  it.each(names)("are read in any other: '%s'", (name) => {
    const reader = new Reader([name, "b", "c"]).expecting(`{"${name}":"1","b":"2","c":"3"}`);
    const rows: readonly [record: string, found: Record<string, string> | undefined][] = [
      [`{"${name}": "1", "b": "2"}`, { [name]: "1", b: "2" }],
      [`{"${name}" :"1","b"\t: "2"}`, { [name]: "1", b: "2" }],
      [`{"${name}":1,"b":true,"c":null}`, { [name]: "1", b: "true", c: "null" }],
      [`{"${name}":\n12 , "b":"2"}`, { [name]: "12", b: "2" }],
      [`{"b":"1","c":"2","${name}":"3"}`, { [name]: "3", b: "1", c: "2" }],
      [`{"${name}x":"1","b":"2"}`, { b: "2" }],
      [`{"x${name}":"1","c":"2"}`, { c: "2" }],
      [`{"${name}":"${"1".repeat(70)}","b":"2"}`, { [name]: "1".repeat(70), b: "2" }],
      [`{"${name}":"","b":""}`, { [name]: "", b: "" }],
      [`{"${name}":"报告","b":"2"}`, { [name]: "报告", b: "2" }],
      [`{"${name}":"1","${name}":"2"}`, undefined],
      [`{"${name}\\u0031":"1","b":"2"}`, undefined],
      [`{"${name}":}`, undefined],
      [`{"${name}":"1" "b":"2"}`, undefined],
    ];
    for (const [record, found] of rows) {
      expect(reader.read(record), record).toEqual(found);
      reader.expecting(`{"${name}":"1","b":"2","c":"3"}`);
    }
  });

  it.each(names)("are read with blanks in front of the colons: '%s'", (name) => {
    const record = `{"${name}" :"1","b"\n : "2"}`;
    expect(new Reader([name, "b"]).expecting(record).read(record)).toEqual({ [name]: "1", b: "2" });
  });

  it.each(names)("end with the record, whatever follows in the memory: '%s'", (name) => {
    for (const record of [`{"${name}":"1","b":"2"}`, `{"${name}": 1, "b": true}`, `${name}a=1&b=2&c=3`]) {
      const reader = new Reader([name, "b"]).expecting(record);
      const isForm = !record.startsWith("{");
      for (let size = 1; size < record.length; size++) {
        const alone = new Reader([name, "b"]).read(record.slice(0, size));
        expect(reader.read(record, size), record.slice(0, size)).toEqual(isForm ? alone : undefined);
      }
    }
  });

  it("are not those of a form in an object, nor the other way round", () => {
    for (let number = 10; number < 60; number++) {
      const name = `n${number}`;
      const object = `{"${name}":"1","b":"2"}`;
      const form = `${name}=1&b=2`;
      const ofForms = new Reader([name, "b"]).expecting(form);
      expect(ofForms.read(`{"${name}=x":"3","${name}":"4","b":"5"}`)).toEqual({ [name]: "4", b: "5" });
      expect(ofForms.expecting(form).read(object)).toEqual({ [name]: "1", b: "2" });
      const ofObjects = new Reader([name, "b"]).expecting(object);
      expect(ofObjects.read(`${name}":1&b=2`)).toBeUndefined();
      expect(ofObjects.expecting(object).read(form)).toEqual({ [name]: "1", b: "2" });
    }
  });

  it("are those of their own object: a name in an object within is another member", () => {
    const tree = new PathTree();
    const [outer, inner] = [["a"], ["o", "a"]].map((path) => tree.addSteps(path).id);
    const members = new Members(tree, [], "");
    new Residents([members]).use();
    const both = (record: string) => {
      const bytes = hold(Buffer.from(record));
      const at = begin(bytes, 0, bytes.length);
      expect(members.walk(at, at + bytes.length)).toBe(at + bytes.length);
      return [members.has(outer ?? 0), members.has(inner ?? 0)];
    };
    for (let i = 0; i < untilExpected; i++) expect(both('{"o":{"a":"1"},"b":"2"}')).toEqual([false, true]);
    expect(both('{"o":"","a":"1"}')).toEqual([true, false]);
  });
});
