import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileCountsInWords, fileCountsOf } from "../../../src/commands/classify/file-counts.ts";
import { maxLineBytes } from "../../../src/commands/classify/lines.ts";
import { Counts } from "../../../src/ledger/counts.ts";
import { packagedMap } from "../../ledger/support.ts";
import { inProcess } from "../in-process.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-input-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Invented receipts of every kind: delivered, failed, in conflict, unknown, several a record, and no receipts. */
const lines = [
  '{"state":"1","err_code":"DELIVRD","biz_id":"1^1","receiver":"13000000000","extend":""}',
  '{"state":"1","err_code":"DELIVRD","biz_id":"2^1","receiver":"13000000000","extend":""}',
  '{"state":"2","err_code":"db:0141","biz_id":"3^1","receiver":"13000000000","extend":""}',
  '{"state":"1","err_code":"DB:0141","biz_id":"4^1","receiver":"13000000000","extend":""}',
  '{"state":"2","err_code":"NEW:1","biz_id":"5^1","receiver":"13000000000","extend":""}',
  "",
  '[{"phone_number":"13000000000","success":false,"err_code":"12","biz_id":"6^0"},{"phone_number":"13000000000","success":true,"err_code":"DELIVERED","biz_id":"7^0"}]',
  '{"status_code":"200100","biz_id":"8^1","duration":"10","start_time":"2017-01-01 00:00:00","end_time":"2017-01-01 00:00:10"}',
  '{"user_receive_time":"2017-01-01 00:00:00","nationcode":"86","mobile":"13000000000","report_status":"SUCCESS","errmsg":"DELIVRD","sid":"1"}',
  "not JSON",
  '{"a":1}',
  "   ",
];

