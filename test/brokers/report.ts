import { existsSync, readFileSync } from "node:fs";

/** The part of Vitest's JSON report that counts. */
interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

/** A test that failed, or a file of tests, and what it said. */
export interface Failure {
  readonly test: string;
  readonly message: string;
}

/** What a run of Vitest came to. */
export interface Results {
  readonly passed: number;
  readonly failed: readonly Failure[];
  /** The files that failed outside their tests. */
  readonly suites: readonly Failure[];
  /** The names of the tests that were not run. */
  readonly skipped: readonly string[];
  /** Whether Vitest itself says that all is well. */
  readonly success: boolean;
}

/** Reads Vitest's report; without one (type check, lint or set-up failed before there were tests) nothing has passed. */
export function readResults(file: string): Results {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (text === "") return { passed: 0, failed: [], suites: [], skipped: [], success: false };
  const { success, testResults } = JSON.parse(text) as Report;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const suites = testResults.filter(
    (suite) => suite.status === "failed" && !suite.assertionResults.some(({ status }) => status === "failed"),
  );
  return {
    passed: tests.filter(({ status }) => status === "passed").length,
    failed: tests
      .filter(({ status }) => status === "failed")
      .map(({ fullName, failureMessages }) => ({
        test: fullName,
        message: (failureMessages ?? []).join("\n"),
      })),
    suites: suites.map(({ name, message }) => ({ test: name, message: message ?? "" })),
    skipped: tests
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map(({ fullName }) => fullName),
    success,
  };
}
