import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inProcess } from "../in-process.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-dimensions-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const configOf = (values: number) => {
  const config = join(folder, `dlr-${values}.yaml`);
  writeFileSync(
    config,
    `dimension_values: ${values}
topics:
  - topic: sms
    format: tmc-sms
    dimensions: { signature: { from: /sign_name }, template: { from: /template_code } }
`,
  );
  return config;
};

function receipt(code: string, delivered: boolean, sign_name?: string): string {
  const state = delivered ? "1" : "2";
  return JSON.stringify({ state, err_code: code, biz_id: "1^1", receiver: "13000000000", sign_name });
}

const lines = [
  receipt("DELIVRD", true, "Rare"),
  ...Array.from({ length: 4 }, () => receipt("DELIVRD", true, "Shop")),
  ...Array.from({ length: 3 }, () => receipt("DB:0141", false, "Shop")),
  ...Array.from({ length: 2 }, () => receipt("DB:0141", false, "Bank")),
  receipt("NEW:1", false, "Bank"),
  receipt("DELIVRD", true),
  receipt("DELIVRD", true, "13900000000"),
];

function run(values: number, ...argv: string[]) {
  return inProcess(["classify", "--input", "-", "--config", configOf(values), ...argv], {
    stdin: [lines.join("\n")],
  });
}

describe("classify --input by dimension", () => {
  it("prints a table for each, the commonest value first", async () => {
    const { stdout } = await run(30);
    expect(stdout).toContain(`
DIMENSION  VALUE      RECEIPTS  DELIVERED  FAILS MOSTLY AS
signature  Shop              7  57.1 %     blacklist 3
signature  Bank              3  0.0 %      blacklist 2
signature  Rare              1  100.0 %    -
signature  _none             1  100.0 %    -
signature  _redacted         1  100.0 %    -

DIMENSION  VALUE  RECEIPTS  DELIVERED  FAILS MOSTLY AS
template   _none        13  53.8 %     blacklist 5

records 13, receipts 13, `);
    expect(stdout).not.toContain("139");
  });

  it("names the commonest, whichever came first, and adds up to the receipts", async () => {
    const { stdout } = await run(3, "--output", "json");
    const { counts, dimensions } = JSON.parse(stdout);
    expect(dimensions.signature).toEqual([
      { value: "Shop", category: "blacklist", outcome: "failed", count: 3 },
      { value: "Shop", category: "delivered", outcome: "delivered", count: 4 },
      { value: "_other", category: "blacklist", outcome: "failed", count: 2 },
      { value: "_other", category: "delivered", outcome: "delivered", count: 1 },
      { value: "_other", category: "unknown", outcome: "failed", count: 1 },
      { value: "_none", category: "delivered", outcome: "delivered", count: 1 },
      { value: "_redacted", category: "delivered", outcome: "delivered", count: 1 },
    ]);
    const byCategory = (all: readonly { category: string; count: number }[]) => {
      const sums: Record<string, number> = {};
      for (const { category, count } of all) sums[category] = (sums[category] ?? 0) + count;
      return sums;
    };
    expect(byCategory(dimensions.signature)).toEqual(byCategory(counts));
    expect(byCategory(dimensions.template)).toEqual(byCategory(counts));
  });

  it("is not there without dimensions", async () => {
    const argv = ["classify", "--input", "-", "--format", "tmc-sms"];
    const stdin = [lines.join("\n")];
    expect((await inProcess(argv, { stdin })).stdout).not.toContain("DIMENSION");
    const { stdout } = await inProcess([...argv, "--output", "json"], { stdin });
    expect(JSON.parse(stdout)).not.toHaveProperty("dimensions");
  });

  it("is told of each record that is explained, and a number is not", async () => {
    const { stdout } = await run(30, "--explain");
    const values = stdout.split("\n").filter((line) => line.startsWith("  values"));
    expect(values.length).toBe(lines.length);
    expect(values[0]).toBe("  values     signature=Rare, template=_none");
    expect(values.at(-1)).toBe("  values     signature=_redacted, template=_none");
    expect(stdout).not.toContain("139");
  });
});
