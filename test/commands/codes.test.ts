import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { inProcess } from "./in-process.ts";

const packagedMap = fileURLToPath(new URL("../../config/code-map.yaml", import.meta.url));

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-codes-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe("codes list", () => {
  it("gives every code of the map once", async () => {
    const { code, stdout } = await inProcess(["codes", "list", "--output", "json"]);
    const listed = JSON.parse(stdout) as { scope: string; code: string }[];
    const { stdout: checked } = await inProcess(["check"]);
    expect(code).toBe(0);
    expect(checked).toContain(` ${listed.length} codes, `);
    expect(listed).toContainEqual(
      expect.objectContaining({ provider: "aliyun", scope: "sms_receipt", code: "DB:0141" }),
    );
  });

  it("gives those of one table, as text", async () => {
    const { code, stdout } = await inProcess([
      "codes",
      "list",
      "--provider",
      "tencent",
      "--scope",
      "sms_receipt",
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^PROVIDER +CODE +SCOPE +CATEGORY .*\ntencent +DELIVRD +sms_receipt +delivered .*\n$/,
    );
  });

  it.each([
    { args: ["--scope", "sms_reciept"], flag: "scope", hint: "Did you mean `sms_receipt`?" },
    { args: ["--provider", "alyun"], flag: "provider", hint: "Did you mean `aliyun`?" },
    {
      args: ["--provider", "tencent", "--scope", "voice_receipt"],
      flag: "scope",
      hint: "It is a scope of the provider aliyun: name that one.",
    },
  ])("refuses a table that there is not: $args", async ({ args, flag, hint }) => {
    const stderr = `--${flag}: must be a ${flag} of the code map, not \`${args.at(-1)}\`\n    ${hint}\n`;
    expect(await inProcess(["codes", "list", ...args])).toEqual({ code: 2, stdout: "", stderr });
  });
});

describe("codes diff", () => {
  const text = readFileSync(packagedMap, "utf8");

  it("prints a line for each change", async () => {
    const changed = write("changed.yaml", text.replace("category: empty_number", "category: invalid_number"));
    const { code, stdout } = await inProcess(["codes", "diff", packagedMap, changed]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^CHANGE .*\nchanged +aliyun +sms_receipt +12 +category empty_number → invalid_number\n$/,
    );
  });

  it("prints nothing but the head when there is none, and no element", async () => {
    expect((await inProcess(["codes", "diff", packagedMap, packagedMap])).stdout).toMatch(/^CHANGE .*\n$/);
    expect((await inProcess(["codes", "diff", packagedMap, packagedMap, "--output", "json"])).stdout).toBe(
      "[]\n",
    );
  });

  it("shows the problems of both files, and ends with 2", async () => {
    const [one, two] = [write("one.yaml", "version: 2\n"), write("two.yaml", "versoin: 1\n")];
    const { code, stdout, stderr } = await inProcess(["codes", "diff", one, two]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`${one}:1:10: `);
    expect(stderr).toContain(`${two}:1:1: `);
  });
});

describe("codes unknown", () => {
  const own = { provider: "aliyun", channel: "sms", scope: "sms_receipt" };
  const receipts = ["NEW:2", "NEW:1", "NEW:1", "12", "DELIVRD", ""]
    .map((err_code) => `${JSON.stringify({ biz_id: "1^2", state: "2", err_code })}\n`)
    .join("");

  it("gives the codes that the map does not list, and nothing else that counts as unknown", async () => {
    const args = ["codes", "unknown", "--input", "-", "--format", "tmc-sms"];
    const { code, stdout } = await inProcess([...args, "--output", "json"], { stdin: [receipts] });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      { ...own, code: "NEW:1", outcome: "failed", count: 2 },
      { ...own, code: "NEW:2", outcome: "failed", count: 1 },
    ]);
    const asTable = await inProcess(args, { stdin: [receipts] });
    expect(asTable.stdout).toMatch(
      /^PROVIDER .*\naliyun +sms_receipt +NEW:1 +failed +2\naliyun +sms_receipt +NEW:2 +failed +1\n$/,
    );
  });

  it("gives a code that only another provider's table lists", async () => {
    const args = ["codes", "unknown", "--input", "-", "--format", "tmc-sms", "--provider", "tencent"];
    const { stdout } = await inProcess([...args, "--output", "json"], { stdin: [receipts] });
    const codes = (JSON.parse(stdout) as { provider: string; code: string }[]).map((one) => one.code);
    expect(codes.toSorted()).toEqual(["12", "NEW:1", "NEW:2"]);
  });

  it("ends with 1 when the file cannot be read", async () => {
    const missing = join(folder, "missing.ndjson");
    expect(await inProcess(["codes", "unknown", "--input", missing])).toEqual({
      code: 1,
      stdout: "",
      stderr: `dlr-exporter: cannot read ${missing}: there is no such file\n`,
    });
  });
});

test.each([
  { args: [], says: "codes needs one of list, diff, unknown" },
  { args: ["dif", "a", "b"], says: "there is no codes dif; did you mean diff?" },
  { args: ["toString"], says: "there is no codes toString; it has list, diff, unknown" },
  { args: ["diff", "a"], says: "codes diff takes two files, the older and the newer" },
  { args: ["unknown"], says: "codes unknown needs --input FILE" },
  { args: ["list", "12"], says: "codes list takes flags only, not 12" },
  { args: ["diff", "a", "b", "--scope", "api"], says: "codes diff has no use for --scope" },
  { args: ["list", "--input", "a"], says: "codes list has no use for --input" },
  { args: ["list", "--output", "xml"], says: "--output is table or json" },
])("codes $args: $says", async ({ args, says }) => {
  const { code, stdout, stderr } = await inProcess(["codes", ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toBe(`dlr-exporter: ${says}\nSee dlr-exporter codes --help\n`);
});
