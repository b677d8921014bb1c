import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
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

/** The path of a file that is not there. */
function newFile(): string {
  files++;
  return join(folder, `mine-${files}.yaml`);
}

const own = { provider: "aliyun", channel: "sms", scope: "sms_receipt" };
const nobody = { agreement: "none", suggestions: [] };

describe("codes unknown --exporter", () => {
  const labels = 'topic="t",provider="aliyun",channel="sms",scope="sms_receipt"';
  const page = [
    `dlr_receipts_total{${labels},partition="0",code="DB:0144",category="unknown",outcome="failed"} 3`,
    `dlr_receipts_total{${labels},partition="1",code="DB:0144",category="unknown",outcome="failed"} 1`,
    `dlr_receipts_total{${labels},partition="0",code="12",category="empty_number",outcome="failed"} 4`,
    `dlr_receipts_total{${labels},partition="0",code="13800000000",category="unknown",outcome="failed"} 1`,
    "",
  ].join("\n");

  /** Runs a command against a server that gives this page at /metrics. */
  async function against(body: string, ...args: string[]) {
    const server = createServer((request, response) => {
      response.statusCode = request.url === "/metrics" ? 200 : 404;
      response.end(request.url === "/metrics" ? body : "no such page");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    try {
      const url = `http://127.0.0.1:${port}`;
      return {
        url,
        ...(await inProcess(["codes", "unknown", ...args.map((arg) => arg.replace("URL", url))])),
      };
    } finally {
      server.close();
    }
  }

  it("takes what it counts, with suggestions", async () => {
    const { code, stdout } = await against(page, "--exporter", "URL", "--output", "json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { ...own, code: "DB:0144", count: 4, share: 0.444444, first_seen: null, agreement: "agreed" },
      { ...own, code: "_redacted", count: 1, ...nobody },
    ]);
    expect(stdout).not.toContain("13800000000");
  });

  it("makes a table that no file has, and says why it can't make one", async () => {
    const own = page.replaceAll('scope="sms_receipt"', 'scope="new_scope"');
    const file = newFile();
    const args = ["--exporter", "URL", "--patch", file, "--accept", "high"];
    expect((await against(own, ...args)).code).toBe(0);
    expect(parse(readFileSync(file, "utf8")).providers.aliyun.new_scope).toEqual({
      ...{ channel: "sms", kind: "receipt", title: "aliyun new_scope" },
      codes: { "DB:0144": { category: "blacklist" } },
    });
    const unknown = await against(
      own.replaceAll('channel="sms"', 'channel="unknown"'),
      ...args.with(3, newFile()),
    );
    expect(unknown.stderr).toBe(
      'aliyun/new_scope "DB:0144" belongs to a table that does not exist yet: add the table with its channel\n',
    );
    const answer = await against(
      page.replaceAll('scope="sms_receipt"', 'scope="api"'),
      ...args.with(3, newFile()),
    );
    expect(answer.stdout).toContain("Nothing was added");
  });

  it("names the exporter in the reload that it prints", async () => {
    const args = ["--exporter", "URL", "--patch", newFile(), "--accept", "high"];
    const { url, stdout } = await against(page, ...args);
    expect(stdout).toMatch(new RegExp(`\ncurl -X POST ${url}/-/reload\n$`));
  });

  it.each([
    {
      name: "another page",
      args: ["--exporter", "URL"],
      body: "up 1\n",
      says: /has no dlr_receipts_total/,
    },
    { name: "no page", args: ["--exporter", "URL/x"], body: "", says: /it answered 404: no such page/ },
    {
      name: "no Prometheus",
      args: ["--prometheus", "URL"],
      body: "",
      says: /cannot query .*: it answered 404/,
    },
    {
      name: "nobody",
      args: ["--exporter", "http://127.0.0.1:1"],
      body: "",
      says: /cannot query .*ECONNREFUSED/,
    },
  ])("ends with 1 and a sentence where there is $name", async ({ args, body, says }) => {
    const { code, stdout, stderr } = await against(body, ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(says);
  });
});
