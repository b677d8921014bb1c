import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestValue } from "../../../src/bounds.ts";
import { parseSmppReceipt } from "../../../src/receipts/encodings/smpp-receipt.ts";

describe("the text of an SMPP receipt", () => {
  const dates = { "submit date": "2601011200", "done date": "2601011201" };
  const whole = { sub: "001", dlvrd: "001", ...dates, stat: "DELIVRD", err: "000" };
  const rows: readonly { text: string; fields: unknown }[] = [
    {
      text:
        "id:0123456789 sub:001 dlvrd:001 submit date:2601011200 done date:2601011201 " +
        "stat:DELIVRD err:000 text:Your code is 123456",
      fields: whole,
    },
    {
      text: "ID:a-1 SUB:001 DLVRD:001 Submit Date:2601011200 Done Date:2601011201 Stat:DELIVRD Err:000 Text:",
      fields: whole,
    },
    {
      text: " id: 1  sub: 001  dlvrd : 001 submitdate:2601011200 done_date:2601011201 stat:  DELIVRD err:000\n",
      fields: whole,
    },
    {
      text: "id:1 submit_date:260101120000 donedate:260101120130 stat:EXPIRED err:0B4",
      fields: { "submit date": "260101120000", "done date": "260101120130", stat: "EXPIRED", err: "0B4" },
    },
    {
      text: "id:1 submit date:2026-01-01 12:00:00 done date:2026-01-01 12:00 stat:UNDELIV",
      fields: { "submit date": "2026-01-01 12:00:00", "done date": "2026-01-01 12:00", stat: "UNDELIV" },
    },
    { text: "id:1 stat:REJECTD err: text:x", fields: { stat: "REJECTD", err: "" } },
    { text: "dlvrd:000 stat:UNDELIV", fields: { dlvrd: "000", stat: "UNDELIV" } },
    { text: "stat:UNDELIV done date:2601011201", fields: { stat: "UNDELIV", "done date": "2601011201" } },
    { text: "id: stat:", fields: { stat: "" } },
    // the text is the message's own, whatever it says
    { text: "id:1 stat:DELIVRD text:stat:EXPIRED err:7 done date:1", fields: { stat: "DELIVRD" } },
    { text: "id:1 stat:DELIVRD err:000 text:a\nstat:EXPIRED", fields: { stat: "DELIVRD", err: "000" } },
    { text: "id:1 stat:DELIVRD stat:EXPIRED", fields: { stat: "DELIVRD" } },
    { text: "id:1 stat:DELIVRD err:000 hello 13900000000", fields: { stat: "DELIVRD", err: "000" } },
    { text: "id:1 stat:DELIVRD err:000 network_code:26201 msc:49", fields: { stat: "DELIVRD", err: "000" } },
  ];
  it.each(rows)("$text", ({ text, fields }) => {
    expect(parseSmppReceipt(text)).toEqual(fields);
  });

  const others = [
    ...["", "id:1", "stat:DELIVRD", "stat:DELIVRD err:000", "id:1 text:stat:DELIVRD", "idstat:DELIVRD id:1"],
    ...[
      "Your receipt id:1 stat:DELIVRD",
      '{"id":"1 stat:DELIVRD"}',
      "text:id:1 stat:DELIVRD",
      "id=1&stat=DELIVRD",
    ],
    ...["id:1 status:DELIVRD", "id:1,stat:DELIVRD", "id 1 stat DELIVRD"],
  ];
  it.each(others)("is not %j", (text) => {
    expect(parseSmppReceipt(text)).toBeUndefined();
  });

  it("is read as it was written, without the id and the text", () => {
    const word = fc.stringMatching(/^[A-Z0-9_-]{1,12}$/);
    const date = fc.stringMatching(/^(?:\d{10}|\d{12})$/);
    const cased = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.toUpperCase(),
      (text) => text.replaceAll(" date", "date"),
      (text) => text.replaceAll(" date", "_Date"),
    );
    fc.assert(
      fc.property(word, word, date, date, word, fc.string({ unit: "binary" }), cased, (...sent) => {
        const [id, stat, submitted, done, err, message, write] = sent;
        const fields = { sub: "001", dlvrd: "000", "submit date": submitted, "done date": done, stat, err };
        const text = Object.entries(fields).map(([name, value]) => `${write(name)}:${value}`);
        expect(
          parseSmppReceipt(`${write("id")}:${id} ${text.join(" ")} ${write("text")}:${message}`),
        ).toEqual(fields);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is looked for in any text without throwing, and nothing else is said of it", () => {
    const rough = fc.array(
      fc.constantFrom("id:", "stat", ":", " ", "done date", "err:", "text:", "x", "空", "-"),
    );
    const names = ["sub", "dlvrd", "submit date", "done date", "stat", "err"];
    fc.assert(
      fc.property(
        fc.oneof(
          rough.map((parts) => parts.join("")),
          fc.string({ unit: "binary" }),
        ),
        (text) => {
          const fields = parseSmppReceipt(text) ?? {};
          expect(names).toEqual(expect.arrayContaining(Object.keys(fields)));
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it("may be as long as a value", () => {
    const fields = { stat: "DELIVRD" };
    for (const part of ["x", "x ", "x:", "x :", " ", "-", "a_ ", "submit ", "submit date:", "stat: "]) {
      const rest = part.repeat(largestValue / 16);
      expect([part, parseSmppReceipt(`id:1 stat:DELIVRD ${rest}`)?.stat]).toEqual([part, fields.stat]);
      expect([part, parseSmppReceipt(`id:1 stat:DELIVRD text:${rest}`)]).toEqual([part, fields]);
    }
  });
});
