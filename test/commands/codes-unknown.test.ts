import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { inProcess } from "./in-process.ts";

let folder = "";
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-unknown-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The path of a file with this text, or of none. */
function fileOf(text?: string): string {
  files++;
  const file = join(folder, `mine-${files}.yaml`);
  if (text !== undefined) writeFileSync(file, text);
  return file;
}

function receipts(...codes: readonly string[]): string {
  return codes.map((err_code) => `${JSON.stringify({ biz_id: "1^2", state: "2", err_code })}\n`).join("");
}

const fromInput = ["codes", "unknown", "--input", "-", "--format", "tmc-sms"];

/** Patches a file with what is suggested for these codes, without a terminal. */
async function patch(file: string, codes: readonly string[], ...flags: string[]) {
  return inProcess([...fromInput, "--patch", file, ...flags], { stdin: [receipts(...codes)] });
}

const own = { provider: "aliyun", channel: "sms", scope: "sms_receipt" };
const nobody = { agreement: "none", suggestions: [] };

describe("codes unknown --input", () => {
  const codes = ["NEW:2", "NEW:1", "NEW:1", "12", "DELIVRD", ""];

  it("gives the codes that the map does not list, and nothing else that counts as unknown", async () => {
    const { code, stdout } = await inProcess([...fromInput, "--output", "json"], {
      stdin: [receipts(...codes)],
    });
    expect(code).toBe(0);
    const never = { first_seen: null, last_seen: null };
    expect(JSON.parse(stdout)).toEqual([
      { ...own, code: "NEW:1", outcome: "failed", count: 2, share: 0.333333, ...never, ...nobody },
      { ...own, code: "NEW:2", outcome: "failed", count: 1, share: 0.166667, ...never, ...nobody },
    ]);
    const asTable = await inProcess(fromInput, { stdin: [receipts(...codes)] });
    expect(asTable.stdout).toMatch(
      /^PROVIDER .*\naliyun +sms_receipt +NEW:1 +failed +2 +33.33 % +- +- +-\naliyun +sms_receipt +NEW:2 .*\n$/,
    );
  });

  it("says when the first and the last came", async () => {
    const at = (rept_time: string) =>
      `${JSON.stringify({ biz_id: "1^2", state: "2", err_code: "NEW", rept_time, send_time: rept_time })}\n`;
    const times = ["2026-11-24 12:00:05", "2026-11-23 08:00:00", "2026-11-24 11:00:00"];
    const { stdout } = await inProcess([...fromInput, "--output", "json"], { stdin: times.map(at) });
    expect(JSON.parse(stdout)).toMatchObject([
      { first_seen: "2026-11-23T08:00:00+08:00", last_seen: "2026-11-24T12:00:05+08:00", share: 1 },
    ]);
  });

  it("gives a code that only another provider's table lists", async () => {
    const args = [...fromInput, "--provider", "tencent", "--output", "json"];
    const { stdout } = await inProcess(args, { stdin: [receipts(...codes)] });
    const found = (JSON.parse(stdout) as { code: string }[]).map((one) => one.code);
    expect(found.toSorted()).toEqual(["12", "NEW:1", "NEW:2"]);
  });

  it("suggests what others say, and nothing for numbers and ids", async () => {
    const { stdout } = await inProcess([...fromInput, "--output", "json"], {
      stdin: [receipts("DB:0144", "MN:0001", "12345678", "13800000000", "_other")],
    });
    const found = JSON.parse(stdout) as {
      code: string;
      agreement: string;
      suggestions: { category: string }[];
    }[];
    expect(found.map(({ code, agreement }) => `${code} ${agreement}`).toSorted()).toEqual([
      ...["DB:0144 agreed", "MN:0001 contradicted", "\\_other none", "_redacted none"],
    ]);
    expect(stdout).not.toMatch(/12345678|13800000000/);
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

describe("codes unknown --patch", () => {
  it("writes what is agreed on, and it is a map that passes its own test rows", async () => {
    const file = fileOf();
    const { code, stdout, stderr } = await patch(file, ["DB:0144", "MN:0001", "NEW"], "--accept", "high");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(parse(readFileSync(file, "utf8"))).toEqual({
      version: 1,
      providers: { aliyun: { sms_receipt: { codes: { "DB:0144": { category: "blacklist" } } } } },
      tests: [
        {
          ...{ provider: "aliyun", scope: "sms_receipt", code: "DB:0144", flag: "failed" },
          ...{ category: "blacklist", outcome: "failed" },
        },
      ],
    });
    expect(readFileSync(file, "utf8")).toContain(
      '# Suggested for aliyun/sms_receipt "DB:0144": 1 receipt, 33.33 % of aliyun\'s.\n' +
        "        # 3 independent sources agree:\n" +
        '        #   cmpp sms_receipt "DB:0144", CMPP gateway codes of InfoX and MAS, undated, high',
    );
    const again = await inProcess([...fromInput, "--code-maps", file], { stdin: [receipts("DB:0144")] });
    expect(again.stdout).toMatch(/^PROVIDER .*\n$/);
    expect(stdout).toContain(`\n1 code added to ${file}.\n`);
  });

  it("prints the commands to go on with, each on a line, and check takes its own", async () => {
    const file = fileOf();
    const { stdout } = await patch(file, ["DB:0144"], "--accept", "high", "--topic", "sms.receipts");
    const lines = stdout.slice(stdout.indexOf("dlr-exporter check")).trimEnd().split("\n");
    expect(lines).toEqual([
      `dlr-exporter check --topic sms.receipts --format tmc-sms --code-maps ${file}`,
      expect.stringMatching(
        /^dlr-exporter replay --topic sms.receipts --format tmc-sms --code-maps \S+ --from -7d --to now --compare \S+code-map.yaml$/,
      ),
      expect.stringMatching(/^# List .* in code_maps /),
      "curl -X POST http://localhost:9464/-/reload",
    ]);
    const checked = await inProcess(lines[0]?.split(" ").slice(1) ?? []);
    expect(checked).toMatchObject({ code: 0, stderr: "" });
  });

  it("compares with the map as it is without the file, also where a path with a * names it", async () => {
    const maps = mkdtempSync(join(folder, "maps-"));
    const [others, file] = [join(maps, "a.yaml"), join(maps, "mine.yaml")];
    for (const [index, one] of [others, file].entries()) {
      const codes = `{ "OURS:${index}": { category: blacklist } }`;
      writeFileSync(
        one,
        `version: 1\nproviders:\n  aliyun:\n    sms_receipt:\n      codes:\n        ${codes.slice(2, -2)}\n`,
      );
    }
    const { stdout } = await patch(file, ["DB:0144"], "--accept", "high", "--code-maps", join(maps, "*"));
    expect(stdout).toMatch(new RegExp(`--compare \\S+code-map.yaml,${others}\ncurl -X POST `));
    expect(stdout).not.toContain("in code_maps or");
  });

  it("adds, and leaves what a person wrote to the byte", async () => {
    const mine = [
      ...["# Ours.", "version: 1", "providers:", "    aliyun:   # with four blanks", "        sms_receipt:"],
      ...["            codes:", '                "db:0144": {category: power_off}   # we know better', ""],
    ].join("\n");
    const file = fileOf(mine);
    await patch(file, ["DB:0144", "DB:0145", "DB:0146"], "--accept", "high");
    const first = readFileSync(file, "utf8");
    expect(first.startsWith(mine)).toBe(true);
    expect(Object.keys(parse(first).providers.aliyun.sms_receipt.codes).toSorted()).toEqual([
      ...["DB:0145", "DB:0146", "db:0144"],
    ]);
    const { stdout } = await patch(file, ["DB:0144", "DB:0145", "DB:0146"], "--accept", "high");
    expect(readFileSync(file, "utf8")).toBe(first);
    expect(stdout).toContain(`\nNothing was added to ${file}.\n`);
  });

  it("writes all as comments where nobody can be asked, and once however often", async () => {
    const file = fileOf();
    const { code } = await patch(file, ["DB:0144", "MN:0001"]);
    const first = readFileSync(file, "utf8");
    expect({ code, parsed: parse(first) }).toEqual({ code: 0, parsed: null });
    await patch(file, ["DB:0144", "MN:0001", "MN:0009"]);
    const second = readFileSync(file, "utf8");
    expect(second.match(/"DB:0144": \{/g)).toHaveLength(1);
    const chosen = second
      .replaceAll(/^# /gm, "")
      .split("\n")
      .filter((line) => !/MN:0001.*(?:rejected|carrier_error)|MN:0009/.test(line));
    writeFileSync(file, chosen.join("\n"));
    expect(await inProcess(["check", "--code-maps", file])).toMatchObject({ code: 0, stderr: "" });
    await patch(file, ["DB:0145"]);
    expect(
      readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => !line.trim().startsWith("#")),
    ).toEqual(chosen.filter((line) => !line.trim().startsWith("#")));
    expect(readFileSync(file, "utf8")).toMatch(/^ {8}# "DB:0145": \{/m);
  });

  it.each([
    {
      name: "braces",
      text: "version: 1\nproviders: { aliyun: { sms_receipt: { codes: {} } } }\n",
      place: ":2:12: ",
    },
    {
      name: "a test row that fails",
      text: "version: 1\nproviders:\n  aliyun:\n    sms_receipt:\n      codes:\n        A: { category: blacklist }\ntests:\n  - { provider: aliyun, scope: sms_receipt, code: A, flag: failed, category: power_off, outcome: failed }\n",
      place: ":8:5: ",
    },
  ])("leaves a file alone that it can't add to: $name", async ({ text, place }) => {
    const file = fileOf(text);
    const { code, stderr } = await patch(file, ["DB:0144"], "--accept", "high");
    expect(code).toBe(2);
    expect(stderr).toContain(`${file}${place}`);
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it("says why it can't write", async () => {
    const file = join(folder, "no", "such", "mine.yaml");
    const { code, stderr } = await patch(file, ["DB:0144"], "--accept", "high");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `dlr-exporter: cannot write ${file}: there is no such folder\n`,
    });
  });
});
