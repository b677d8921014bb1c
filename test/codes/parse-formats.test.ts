import { describe, expect, it } from "vitest";
import { parsePack } from "../../src/codes/parse-pack.ts";
import { readerOf } from "../../src/codes/parse.ts";
import { packSurroundings } from "./small-pack.ts";

const head = "version: 1\nprovider: nimbus\nnames: { en: Nimbus, zh: 雨云 }\n";

function read(shapes: string) {
  const text = `${head}${shapes}`;
  return parsePack(readerOf(text, "pack.yaml"), text, "pack.yaml", packSurroundings());
}

/** A format with these lines for its only object. */
function object(...lines: readonly string[]): string {
  const own = lines.map((line, index) => `      ${index === 0 ? "-" : " "} ${line}\n`).join("");
  return `shapes:\n  nimbus:\n    reads: its reports\n    objects:\n${own}`;
}

describe("a format of a pack", () => {
  it("is all that can be said of a shape, in the program's words", () => {
    const { layer, problems } = read(
      object(
        "when: [[{ has: /id }, { lacks: [/a, /b], at: /kind, is: report }], { has: /other }]",
        "receipts: /list",
        "scope: sms_receipt",
        'code: [{ at: /error, except: "0" }, /a, /b, { at: /voice, scope: voice_receipt }]',
        "flag: [/state, /status]",
        "delivered: done",
        "pending: [sent, queued]",
        "otherwise: failed",
        "sent_at: { at: /time, date: /day }",
        "received_at: [/one, /two]",
        'utc_offset: "-01:30"',
        "messages: /count",
        "number: [/phone, /mobile]",
      ),
    );
    expect(problems).toEqual([]);
    expect(layer.tables).toEqual([]);
    expect(layer.formats).toEqual([
      {
        name: "nimbus",
        provider: "nimbus",
        reads: "its reports",
        place: expect.objectContaining({ file: "pack.yaml", line: 5 }),
        descriptions: [
          {
            provider: "nimbus",
            when: [
              [{ has: ["/id"] }, { lacks: ["/a", "/b"] }, { at: "/kind", is: ["report"] }],
              [{ has: ["/other"] }],
            ],
            receipts: "/list",
            codes: [
              { at: ["/error"], scope: "sms_receipt", except: ["0"] },
              { at: ["/a", "/b"], scope: "sms_receipt" },
              { at: ["/voice"], scope: "voice_receipt" },
            ],
            flag: {
              at: ["/state", "/status"],
              delivered: ["done"],
              pending: ["sent", "queued"],
              otherwise: "failed",
            },
            sentAt: [{ at: "/time", date: "/day" }],
            receivedAt: [{ at: "/one" }, { at: "/two" }],
            utcOffsetMinutes: -90,
            messages: "/count",
            number: ["/phone", "/mobile"],
          },
        ],
      },
    ]);
  });

  it("leaves it to the topic whose codes they are, where it says so", () => {
    const own = object("when: [{ has: /id }]", "scope: s", "code: /c");
    const { layer } = read(own.replace("    objects", "    provider: topic\n    objects"));
    expect(layer.formats[0]?.descriptions[0]).toEqual({
      when: [[{ has: ["/id"] }]],
      codes: [{ at: ["/c"], scope: "s" }],
    });
  });

  it("may have parts that stand in the file once", () => {
    const { layer, problems } = read(
      object("when: [[&id { has: /id }, { has: /a }], [*id, { has: /b }]]", "scope: s", "code: /c"),
    );
    expect(problems).toEqual([]);
    expect(layer.formats[0]?.descriptions[0]?.when[1]).toEqual([{ has: ["/id"] }, { has: ["/b"] }]);
  });
});

describe("what is wrong with the shapes of a pack", () => {
  const good = ["when: [{ has: /id }]", "scope: s", "code: /c"] as const;
  const rows: readonly { name: string; shapes: string; says: readonly string[] }[] = [
    {
      name: "a pack of nothing",
      shapes: "",
      says: ["1:1 the provider pack has neither shapes nor scopes | Add `shapes:`, `scopes:` or both."],
    },
    {
      name: "a name of the program's own",
      shapes: object(...good).replace("  nimbus:", "  auto:"),
      says: ['5:3 format "auto" is built in | Give it another name.'],
    },
    {
      name: "a name that is none",
      shapes: object(...good).replace("  nimbus:", "  Nim bus:"),
      says: [
        '5:3 "Nim bus" is not a valid name for a format | Begin with a letter; use a-z, 0-9, - and _, at most 64.',
      ],
    },
    {
      name: "a format of no object",
      shapes: "shapes: { nimbus: { reads: it, objects: [] } }",
      says: ['4:41 format "nimbus" has no object | Describe one, or remove the format.'],
    },
    {
      name: "a key that is misspelt",
      shapes: object(...good, "recieved_at: /t"),
      says: ['11:9 unknown key "recieved_at" in an object | Did you mean `received_at`?'],
    },
    {
      name: "a key that is misspelt further in",
      shapes: object("when: [[{ has: /id }, { hass: /a }]]", "scope: s", "code: { at: /c, exept: x }"),
      says: [
        '8:33 unknown key "hass" in when[0][1] | Did you mean `has`?',
        '10:25 unknown key "exept" in code | Did you mean `except`?',
      ],
    },
    {
      name: "a pointer that is none",
      shapes: object("when: [{ has: id }]", "scope: s", "code: [/c, d]"),
      says: [
        '8:23 when[0].has is wrong: JSON Pointer "id" does not begin with "/" | ' +
          "JSON Pointers; at least one must lead to a value.",
        '10:20 code[1] is wrong: JSON Pointer "d" does not begin with "/" | ' +
          "JSON Pointer, from the receipt, to its code.",
      ],
    },
    {
      name: "no code",
      shapes: object(...good.slice(0, 2)),
      says: ['8:9 an object lacks "code" | Add `code:`: JSON Pointer, from the receipt, to its code.'],
    },
    {
      name: "nothing that it is known by",
      shapes: object(...good.slice(1)),
      says: [
        '8:9 an object lacks "when" | Say which members distinguish a receipt of this shape from all others.',
      ],
    },
    {
      name: "no table for its codes",
      shapes: object("when: [{ has: /id }]", "code: /c"),
      says: [
        '8:9 an object lacks "scope" | Name the table that its codes belong to, such as `scope: sms_receipt`.',
      ],
    },
    {
      name: "a word that is not known",
      shapes: object(...good, "flag: /f", "otherwise: faild"),
      says: ["12:20 otherwise must be one of failed, not `faild` | Did you mean `failed`?"],
    },
    {
      name: "a list for a mapping",
      shapes: "shapes: { nimbus: { reads: it, objects: [[]] } }",
      says: ["4:42 an object must be a mapping | Write lines of `key: value`."],
    },
  ];
  it.each(rows)("$name", ({ shapes, says }) => {
    const told = read(shapes).problems.map(
      ({ line, column, message, hint }) => `${line}:${column} ${message} | ${hint}`,
    );
    expect(told).toEqual(says);
  });
});
