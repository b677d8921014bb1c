import { describe, expect, it } from "vitest";
import { createDecoder, type RecordShape } from "../../../src/receipts/decode.ts";
import type { Description } from "../../../src/receipts/formats/description.ts";
import { recordOf, writeBatch } from "../../kafka/wire/batches.ts";
import { originals } from "../samples/originals.ts";
import { shapeOf } from "../support.ts";
import { havingRead, readAtOnce, readEach } from "./read-log.ts";

const record = JSON.stringify(originals.tmcSms?.value);
const auto = shapeOf();

/** The record with other times. */
function dated(change: (time: string) => string): string {
  return record.replaceAll(/"(?:send|rept)_time":"[^"]*"/g, change);
}

function at(clock: string): string {
  return dated((time) => time.replace(/ [\d:]+"/, ` ${clock}"`));
}

function withCode(code: string): string {
  return record.replace(/"err_code":"[^"]*"/, `"err_code":${code}`);
}

/** Reads a record between two others that are known; all must read the same as each by itself. */
function between(shape: RecordShape, known: string, second: string): number {
  const batch = writeBatch([known, second, known].map((value, i) => recordOf(value, i)));
  const log = readAtOnce(batch, havingRead(shape, known));
  expect(log.lines).toEqual(readEach(batch, createDecoder(shape)));
  return log.atOnce;
}

describe("a record is read with those around it", () => {
  const rows: readonly { name: string; second: string }[] = [
    { name: "where they are the same", second: record },
    { name: "at other times", second: dated((time) => time.replace("2015-04-14", "2026-01-31")) },
    { name: "at times in other formats", second: dated((time) => time.replaceAll("-", "/")) },
    { name: "at a date that is none", second: dated((time) => time.replace("04-14", "02-30")) },
    { name: "at an hour that is none", second: at("24:00:00") },
    { name: "at a minute that is none", second: at("12:60:00") },
    { name: "at a second that is none", second: at("23:59:60") },
    { name: "at a time with digits between digits", second: at("12221923") },
    { name: "at a time with other characters in it", second: at("12.21.23") },
    { name: "at times that are empty", second: dated((time) => time.replace(/:".*"/, ':""')) },
    { name: "without a member that is no word", second: record.replace(/"extend":"[^"]*",/, "") },
    { name: "with other members that no shape names", second: record.replace("{", '{"a":{"b":[1,2]},') },
    { name: "with another code, which is learned", second: withCode('"MK:0001"') },
    { name: "with another type of a code", second: withCode("0") },
    { name: "with more members that shapes name", second: record.replace("{", '{"msgid":"1",') },
    { name: "with a code as long as a word may be", second: withCode(`"${"x".repeat(64)}"`) },
  ];
  it.each(rows)("$name", ({ second }) => expect(between(auto, record, second)).toBe(3));

  it("where long words begin alike", () => {
    const long = withCode('"A code of more than sixteen letters"');
    expect(between(auto, long, long)).toBe(3);
    expect(between(auto, long, long.replace("letters", "LETTERS"))).toBe(3);
  });

  it("in a list of a shape without tests", () => {
    const description: Description = {
      when: [],
      codes: [{ at: ["/c"], scope: "s" }],
      sentAt: [{ at: "/first" }, { at: "/second" }],
    };
    const own = shapeOf({ formats: ["json"], json: [description] });
    const list = JSON.stringify([{ c: "1" }, { c: "1" }]);
    expect(between(own, list, list)).toBe(3);
    // The first of several times that is one.
    const known = '{"c":"1","first":"2026-01-01 00:00:00","second":"2026-01-02 00:00:00"}';
    expect(between(own, known, known.replace("01-01", "01/01"))).toBe(3);
    expect(between(own, known, known.replaceAll("-01-01", "/01/01"))).toBe(3);
    expect(between(own, known, known.replace("2026-01-01", "never"))).toBe(3);
    expect(between(own, known, known.replaceAll("2026", "none"))).toBe(3);
  });
});

describe("a record with a time in digits is read with those around it", () => {
  const description: Description = { when: [], codes: [{ at: ["/c"], scope: "s" }], sentAt: [{ at: "/t" }] };
  const own = shapeOf({ formats: ["json"], json: [description] });
  const timed = (time: string) => `{"c":"1","t":${time}}`;
  const times = ["1767196803000", "1000000000000", "9999999999999", "1234567890123", "9876543210987"];
  const texts = ["0000000000000", "0000000000001", "0123456789012", "2026010100000", "176719680300"];
  const [digits = ""] = times;
  const damaged = [...digits].flatMap((_, place) =>
    ["/", ":", "-", "A"].map((other) => digits.slice(0, place) + other + digits.slice(place + 1)),
  );
  const rows = [...times, ...[...times, ...texts, ...damaged].map((time) => JSON.stringify(time))];

  it.each(rows)("%s", (time) => {
    expect(between(own, timed("1767196803001"), timed("1767196803002"))).toBe(3);
    between(own, timed(time.startsWith('"') ? '"1767196803001"' : "1767196803001"), timed(time));
  });
});

describe("a record is read by itself", () => {
  const rows: readonly { name: string; second: string }[] = [
    { name: "with a code that is longer than a word", second: withCode(`"${"x".repeat(65)}"`) },
    { name: "where it is none", second: "{}" },
    { name: "where it is cut off", second: record.slice(0, -1) },
    { name: "where it is empty", second: "" },
    {
      name: "at a time with more digits than numbers have",
      second: dated((time) => time.replace(/:".*"/, ":1767196803000999999")),
    },
    { name: "at a time with an escape", second: dated((time) => time.replace(" ", "\\u0020")) },
  ];
  it.each(rows)("$name", ({ second }) => expect(between(auto, record, second)).toBe(2));

  it("where a frame has a text that may hold a receipt", () => {
    const frame = (content: string) => `{"content":${JSON.stringify(content)},"message":${record}}`;
    const form = "receiver=a&pswd=1&msgid=1&reportTime=2601010000&mobile=13000000000&status=UNDELIV&uid=1";
    expect(between(auto, frame("none"), frame("nothing"))).toBe(3);
    expect(between(auto, frame("none"), frame(form))).toBe(2);
    expect(between(auto, frame("none"), frame("[1]"))).toBe(2);
  });

  it("where a form ends with a blank", () => {
    const form = "receiver=a&pswd=1&msgid=1&reportTime=2601010000&mobile=13000000000&uid=1&status=UNDELIV";
    expect(between(auto, `${form}+`, `${form}+`)).toBe(3);
    expect(between(auto, `${form}+`, `${form} `)).toBe(2);
  });
});
