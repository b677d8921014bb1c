import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { packBase, smallPack } from "../codes/small-pack.ts";
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
      "chuanglan",
      "--scope",
      "sms_receipt",
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^PROVIDER +CODE +SCOPE +CATEGORY .*\nchuanglan +DELIVRD +sms_receipt +delivered .*\n$/,
    );
  });

  it.each([
    { args: ["--scope", "sms_reciept"], flag: "scope", hint: "Did you mean `sms_receipt`?" },
    { args: ["--provider", "alyun"], flag: "provider", hint: "Did you mean `aliyun`?" },
    {
      args: ["--provider", "tencent", "--scope", "voice_smart_status"],
      flag: "scope",
      hint: "It is a scope of the provider aliyun; set that provider.",
    },
  ])("refuses a table that there is not: $args", async ({ args, flag, hint }) => {
    const stderr = `--${flag}: must be a ${flag} of the code map, not \`${args.at(-1)}\`\n    ${hint}\n`;
    expect(await inProcess(["codes", "list", ...args])).toEqual({ code: 2, stdout: "", stderr });
  });
});

describe("codes list of a pack", () => {
  const args = () => [
    "codes",
    "list",
    "--code-maps",
    write("nimbus.yaml", smallPack),
    "--provider",
    "nimbus",
  ];
  const listed = async (...filters: string[]) => {
    const base = ["--code-map", write("base.yaml", packBase)];
    const { stdout } = await inProcess([...args(), ...base, ...filters, "--output", "json"]);
    return (JSON.parse(stdout) as { code: string }[]).map(({ code }) => code);
  };

  it("gives those of a category, and those of which a reading is sure", async () => {
    expect(await listed()).toEqual(["OK", "DB:0144", "db:0141", "07", "9"]);
    expect(await listed("--category", "blacklist")).toEqual(["DB:0144", "db:0141", "07", "9"]);
    expect(await listed("--confidence", "medium")).toEqual(["db:0141"]);
    expect(await listed("--category", "blacklist", "--scope", "send_api", "--confidence", "high")).toEqual([
      "9",
    ]);
  });

  it("says where a reading comes from", async () => {
    const base = ["--code-map", write("base.yaml", packBase)];
    const { stdout } = await inProcess([...args(), ...base, "--confidence", "medium", "--output", "json"]);
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ confidence: "medium", source: { title: "Draft", edition: "v2" } }),
    ]);
  });

  it("refuses a category and a confidence that there is not", async () => {
    const refused = async (...words: string[]) => (await inProcess(["codes", "list", ...words])).stderr;
    expect(await refused("--category", "blaklist")).toBe(
      "--category: unknown category `blaklist`\n    Did you mean `blacklist`?\n",
    );
    expect(await refused("--confidence", "sure")).toBe(
      "--confidence: unknown confidence `sure`\n    Use one of: high, medium.\n",
    );
  });

  it("is explained by classify with its provider, and by no other", async () => {
    const own = ["--code-map", write("base.yaml", packBase), "--code-maps", write("nimbus.yaml", smallPack)];
    const { stdout } = await inProcess(["classify", "DB:0141", "--provider", "nimbus", ...own]);
    expect(stdout).toMatch(/^db:0141 +sms_receipt +blacklist +failed .*The carrier's own/m);
    expect((await inProcess(["classify", "DB:0141", "--provider", "acme", ...own])).stdout).toMatch(
      / unknown +unknown /,
    );
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

  it("compares two packs by the packaged categories, and what lies over a map with the map", async () => {
    const pack = smallPack.replace(/\n {2}send_api:[\s\S]*/, "\n");
    const [one, two] = [write("a.yaml", pack), write("b.yaml", pack.replace('- "DB:0144"', '- "DB:0145"'))];
    const differences = async (...files: string[]) =>
      JSON.parse((await inProcess(["codes", "diff", ...files, "--output", "json"])).stdout).map(
        ({ change, code }: { change: string; code: string }) => `${change} ${code}`,
      );
    expect(await differences(one, two)).toEqual(["added DB:0145", "removed DB:0144"]);
    const mine =
      "version: 1\nproviders: { aliyun: { sms_receipt: { codes: { MINE: { category: blacklist } } } } }\n";
    expect(await differences(packagedMap, `${packagedMap},${write("mine.yaml", mine)}`)).toEqual([
      "added MINE",
    ]);
  });

  it("shows the problems of both files, and ends with 2", async () => {
    const [one, two] = [write("one.yaml", "version: 2\n"), write("two.yaml", "versoin: 1\n")];
    const { code, stdout, stderr } = await inProcess(["codes", "diff", one, two]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`${one}:1:10: `);
    expect(stderr).toContain(`${two}:1:1: `);
  });
});

test.each([
  { args: [], says: "codes needs one of list, diff, unknown" },
  { args: ["dif", "a", "b"], says: "unknown action codes dif; did you mean diff?" },
  { args: ["toString"], says: "unknown action codes toString; use list, diff, unknown" },
  { args: ["diff", "a"], says: "codes diff takes two files, the old one and the new one" },
  {
    args: ["unknown"],
    says: "codes unknown needs one of --input FILE, --exporter URL, --prometheus URL and --from TIME",
  },
  {
    args: ["unknown", "--input", "a", "--exporter", "http://b"],
    says: "codes unknown needs one of --input FILE, --exporter URL, --prometheus URL and --from TIME",
  },
  { args: ["unknown", "--input", "a", "--since", "7d"], says: "--since needs --prometheus" },
  { args: ["unknown", "--input", "a", "--accept", "high"], says: "--accept needs --patch" },
  { args: ["unknown", "--input", "a", "--patch", "b", "--accept", "low"], says: "--accept must be high" },
  {
    args: ["unknown", "--prometheus", "localhost:9090"],
    says: "--prometheus must be an address that begins with http:// or https://",
  },
  {
    args: ["unknown", "--prometheus", "http://b", "--since", "0d"],
    says: "--since must be a duration such as 7d",
  },
  { args: ["unknown", "--input", "a", "x"], says: "codes unknown takes flags only, not x" },
  { args: ["list", "12"], says: "codes list takes flags only, not 12" },
  { args: ["diff", "a", "b", "--scope", "api"], says: "codes diff does not take --scope" },
  { args: ["list", "--input", "a"], says: "codes list does not take --input" },
  { args: ["list", "--output", "xml"], says: "--output must be table or json" },
])("codes $args: $says", async ({ args, says }) => {
  const { code, stdout, stderr } = await inProcess(["codes", ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toBe(`dlr-exporter: ${says}\nSee dlr-exporter codes --help\n`);
});
