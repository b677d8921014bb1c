import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readResults } from "./report.ts";

const folder = mkdtempSync(join(tmpdir(), "dlr-report-"));
afterAll(() => rmSync(folder, { recursive: true }));

function written(report: object): string {
  const file = join(folder, "report.json");
  writeFileSync(file, JSON.stringify(report));
  return file;
}

const test = (fullName: string, status: string, ...failureMessages: string[]) => ({
  fullName,
  status,
  failureMessages,
});

describe("readResults", () => {
  it("tells what passed, what failed and what was skipped", () => {
    const file = written({
      success: false,
      testResults: [
        { name: "a", status: "passed", assertionResults: [test("one", "passed"), test("two", "skipped")] },
        { name: "b", status: "failed", assertionResults: [test("three", "failed", "lost 1")] },
      ],
    });
    expect(readResults(file)).toEqual({
      passed: 1,
      failed: [{ test: "three", message: "lost 1" }],
      suites: [],
      skipped: ["two"],
      success: false,
    });
  });

  it("tells of a file that failed though none of its tests did", () => {
    const suite = { name: "a", status: "failed", message: "no such export", assertionResults: [] };
    const results = readResults(written({ success: false, testResults: [suite] }));
    expect(results.suites).toEqual([{ test: "a", message: "no such export" }]);
  });

  it("takes a report that was never written for one in which nothing passed", () => {
    expect(readResults(join(folder, "nowhere.json"))).toMatchObject({ passed: 0, success: false });
  });
});
