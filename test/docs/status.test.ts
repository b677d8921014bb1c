import { statSync } from "node:fs";
import { expect, it } from "vitest";
import { mostRows } from "../../src/http/status.ts";
import { busyStatus } from "../http/example-status.ts";
import { sectionUnder, tableUnder } from "./markdown.ts";
import { readPage } from "./pages.ts";

const page = readPage("docs/operations.md");

/** The names of all members, however deep; those of a record by label are no names. */
function membersOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(membersOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, own]) => [
    name,
    ...(name === "unknown_without_code" ? [] : membersOf(own)),
  ]);
}

it("docs/operations.md tells every member of /-/status", () => {
  const told = tableUnder(page, "The status page").flatMap((cells) =>
    cells.flatMap((cell) => Array.from(cell.matchAll(/`([a-z_]+)`/g), ([, name]) => name)),
  );
  const members = new Set(membersOf(busyStatus));
  expect(members.size).toBeGreaterThan(50);
  expect([...members].filter((name) => !told.includes(name))).toEqual([]);
});

it("docs/operations.md tells how many rows the page has at most", () => {
  const section = sectionUnder(page, "The status page");
  const { topics, partitions, unknown_codes, suggestions, said_by, malformed } = mostRows;
  for (const words of [
    `at most ${topics} topics, ${partitions} partitions`,
    `${unknown_codes} unknown codes with ${suggestions} suggestions of ${said_by} sources each`,
    `${malformed} malformed reasons`,
  ])
    expect(section).toContain(words);
});

it("the picture in docs/ is small", () => {
  expect(statSync("docs/status-page.png").size).toBeLessThan(150_000);
});
