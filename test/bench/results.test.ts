import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { variationsOf } from "./grow.ts";
import { withSection, writeSection } from "./results.ts";
import { describeWorkload, usual } from "./workload.ts";

it("replaces the section of the same heading, and leaves all others as they are", () => {
  const one = withSection("# Results\n\nText.\n", "A", "first");
  const two = withSection(one, "A B", "second");
  expect(two).toBe("# Results\n\nText.\n\n## A\n\nfirst\n\n## A B\n\nsecond\n");
  expect(withSection(two, "A", "again\n\nand more")).toBe(
    "# Results\n\nText.\n\n## A\n\nagain\n\nand more\n\n## A B\n\nsecond\n",
  );
});

it("begins a file that is not there, and finds its own section in it again", () => {
  const folder = mkdtempSync(join(tmpdir(), "dlr-bench-results-"));
  try {
    const file = join(folder, "RESULTS.md");
    writeSection(file, "A", "first");
    writeSection(file, "A", "second");
    const text = readFileSync(file, "utf8");
    expect(text).toMatch(/^# What the benchmark measured\n/);
    expect(text).toMatch(/\n\n## A\n\nsecond\n$/);
    expect(text).not.toContain("first");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("grows one thing at a time, to every size that is asked for", () => {
  const [base, ...others] = variationsOf(usual);
  expect(base?.workload).toBe(usual);
  expect(others.map(({ name }) => name)).toEqual([
    ...["partitions: 1", "partitions: 16", "partitions: 64"],
    ...["codes in the map: 10", "codes in the map: 100", "codes in the map: 1,000"],
  ]);
  const names = [base, ...others].map((one) => describeWorkload(one?.workload ?? usual));
  expect(new Set(names).size).toBe(names.length);
  const small = others.find(({ name }) => name === "codes in the map: 10");
  expect(small?.workload).toEqual({ ...usual, codes: 10, distinct: 10 });
});
