import { describe, expect, it } from "vitest";
import { inProcess } from "./in-process.ts";

async function json(...argv: string[]): Promise<unknown> {
  const { code, stdout } = await inProcess(["classify", "--output", "json", ...argv]);
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

const emptyNumber = {
  input: "12",
  scope: "sms_receipt",
  code: "12",
  category: "empty_number",
  outcome: "failed",
  fault: "recipient",
  retryable: false,
  description: { zh: "空号", en: expect.any(String) },
  remedy: "",
  remedy_en: "",
};

describe("classify CODE --output json", () => {
  it("gives what the map says", async () => {
    expect(await json("12")).toEqual([emptyNumber]);
  });

  it("gives one element for each table of the provider that lists the code", async () => {
    const explained = await json("isv.BUSINESS_LIMIT_CONTROL", "OK");
    expect(explained).toEqual(expect.arrayContaining([expect.objectContaining({ scope: "sms_send_api" })]));
    const accepted = (explained as { input: string; scope: string }[]).filter(({ input }) => input === "OK");
    expect(accepted.map(({ scope }) => scope)).toEqual([
      "sms_send_api",
      "sms_query_api",
      "voice_singlecall_api",
      "tts_singlecall_api",
      "voice_doublecall_api",
      "intl_sms_send_api",
    ]);
  });

  it("looks in one table when it is told which", async () => {
    expect(await json("OK", "--scope", "sms_send_api")).toEqual([
      expect.objectContaining({ scope: "sms_send_api", category: "accepted" }),
    ]);
    expect(await json("500", "--scope", "sms_receipt")).toEqual([
      expect.objectContaining({ scope: "sms_receipt", category: "unknown" }),
    ]);
  });

  it("looks in the tables of the provider", async () => {
    expect(await json("DELIVRD", "DB:0141", "--provider", "yunpian")).toEqual([
      expect.objectContaining({ input: "DELIVRD", category: "delivered" }),
      expect.objectContaining({ input: "DB:0141", category: "unknown" }),
    ]);
  });

  it("gives a code that no table lists as unknown", async () => {
    expect(await json("no such code")).toEqual([
      {
        input: "no such code",
        scope: null,
        code: "no such code",
        category: "unknown",
        outcome: "unknown",
        fault: "none",
        retryable: false,
        description: { zh: "", en: "" },
        remedy: "",
        remedy_en: "",
        agreement: "none",
        suggestions: [],
      },
    ]);
  });

  it("says of a code that no table of the provider lists what others do, by document and confidence", async () => {
    const source = { title: "CMPP gateway codes of InfoX and MAS", edition: "undated", confidence: "high" };
    expect(await json("DB:0144")).toEqual([
      expect.objectContaining({
        ...{ input: "DB:0144", category: "unknown", outcome: "unknown" },
        ...{ agreement: "agreed" },
        suggestions: [
          expect.objectContaining({
            ...{ category: "blacklist", outcome: "failed" },
            said_by: expect.arrayContaining([
              expect.objectContaining({ kind: "carrier", provider: "cmpp", code: "DB:0144", ...source }),
            ]),
          }),
        ],
      }),
    ]);
    expect(await json("12")).not.toContainEqual(expect.objectContaining({ suggestions: expect.anything() }));
  });

  it("keeps what was asked and gives the code as the map spells it", async () => {
    expect(await json("db：0141")).toEqual([
      expect.objectContaining({ input: "db：0141", code: "DB:0141", category: "blacklist" }),
    ]);
  });

  it("keeps the order of the codes", async () => {
    const explained = (await json("-103", "12", "--", "002", "-1")) as { input: string }[];
    expect(explained.map(({ input }) => input)).toEqual(["-103", "12", "002", "-1"]);
  });
});

describe("a code that begins with a minus", () => {
  const ways: { name: string; argv: string[] }[] = [
    { name: "bare", argv: ["-103"] },
    { name: "before a flag", argv: ["-103", "--scope", "sms_receipt"] },
    { name: "after a flag", argv: ["--scope", "sms_receipt", "-103"] },
    { name: "after --", argv: ["--", "-103"] },
  ];
  it.each(ways)("is taken $name", async ({ argv }) => {
    const { code, stdout } = await inProcess(["classify", ...argv]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^-103 +sms_receipt +blacklist +failed +recipient +no +/m);
  });
});

describe("classify CODE", () => {
  it("prints a table", async () => {
    const { code, stdout, stderr } = await inProcess(["classify", "12", "no\n\u202esuch"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.replace(/Empty number.*空号/, "…")).toBe(
      [
        "CODE    SCOPE        CATEGORY      OUTCOME  FAULT      RETRYABLE  DESCRIPTION",
        "12      sms_receipt  empty_number  failed   recipient  no         …",
        "nosuch  -            unknown       unknown  none       no",
        "",
      ].join("\n"),
    );
  });

  it("prints what other tables say below the table, marked as what counts nothing", async () => {
    const { stdout } = await inProcess(["classify", "12", "DB:0144", "13800000000"]);
    const [rows = "", told = ""] = stdout.split(
      "\nSuggestions from other tables, which never affect counts:\n",
    );
    expect(rows).toMatch(/^DB:0144 +- +unknown +unknown /m);
    expect(told).toContain(
      '\n"DB:0144": 3 independent sources agree\n  1  blacklist, 3 independent sources\n',
    );
    expect(told).toContain('cmpp sms_receipt "DB:0144", CMPP gateway codes of InfoX and MAS, undated, high');
    expect(told).not.toMatch(/"12"|_redacted/);
  });

  it("says what to do where the map knows it", async () => {
    const { stdout } = await inProcess(["classify", "isv.BUSINESS_LIMIT_CONTROL", "--scope", "sms_send_api"]);
    expect(stdout).toContain("→ ");
  });

  it("looks where a variable says, as --input does", async () => {
    const env = { DLR_PROVIDER: "tencent", DLR_SCOPE: "sms_receipt" };
    const { stdout } = await inProcess(["classify", "12", "--output", "json"], { env });
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ scope: "sms_receipt", category: "unknown" }),
    ]);
  });
});

