import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as bounds from "../../src/bounds.ts";
import { tableUnder } from "./markdown.ts";
import { readPage } from "./pages.ts";

const mebi = 1024 * 1024;

it("docs/operations.md tells every bound, in the order of the file", () => {
  const units: Partial<Record<string, string>> = {
    longestCode: `${bounds.longestCode} characters`,
    clockTolerance: `${bounds.clockTolerance / 60_000} minutes`,
    longestDelay: `${bounds.longestDelay / 86_400_000} days`,
  };
  const inFile = [...readFileSync("src/bounds.ts", "utf8").matchAll(/^export const (\w+)/gm)].map(
    ([, name = ""]) => name,
  );
  expect(new Set(inFile)).toEqual(new Set(Object.keys(bounds)));
  const values = new Map<string, number>(Object.entries(bounds));
  const told = inFile.map((name) => {
    const value = values.get(name) ?? Number.NaN;
    if (units[name] !== undefined) return units[name];
    return value % mebi === 0 ? `${value / mebi} MiB` : value.toLocaleString("en");
  });
  const table = tableUnder(readPage("docs/operations.md"), "Limits");
  expect(table.map(([, bound]) => bound)).toEqual(told);
});
