import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Insertable, InsertError, type Tree } from "../../../src/commands/unknown/insert.ts";

/** What somebody has written in their own way. */
const mine = `# Ours, see ticket 12.
version: 1
providers:
    aliyun:   # four blanks
        sms_receipt:
            codes:
                "DB:0001": {category: blacklist}    # aligned

                B:
                    category: power_off

                # behind the last

        voice_receipt:
            codes:
                "1": { category: blacklist }
tests:
- {provider: aliyun,   scope: sms_receipt, code: "DB:0001", flag: failed, category: blacklist, outcome: failed}
# the end`;

function withNew(text: string, tree: Tree, isComment = false): string {
  return new Insertable(text, "mine.yaml").with(tree, isComment);
}

const tree = {
  providers: {
    aliyun: {
      sms_receipt: { codes: ["# why", '"NEW:1": { category: blacklist }'] },
      other: { codes: ["C: {}"] },
    },
    tencent: { sms_receipt: { codes: ["D: {}"] } },
  },
  tests: ["- { code: NEW:1 }"],
};

describe("what is added", () => {
  it("stands behind what is there, at its indentation", () => {
    const lines = withNew(mine, tree).split("\n");
    const at = lines.indexOf("                    category: power_off");
    expect(lines.slice(at + 1, at + 3)).toEqual([
      "                # why",
      '                "NEW:1": { category: blacklist }',
    ]);
    expect(lines).toContain("- { code: NEW:1 }");
    expect(lines).toContain("    tencent:");
    expect(lines).toContain("        other:");
    expect(parse(withNew(mine, tree))).toEqual({
      version: 1,
      providers: {
        aliyun: {
          sms_receipt: {
            codes: {
              "DB:0001": { category: "blacklist" },
              B: { category: "power_off" },
              "NEW:1": { category: "blacklist" },
            },
          },
          voice_receipt: { codes: { "1": { category: "blacklist" } } },
          other: { codes: { C: {} } },
        },
        tencent: { sms_receipt: { codes: { D: {} } } },
      },
      tests: [...parse(mine).tests, { code: "NEW:1" }],
    });
  });

  it.each([
    { name: "an open last line", text: mine },
    { name: "a whole last line", text: `${mine}\n` },
    { name: "CRLF", text: mine.replaceAll("\n", "\r\n") },
    { name: "no tests", text: mine.slice(0, mine.indexOf("tests:")) },
    { name: "a block of text at the end", text: `${mine}\nnotes: |\n  one\n\n  two` },
  ])("leaves every line as it was, in its order: $name", ({ text }) => {
    for (const isComment of [false, true]) {
      const left = withNew(text, tree, isComment).split("\n");
      const kept = text.split("\n").map((line) => {
        const at = left.findIndex((one) => one.replace("\r", "") === line.replace("\r", ""));
        return at === -1 ? `lost: ${line}` : left.splice(0, at + 1).at(-1);
      });
      expect(kept.map((line) => line?.replace("\r", ""))).toEqual(
        text.split("\n").map((line) => line.replace("\r", "")),
      );
    }
  });

  it("is a whole file where there is none, and as comments one that says nothing", () => {
    const whole = { version: ["= 1"], ...tree };
    expect(parse(withNew("", whole))).toMatchObject({ version: 1, tests: [{ code: "NEW:1" }] });
    const comments = {
      ...whole,
      providers: { aliyun: { sms_receipt: { codes: ["# # why", "# A: { category: blacklist }"] } } },
      tests: ["# - { code: NEW:1 }"],
    };
    const text = withNew("\n", comments, true);
    expect(parse(text)).toBeNull();
    expect(parse(text.replaceAll(/^# /gm, ""))).toEqual({
      version: 1,
      providers: { aliyun: { sms_receipt: { codes: { A: { category: "blacklist" } } } } },
      tests: [{ code: "NEW:1" }],
    });
  });

  it.each([
    {
      name: "in braces",
      text: "version: 1\nproviders: { aliyun: { sms_receipt: { codes: { A: {} } } } }\n",
      line: 2,
    },
    { name: "empty", text: "version: 1\nproviders:\n  aliyun:\n    sms_receipt:\n      codes:\n", line: 5 },
    { name: "an alias", text: "a: &a { x: 1 }\nproviders:\n  aliyun: *a\n", line: 3 },
    { name: "a list", text: "- 1\n", line: 1 },
    { name: "no YAML", text: "a: [\n", line: 2 },
  ])("is refused, with its place, where a mapping is $name", ({ text, line }) => {
    const problem = (() => {
      try {
        return withNew(text, tree);
      } catch (error) {
        return error instanceof InsertError ? error.problem : error;
      }
    })();
    expect(problem).toMatchObject({ file: "mine.yaml", line, hint: expect.any(String) });
  });
});

describe("what is there", () => {
  const file = new Insertable(mine, "mine.yaml");

  it("is found by code, folded, and by table", () => {
    expect(file.codesOf("aliyun", "sms_receipt")).toEqual(new Set(["DB:0001", "B"]));
    expect(file.codesOf("aliyun", "other")).toEqual(new Set());
    expect([file.hasTable("aliyun", "voice_receipt"), file.hasTable("tencent", "sms_receipt")]).toEqual([
      true,
      false,
    ]);
  });
});
