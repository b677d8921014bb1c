import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { median } from "./compare.ts";
import { variationsOf } from "./grow.ts";
import { readOptions } from "./options.ts";
import { describeWorkload, withSection, writeSection } from "./results.ts";

const usual = readOptions([])?.workload;
if (usual === undefined) throw new Error("the usual workload is missing");

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

it("describes a workload so that another one reads differently", () => {
  expect(describeWorkload(usual)).toBe(
    "5,000,000 receipts, 4 partitions, uncompressed, 1 a record, 200 codes",
  );
  const names = variationsOf(usual).map(({ workload }) => describeWorkload(workload));
  expect(new Set(names).size).toBe(names.length);
});

it("grows one thing at a time, to every size that is asked for", () => {
  const [base, ...others] = variationsOf(usual);
  expect(base?.workload).toBe(usual);
  expect(others.map(({ name }) => name)).toEqual([
    ...["partitions: 1", "partitions: 16", "partitions: 64"],
    ...["receipts a record: 10", "receipts a record: 100"],
    ...["codec: gzip", "codec: snappy", "codec: lz4", "codec: zstd"],
    ...["codes in the map: 10", "codes in the map: 100", "codes in the map: 1,000"],
  ]);
  const small = others.find(({ name }) => name === "codes in the map: 10");
  expect(small?.workload).toEqual({ ...usual, codes: 10, distinct: 10 });
});

it.each([
  { numbers: [3], middle: 3 },
  { numbers: [9, 1, 5], middle: 5 },
  { numbers: [4, 1, 2, 9], middle: 3 },
])("the median of $numbers is $middle", ({ numbers, middle }) => {
  expect(median(numbers)).toBe(middle);
});

it.each([
  { args: ["--messages", "0"], told: "--messages takes a whole number" },
  { args: ["--codes", "1"], told: "--codes takes a whole number from 2 on" },
  { args: ["--codec", "rar"], told: "--codec is one of none, gzip, snappy, lz4, zstd" },
  { args: ["--rounds", "2x"], told: "--rounds takes a whole number" },
  { args: ["--round", "2"], told: "--round" },
])("refuses $args", ({ args, told }) => {
  expect(() => readOptions(args)).toThrow(told);
});

it("reads its flags", () => {
  const given = ["--messages", "50", "--partitions", "2", "--codec", "zstd", "--per-record", "5"];
  expect(readOptions([...given, "--codes", "7", "--rounds", "1", "--results", "x.md"])).toEqual({
    mode: "compare",
    workload: { messages: 50, partitions: 2, codec: "zstd", perRecord: 5, codes: 7, distinct: 7 },
    rounds: 1,
    results: "x.md",
  });
  expect(readOptions(["--grow"])).toMatchObject({ mode: "grow", workload: { messages: 1_000_000 } });
  expect(readOptions(["--scrape"])).toMatchObject({ mode: "scrape" });
});
