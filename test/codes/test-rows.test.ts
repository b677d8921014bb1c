import { expect, test } from "vitest";
import { parseCodeMap } from "../../src/codes/parse.ts";
import { runMapTests } from "../../src/codes/test-rows.ts";
import { smallMap } from "./small-map.ts";

const head = smallMap.slice(0, smallMap.indexOf("  - {"));

function run(row: string): string[] {
  const parsed = parseCodeMap(`${head}  - { ${row} }\n`, "map.yaml");
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return runMapTests(parsed.map, parsed.tests).map(
    ({ file, line, column, message, hint }) => `${file}:${line}:${column}: ${message} | ${hint}`,
  );
}

const receipt = "provider: acme, scope: sms_receipt";

test.each([
  {
    name: "a listed code",
    row: `${receipt}, code: "012", flag: failed, category: empty_number, outcome: failed`,
  },
  {
    name: "a code that must stay unlisted",
    row: `${receipt}, code: 12, flag: failed, category: unknown, outcome: failed`,
  },
  {
    name: "no code",
    row: `${receipt}, code: "", flag: none, category: unknown, outcome: unknown`,
  },
  {
    name: "an API that is not named",
    row: "provider: acme, scope: api, code: ok, flag: accepted, category: accepted, outcome: accepted",
  },
])("holds for $name", ({ row }) => {
  expect(run(row)).toEqual([]);
});

test.each([
  {
    name: "the category is another",
    row: `${receipt}, code: "012", flag: failed, category: unknown, outcome: failed`,
    problem:
      'acme/sms_receipt "012" (failed) is empty_number, failed; the test says unknown, failed' +
      ' | The table lists it as "012": empty_number, failed.',
  },
  {
    name: "the outcome is another",
    row: `${receipt}, code: EXP-1, flag: delivered, category: delivered, outcome: failed`,
    problem:
      'acme/sms_receipt "EXP-1" (delivered) is delivered, delivered; the test says delivered, failed' +
      ' | The table lists it as "exp-1": unknown, unknown.',
  },
  {
    name: "the code is not listed",
    row: `${receipt}, code: 12, flag: failed, category: empty_number, outcome: failed`,
    problem:
      'acme/sms_receipt "12" (failed) is unknown, failed; the test says empty_number, failed' +
      " | The table does not list the code.",
  },
])("fails when $name", ({ row, problem }) => {
  expect(run(row)).toEqual([`map.yaml:31:5: ${problem}`]);
});
