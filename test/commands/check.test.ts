import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inProcess } from "./in-process.ts";

const packagedMap = fileURLToPath(new URL("../../config/code-map.yaml", import.meta.url));

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-check-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe("check", () => {
  it("prints the settings in force, their sources and the code map", async () => {
    const config = write("dlr.yaml", "group: g\n");
    const env = { DLR_SASL_MECHANISM: "plain", DLR_SASL_USERNAME: "u", DLR_SASL_PASSWORD: "hunter2" };
    const { code, stdout, stderr } = await inProcess(["check", "--config", config, "--port", "1"], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^brokers +localhost:9092 +default$/m);
    expect(stdout).toMatch(/^group +g +.*dlr\.yaml:1:8$/m);
    expect(stdout).toMatch(/^port +1 +--port$/m);
    expect(stdout).toMatch(/^sasl\.password +\(hidden\) +DLR_SASL_PASSWORD$/m);
    expect(stdout).toMatch(/^code map [0-9a-f]{12}: \d+ tables, \d+ codes, \d+ test rows passed$/m);
    expect(stdout).not.toContain("hunter2");
  });

  it("prints every problem of the configuration with its line, and ends with 2", async () => {
    const config = write("bad.yaml", "brokrs: [a]\nport: 70000\n");
    expect(await inProcess(["check", "--config", config, "--host", ""])).toEqual({
      code: 2,
      stdout: "",
      stderr: `--host: host must not be empty
    host: The address to serve /metrics on.
${config}:1:1: unknown key "brokrs" in the file
    brokrs: [(hidden)]
    ^^^^^^
    Did you mean \`brokers\`?
${config}:2:7: port must be a whole number from 0 to 65535, not \`70000\`
    port: 70000
          ^^^^^
    port: The port to serve /metrics on; 0 lets the system choose.
`,
    });
  });

  it("says for each topic what a snapshot takes with every listed code in use, and what folds", async () => {
    const config = write(
      "topics.yaml",
      "topics: [{topic: all}, {topic: sms, format: tmc-sms}]\nmetadata_limit: 800\n",
    );
    const { code, stdout, stderr } = await inProcess(["check", "--config", config]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^topic all: its 114 codes, all in use, take about \d+ of the 800 characters of a snapshot, the totals by category \d+; \d+ codes fold into _other$/m,
    );
    expect(stdout).toMatch(/^topic sms: its 16 codes, .*; no code folds$/m);
  });

  it("warns of a limit at which not even the totals by category fit", async () => {
    const { code, stderr } = await inProcess(["check"], { env: { DLR_METADATA_LIMIT: "256" } });
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^warning: the totals by category of topic dlr\.receipts can take \d+ characters, and metadata_limit is 256: raise /,
    );
  });

  it("shows no password that stands in a file", async () => {
    const config = write("secret.yaml", "sasl: {mechanism: plian, password: hunter2, username: u}\n");
    const { code, stderr } = await inProcess(["check", "--config", config]);
    expect(code).toBe(2);
    expect(stderr).toContain("sasl.password must not stand in a file");
    expect(stderr).toContain("sasl: {mechanism: plian, password: (hidden), username: u}\n");
    expect(stderr).not.toContain("hunter2");
  });

  it("shows nothing of a file that is no code map", async () => {
    const secrets = ["hunter2\n", "sasl: {pasword: hunter2}\n", "- hunter2: hunter2\n"];
    for (const [index, text] of secrets.entries()) {
      const { code, stderr } = await inProcess(["check", "--code-map", write(`secret-${index}`, text)]);
      expect(code).toBe(2);
      expect(stderr).toContain(`secret-${index}:1:`);
      expect(stderr).not.toContain("hunter2");
    }
  });

  it("shows no secret that somebody has put into the code map", async () => {
    const map = write(
      "map.yaml",
      "version: 1\ndb_passwd: hunter2\nprovider: {}\nx: {a: 1, my_token : hunter2}\n",
    );
    const { stderr } = await inProcess(["check", "--code-map", map]);
    expect(stderr).toContain("    db_passwd: (hidden)\n    ^^^^^^^^^\n");
    expect(stderr).toContain("    provider: {}\n    ^^^^^^^^\n");
    expect(stderr).toContain("    x: {a: 1, my_token : (hidden)\n    ^\n");
    expect(stderr).not.toContain("hunter2");
  });

  it("refuses a code map without end, and does not look for lines in it", async () => {
    const { code, stderr } = await inProcess(["check", "--code-map", "/dev/zero"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^\/dev\/zero:1:1: the file has more than 8 MiB\n {4}Keep .*\n$/);
  });

  it("prints the problems of the code map, and ends with 2", async () => {
    const map = write("map.yaml", "version: 2\n");
    const { code, stderr } = await inProcess(["check", "--code-map", map]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${map}:1:`);
  });

  it("runs the test rows of the code map", async () => {
    const text = readFileSync(packagedMap, "utf8");
    const row =
      "  - {provider: aliyun, scope: sms_receipt, code: '12', flag: failed, category: blacklist, outcome: failed}\n";
    const map = write("map.yaml", text.replace(/^tests:\n/m, `tests:\n${row}`));
    const line = text.slice(0, text.search(/^tests:$/m)).split("\n").length + 1;
    const { code, stderr } = await inProcess(["check", "--code-map", map]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${map}:${line}:5: aliyun/sms_receipt "12"`);
  });
});
