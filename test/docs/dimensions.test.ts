import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { mostDimensions } from "../../src/config/dimension-schema.ts";
import { loadSettings } from "../../src/config/load.ts";
import { clearlyMore, leastWaiting, mostTurns } from "../../src/ledger/marginals.ts";
import { checkpointsPerTurn } from "../../src/ledger/partition-ledger.ts";
import { personalDigits, phoneDigits } from "../../src/masking.ts";
import { definitions } from "../../src/metrics/definitions.ts";
import { longestValue, wordsOfSentence } from "../../src/receipts/dimensions/value-label.ts";
import { readPage } from "./pages.ts";

const page = readPage("docs/dimensions.md");

it("has an example that is read as it stands", () => {
  const folder = mkdtempSync(join(tmpdir(), "dlr-exporter-docs-"));
  try {
    const config = join(folder, "dlr.yaml");
    writeFileSync(config, /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "");
    const loaded = loadSettings({ flags: { config }, env: {} });
    const names = "settings" in loaded ? loaded.settings.topics[0]?.shape.dimensions : loaded.problems;
    expect(names).toMatchObject(
      ["signature", "template", "app", "tenant", "batch", "number_block"].map((name) => ({ name })),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("states the bounds that hold", () => {
  const numbers = ["no", "one", "two", "three", "four", "five", "six", "seven"];
  for (const sentence of [
    `at most ${mostDimensions} dimensions`,
    `every five minutes (${checkpointsPerTurn} commits) the ${numbers[mostTurns]} most frequent`,
    `at least ${leastWaiting} receipts and twice as many`,
    `(${personalDigits} digits or more; ${phoneDigits} behind a letter`,
    `${numbers[wordsOfSentence]} words, more than ${longestValue} characters`,
    `\`${definitions.receiptsBy.name}{${definitions.receiptsBy.labels.join(", ")}}\``,
  ])
    expect(page).toContain(sentence);
  expect(clearlyMore).toBe(2);
});