const slips: { name: string; argv: string[]; says: string }[] = [
  {
    name: "no code and no input",
    argv: [],
    says: "give either codes to explain or --input FILE to count",
  },
  {
    name: "codes and input",
    argv: ["12", "--input", "-"],
    says: "give either codes to explain or --input FILE to count",
  },
  {
    name: "an output that there is not",
    argv: ["12", "--output", "xml"],
    says: "--output must be table or json",
  },
  {
    name: "the format json without a configured topic",
    argv: ["--input", "-", "--format", "json", "--topic", "t"],
    says: "--format json needs --config FILE --topic TOPIC for its JSON Pointers",
  },
  {
    name: "several topics to choose from",
    argv: ["--input", "-", "--topic", "a,b"],
    says: "the configuration has several topics (a, b); choose one with --topic",
  },
];

describe("a slip", () => {
  it.each(slips)("$name: exit code 2", async ({ argv, says }) => {
    const stderr = `dlr-exporter: ${says}\nSee dlr-exporter classify --help\n`;
    expect(await inProcess(["classify", ...argv])).toEqual({ code: 2, stdout: "", stderr });
  });

  it("in a setting: exit code 2, and what was probably meant", async () => {
    const { code, stderr } = await inProcess(["classify", "--input", "-", "--format", "tmcsms"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^--format: .*\n {4}Did you mean `tmc-sms`\?\n$/);
  });

  it("in the code map's path: exit code 2", async () => {
    const { code, stderr } = await inProcess(["classify", "12", "--code-map", "none.yaml"]);
    expect(code).toBe(2);
    expect(stderr).toContain("none.yaml:1:1: cannot be read");
  });
});
