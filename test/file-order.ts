import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest, the longest first: begun early, none of it is left alone at the end. */
const longest = [
  "integration/replay-failures",
  "integration/large-ledger",
  "integration/topic-patterns",
  "kafka/simulation/simulation",
  "receipts/scan/differential",
  "integration/durability",
  "integration/duplicates",
  "integration/dimensions",
  "integration/dashboards",
  "integration/replay-resume",
  "integration/replay-order",
  "integration/links",
  "integration/demo",
  "integration/codecs",
  "integration/broker-failures",
  "integration/replay-gaps",
  "integration/replay-remote-write",
  "integration/sample",
  "integration/replay-output",
  "integration/broker",
  "grafana/rules",
  "docs/manual",
  "deploy/release",
  "codes/parse-limits",
  "commands/ending",
  "commands/privacy",
  "receipts/decode",
  "commands/run/run-exporter",
  "receipts/decode-mutations",
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