const tally = {
  records: 11,
  receipts: 9,
  malformed: { empty: 1, not_json: 1, not_a_receipt: 1 },
  ignored: {},
  conflicts: 1,
  counts: [
    {
      channel: "sms",
      scope: "sms_receipt",
      code: "12",
      category: "empty_number",
      outcome: "failed",
      count: 1,
    },
    {
      channel: "sms",
      scope: "sms_receipt",
      code: "DB:0141",
      category: "blacklist",
      outcome: "failed",
      count: 1,
    },
    {
      channel: "sms",
      scope: "sms_receipt",
      code: "DB:0141",
      category: "delivered",
      outcome: "delivered",
      count: 1,
    },
    {
      channel: "sms",
      scope: "sms_receipt",
      code: "DELIVERED",
      category: "delivered",
      outcome: "delivered",
      count: 1,
    },
    {
      channel: "sms",
      scope: "sms_receipt",
      code: "DELIVRD",
      category: "delivered",
      outcome: "delivered",
      count: 3,
    },
    { channel: "sms", scope: "sms_receipt", code: "NEW:1", category: "unknown", outcome: "failed", count: 1 },
    {
      channel: "voice",
      scope: "voice_receipt",
      code: "200100",
      category: "delivered",
      outcome: "delivered",
      count: 1,
    },
  ],
};

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe("classify --input --output json", () => {
  const inputs: { name: string; text: string }[] = [
    { name: "LF", text: `${lines.join("\n")}\n` },
    { name: "CRLF", text: `${lines.join("\r\n")}\r\n` },
    { name: "no end of the last line", text: lines.join("\n") },
  ];
  it.each(inputs)("counts a file with $name", async ({ text }) => {
    const { code, stdout, stderr } = await inProcess([
      "classify",
      "--input",
      write("receipts.ndjson", text),
      "--output",
      "json",
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual(tally);
  });

  it("counts standard input, wherever its chunks are cut", async () => {
    const text = lines.join("\n");
    const stdin = [text.slice(0, 100), text.slice(100, 101), Buffer.from(text.slice(101))];
    const { stdout } = await inProcess(["classify", "--input", "-", "--output", "json"], { stdin });
    expect(JSON.parse(stdout)).toEqual(tally);
  });

  it("counts nothing in an empty file", async () => {
    const { code, stdout } = await inProcess(["classify", "--input", write("empty", ""), "--output", "json"]);
    expect(code).toBe(0);
    expect(stdout).toBe('{"records":0,"receipts":0,"malformed":{},"ignored":{},"conflicts":0,"counts":[]}\n');
  });

  it("reads what --format says, and nothing else", async () => {
    const argv = ["classify", "--input", "-", "--format", "aliyun-sms", "--output", "json"];
    const { stdout } = await inProcess(argv, { stdin: [lines.join("\n")] });
    expect(JSON.parse(stdout)).toMatchObject({ records: 11, receipts: 2 });
  });

  it("counts a line that is too long as not_json, and goes on", async () => {
    const stdin = [Buffer.alloc(maxLineBytes + 1, " "), `\n${lines[0]}\n`];
    const { stdout } = await inProcess(["classify", "--input", "-", "--output", "json"], { stdin });
    expect(JSON.parse(stdout)).toMatchObject({ records: 2, receipts: 1, malformed: { not_json: 1 } });
  });

  // A file has no other ends of records, so here a record of `run` is as many as it has lines.
  it("takes each line for a record, so a value over several lines is none", async () => {
    const stdin = [`${JSON.stringify(JSON.parse(lines[0] ?? ""), undefined, 2)}\n`];
    const { stdout } = await inProcess(["classify", "--input", "-", "--output", "json"], { stdin });
    expect(JSON.parse(stdout)).toMatchObject({ records: 7, receipts: 0, malformed: { not_json: 7 } });
  });

  it("asks the tables that the topic falls back to, as run does", async () => {
    const config = join(folder, "fallback.yaml");
    writeFileSync(config, "topics: [{ topic: t, format: tmc-sms, fallback: [cmpp] }]\n");
    const { stdout } = await inProcess(["classify", "--input", "-", "--config", config, "--output", "json"], {
      stdin: ['{"biz_id":"1^2","state":"2","err_code":"DB:0144"}\n'],
    });
    expect(JSON.parse(stdout).counts).toMatchObject([{ code: "DB:0144", category: "blacklist", count: 1 }]);
  });

  it("follows the JSON Pointers of a configured topic", async () => {
    const config = write(
      "dlr.yaml",
      `unknown_codes: 1
topics:
  - topic: other
    format: json
    scope: fax
    channel: voice
    json: {receipts: /all, code: /c, flag: /ok, delivered: ["true"], failed: ["false"]}
  - topic: sms
`,
    );
    const stdin = ['{"all":[{"c":"A","ok":true},{"c":"B","ok":false},{"c":"C","ok":false}]}'];
    const argv = ["classify", "--input", "-", "--config", config, "--topic", "other", "--output", "json"];
    const { stdout } = await inProcess([...argv, "--format", "json"], { stdin });
    const env = { DLR_CONFIG: config, DLR_TOPICS: "other" };
    const bare = ["classify", "--input", "-", "--format", "json", "--output", "json"];
    expect((await inProcess(bare, { stdin, env })).stdout).toBe(stdout);
    expect(JSON.parse(stdout).counts).toEqual([
      { channel: "voice", scope: "fax", code: "A", category: "delivered", outcome: "delivered", count: 1 },
      { channel: "voice", scope: "fax", code: "_other", category: "unknown", outcome: "failed", count: 2 },
    ]);
  });
});

describe("classify --input", () => {
  it("prints the counts by category, then by code", async () => {
    const { code, stdout } = await inProcess(["classify", "--input", "-"], {
      stdin: lines.slice(0, 3).join("\n"),
    });
    expect(code).toBe(0);
    expect(stdout).toBe(`CATEGORY   COUNT  SHARE
delivered      2  66.7 %
blacklist      1  33.3 %

SCOPE        CODE     CATEGORY   OUTCOME    COUNT
sms_receipt  DB:0141  blacklist  failed         1
sms_receipt  DELIVRD  delivered  delivered      2

records 3, receipts 3, conflicts 0, malformed 0, ignored 0
`);
  });

  it("tells ignored records beside the malformed, by kind", () => {
    const counted = new Counts({ map: packagedMap(), provider: undefined, unknownCodes: 50 });
    for (const unread of ["recording", "uplink", "not_json", "uplink"] as const) counted.fold([], unread);
    const file = fileCountsOf(4, counted, 30);
    expect(file).toMatchObject({ malformed: { not_json: 1 }, ignored: { uplink: 2, recording: 1 } });
    expect(fileCountsInWords(file)).toContain("malformed 1 not_json, ignored 2 uplink, 1 recording\n");
  });

  it("shows progress when stderr is a terminal", async () => {
    const file = write("progress.ndjson", lines.join("\n"));
    const { stderr } = await inProcess(["classify", "--input", file], { tty: true });
    expect(stderr).toContain("100 %");
    expect(stderr.endsWith("\r\u001b[K")).toBe(true);
  });

  const failures: { name: string; input: () => string; reason: string }[] = [
    { name: "is not there", input: () => join(folder, "none"), reason: "there is no such file" },
    { name: "is a directory", input: () => folder, reason: "it is a directory" },
  ];
  it.each(failures)("ends with 1 when the file $name", async ({ input, reason }) => {
    const stderr = `dlr-exporter: cannot read ${input()}: ${reason}\n`;
    expect(await inProcess(["classify", "--input", input()])).toEqual({ code: 1, stdout: "", stderr });
  });
});

it("asks the tables of a topic's fallback, as run does", async () => {
  const record = '{"state":"2","err_code":"MK:0010","biz_id":"1^1","receiver":"13000000000","extend":""}';
  const categories = async (env: Readonly<Record<string, string>>) => {
    const argv = ["classify", "--input", "-", "--provider", "plivo", "--output", "json"];
    const { stdout } = await inProcess(argv, { stdin: [record], env });
    return JSON.parse(stdout).counts.map(({ category }: { category: string }) => category);
  };
  expect(await categories({})).toEqual(["unknown"]);
  expect(await categories({ DLR_FALLBACK: "aliyun" })).not.toEqual(["unknown"]);
});
