import { expect, it } from "vitest";
import { newestKafka } from "../lab/kafka-versions.ts";
import type { Cell } from "./cell.ts";
import { cellNotes, matrixTable } from "./matrix-table.ts";

const cell: Cell = {
  kafka: { ...newestKafka, release: "4.3.1" },
  node: { name: "24", release: "24.0.0" },
  passed: 60,
  failed: [{ test: "durability counts", message: `\u001b[31mlost 1\u001b[39m\n${"at x\n".repeat(40)}` }],
  skipped: ["codecs zstd by kcat"],
  seconds: 61.4,
};

it("a cell is a row", () => {
  expect(matrixTable([cell])).toBe(
    "KAFKA  NODE.JS  PASSED  FAILED  SKIPPED  SECONDS\n" +
      "4.3.1  24.0.0       60       1        1       61\n",
  );
});

it("a failure says the beginning of its message, without colours", () => {
  const notes = cellNotes(cell).split("\n");
  expect(notes.slice(0, 2)).toEqual(["failed: durability counts", "    lost 1"]);
  expect(notes.length).toBeLessThan(20);
  expect(notes).toContain("skipped: codecs zstd by kcat");
});
