import { readFileSync } from "node:fs";

/** The part of Vitest's JSON report that counts. */
interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Reads the report; undefined when the run ended before there were tests (type check, lint, set-up). */
function readReport(file: string): Report | undefined {
  const text = readFileSync(file, "utf8");
  return text === "" ? undefined : (JSON.parse(text) as Report);
}

const [file = "", testStatus = "1"] = process.argv.slice(2);
const report = readReport(file);
let passed = 0;
let failed = 0;
for (const { name, status, assertionResults } of report?.testResults ?? []) {
  for (const test of assertionResults) {
    if (test.status === "passed") passed++;
    else {
      failed++;
      if (test.status !== "failed") console.log(`skipped, which counts as failed here: ${test.fullName}`);
    }
  }
  if (status === "failed" && !assertionResults.some((test) => test.status === "failed")) {
    failed++;
    console.log(`a suite failed outside its tests: ${name}`);
  }
}
if (failed === 0 && (testStatus !== "0" || report?.success !== true || passed === 0)) {
  failed++;
  console.log(`something failed beside the tests (exit code ${testStatus})`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
