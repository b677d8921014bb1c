import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packBase, smallPack } from "../codes/small-pack.ts";
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
    host: Address to listen on.
${config}:1:1: unknown key "brokrs" in the file
    brokrs: [(hidden)]
    ^^^^^^
    Did you mean \`brokers\`?
${config}:2:7: port must be a whole number from 0 to 65535, not \`70000\`
    port: 70000
          ^^^^^
    port: Port to listen on; 0 lets the system choose.
`,
    });
  });

  it("says which file of a map counts where two list a code, and whether they contradict each other", async () => {
    const base = write("base.yaml", packBase);
    const mine = write(
      "mine.yaml",
      "version: 1\nproviders:\n  acme: { sms_receipt: { codes: {\n    '1': { category: blacklist } } } }\n",
    );
    const words = write(
      "words.yaml",
      readFileSync(mine, "utf8").replace("blacklist", "blacklist, en: My words"),
    );
    const { code, stdout, stderr } = await inProcess([
      ...["check", "--code-map", base, "--code-maps", `${mine},${words}`, "--provider", "acme"],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [head, ...rows] = stdout.slice(stdout.indexOf("          PROVIDER")).split("\n");
    expect(head).toMatch(/^ +PROVIDER +SCOPE +CODE +COUNTS +INSTEAD OF$/);
    const at = (file: string, line: number, category: string) => `${category}, failed (${file}:${line})`;
    expect(rows.slice(0, 3).map((row) => row.split(/ {2,}/))).toEqual([
      ["conflict", "acme", "sms_receipt", "1", at(words, 4, "blacklist"), at(base, 16, "power_off")],
      ["override", "acme", "sms_receipt", "1", at(words, 4, "blacklist"), at(mine, 4, "blacklist")],
      ["3 files, later ones win: 2 codes overridden, 1 of them with conflicting meanings"],
    ]);
  });

  it("counts no override where there is none, and says nothing of layers where there is one file", async () => {
    const [base, pack] = [write("base.yaml", packBase), write("nimbus.yaml", smallPack)];
    const checked = async (...flags: string[]) =>
      (await inProcess(["check", "--provider", "acme", "--code-map", base, ...flags])).stdout;
    expect(await checked("--code-maps", pack)).toContain(
      "\n2 files, later ones win: 0 codes overridden, 0 of them with conflicting meanings\n",
    );
    expect(await checked()).not.toContain("overridden");
  });

  it("says for each topic what a snapshot takes with every listed code in use, and what folds", async () => {
    const config = write(
      "topics.yaml",
      "topics: [{topic: all}, {topic: sms, format: tmc-sms}]\nmetadata_limit: 1300\n",
    );
    const { code, stdout, stderr } = await inProcess(["check", "--config", config]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^topic all: with all 267 codes in use, a snapshot takes about \d+ of 1300 characters, its totals by category \d+; \d+ codes fold into _other$/m,
    );
    expect(stdout).toMatch(/^topic sms: with all 40 codes in use, .*; no code folds$/m);
  });

  it("warns of a limit at which not even the totals by category fit", async () => {
    const { code, stderr } = await inProcess(["check"], { env: { DLR_METADATA_LIMIT: "256" } });
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^warning: the totals by category of topic dlr\.receipts can need \d+ characters, but metadata_limit is 256: raise /,
    );
  });

  it("shows no password that stands in a file", async () => {
    const config = write("secret.yaml", "sasl: {mechanism: plian, password: hunter2, username: u}\n");
    const { code, stderr } = await inProcess(["check", "--config", config]);
    expect(code).toBe(2);
    expect(stderr).toContain("sasl.password is not allowed in the configuration file");
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
    expect(stderr).toMatch(/^\/dev\/zero:1:1: the file is larger than 8 MiB\n {4}Keep .*\n$/);
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
