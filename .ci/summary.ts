import { readResults } from "../test/brokers/report.ts";

const [status = "1", ...reports] = process.argv.slice(2);
const runs = reports.map(readResults);
let passed = 0;
let failed = 0;
for (const run of runs) {
  passed += run.passed;
  failed += run.failed.length + run.skipped.length + run.suites.length;
  for (const test of run.skipped) console.log(`skipped, which counts as failed here: ${test}`);
  for (const { test } of run.suites) console.log(`a suite failed outside its tests: ${test}`);
}
if (failed === 0 && (status !== "0" || !runs.every(({ success, passed }) => success && passed > 0))) {
  failed++;
  console.log(`something failed beside the tests (exit code ${status})`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
