import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest, the longest first: begun early, none of it is left alone at the end. */
const longest = [
  "integration/large-ledger",
  "integration/replay-failures",
  "kafka/simulation/simulation",
  "integration/broker",
  "integration/replay-order",
  "integration/broker-failures",
  "integration/durability",
  "integration/links",
  "integration/dashboards",
  "integration/replay-resume",
  "integration/replay-gaps",
  "integration/sample",
  "receipts/decode-mutations",
  "grafana/rules",
  "commands/replay/targets",
];

/** The order of the test files: those on a broker first, which mostly wait, then those that compute. */
export class FileOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = new Map(files.map((file) => [file, rankOf(file)]));
    return files.toSorted(
      (a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0) || a.moduleId.localeCompare(b.moduleId),
    );
  }
}

/** A worker serves one project on end, so that of each project stands together. */
function rankOf({ moduleId, project }: TestSpecification): number {
  const kind = ["alone", "integration", "unit"].indexOf(project.name);
  const place = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return kind * 1_000 + (place < 0 ? longest.length : place);
}
