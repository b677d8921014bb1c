import { stripVTControlCharacters } from "node:util";
import { table } from "../../src/table.ts";
import type { Cell } from "./cell.ts";

const longestMessage = 12;

/** The result of every cell, a row each. */
export function matrixTable(cells: readonly Cell[]): string {
  return table([
    ["KAFKA", "NODE.JS", "PASSED", "FAILED", "SKIPPED", "SECONDS"],
    ...cells.map(({ kafka, node, passed, failed, skipped, seconds }) => [
      ...[kafka.release, node.release, passed, failed.length, skipped.length],
      Math.round(seconds),
    ]),
  ]);
}

/** What failed in a cell and what was skipped there, each failure with the beginning of what it said. */
export function cellNotes({ failed, skipped }: Cell): string {
  const failures = failed.map(({ test, message }) => {
    const lines = stripVTControlCharacters(message).trim().split("\n").slice(0, longestMessage);
    return [`failed: ${test}`, ...lines.map((line) => `    ${line}`)].join("\n");
  });
  return [...failures, ...skipped.map((test) => `skipped: ${test}`)].map((note) => `${note}\n`).join("");
}
