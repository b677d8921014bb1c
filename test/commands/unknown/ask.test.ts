import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { mainModule } from "../../lab/exporter.ts";
import { guarded } from "../../lab/guarded.ts";

/** Gives a command a terminal of its own; of util-linux. */
const hasTerminals = spawnSync("script", ["--version"]).error === undefined;
if (!hasTerminals)
  console.warn("questions on a terminal are not tried: script (util-linux) is not installed");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-ask-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const codes = ["DB:0144", "DB:0144", "DB:0144", "MN:0001", "MN:0001", "DB:0145"];

/**
 * Runs `codes unknown --patch` on a terminal, and answers its questions one by one.
 *
 * @param answers keys to press, each at the next question
 */
async function answering(name: string, answers: readonly string[]) {
  const [input, patch] = [join(folder, `${name}.ndjson`), join(folder, `${name}.yaml`)];
  const receipts = codes.map((err_code) => JSON.stringify({ biz_id: "1^2", state: "2", err_code }));
  writeFileSync(input, `${receipts.join("\n")}\n`);
  const argv = ["codes", "unknown", "--input", input, "--format", "tmc-sms", "--patch", patch];
  const command = [process.execPath, mainModule, ...argv].map((word) => `'${word}'`).join(" ");
  const child = guarded(spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"]));
  let seen = "";
  let unread = "";
  const left = [...answers];
  child.stdout.on("data", (chunk: Buffer) => {
    seen += chunk;
    unread += chunk;
    if (!unread.includes("[s]: ")) return;
    unread = "";
    const answer = left.shift();
    if (answer !== undefined) child.stdin.write(answer);
  });
  const [code] = await once(child, "close");
  const read = () => parse(readFileSync(patch, "utf8"));
  return { code, seen, unanswered: left, read };
}

describe.skipIf(!hasTerminals && process.env.CI !== "true")("questions on a terminal", () => {
  it("are asked code by code, and what is chosen is written", async () => {
    const { code, seen, unanswered, read } = await answering("chosen", ["1\r", "9\r", "2\r", "\r"]);
    expect({ code, unanswered }).toEqual({ code: 0, unanswered: [] });
    expect(seen).toContain('1 of 3: aliyun sms_receipt "DB:0144", 3 receipts; 3 independent sources agree');
    expect(seen).toContain('2 of 3: aliyun sms_receipt "MN:0001", 2 receipts; contradicted');
    expect(seen).toContain("1 to 3, s to skip it, q to stop [s]: ");
    expect(read().providers.aliyun.sms_receipt.codes).toEqual({
      "DB:0144": { category: "blacklist" },
      "MN:0001": { category: "rejected" },
    });
    expect(seen).toContain("2 codes added to ");
    expect(seen).toMatch(/\ncurl -X POST /);
  });

  it.each([
    { name: "q", end: "q\r" },
    { name: "Ctrl-D", end: "\u0004" },
    { name: "Ctrl-C", end: "\u0003" },
  ])("end with $name, and what was chosen before stays", async ({ name, end }) => {
    const { code, read } = await answering(name, ["1\r", end]);
    expect(code).toBe(0);
    expect(read().providers.aliyun.sms_receipt.codes).toEqual({ "DB:0144": { category: "blacklist" } });
  });
});
