import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallMap } from "../codes/small-map.ts";
import { inProcess } from "../commands/in-process.ts";
import { startExporter } from "../lab/exporter.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-configuration-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Every command that loads settings and map, with what else it needs. */
const commands = [
  ["run"],
  ["replay", "--from", "-3h", "--to", "now"],
  ["classify", "12"],
  ["classify", "--input", "-"],
  ["codes", "list"],
  ["codes", "unknown", "--input", "-"],
];

/** What `check` says of a configuration that it has to refuse. */
async function refused(flags: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { code, stderr } = await inProcess(["check", ...flags], { env });
  expect(code).toBe(2);
  return stderr;
}

describe("what check refuses", () => {
  const faults: { name: string; file: () => string; env?: Record<string, string> }[] = [
    { name: "a setting", file: () => "port: 70000\n" },
    { name: "a variable that is misspelt", file: () => "", env: { DLR_TOPIC: "x" } },
    { name: "a provider of the file", file: () => "topics: [{topic: a, provider: alyun}]\n" },
    { name: "a scope of a variable", file: () => "", env: { DLR_SCOPE: "sms_recept" } },
    { name: "a code map", file: () => `code_map: ${write("bad.yaml", "version: 2\n")}\n` },
    {
      name: "a code map whose test rows do not hold",
      file: () => `code_map: ${write("untrue.yaml", smallMap.replace("code: 012", "code: 12"))}\n`,
    },
  ];
  const rows = faults.flatMap((fault) => commands.map((command) => ({ ...fault, command })));
  it.each(rows)("is refused by $command in the same words: $name", async ({ file, env = {}, command }) => {
    const config = ["--config", write("dlr.yaml", file())];
    const stderr = await refused(config, env);
    expect(stderr).not.toBe("");
    expect(await inProcess([...command, ...config], { env })).toEqual({ code: 2, stdout: "", stderr });
  });

  it("is told at once, the map's problems beside those of the settings", async () => {
    const map = write("bad.yaml", smallMap.replace("fault: recipient", "fault: recipent"));
    const config = write("dlr.yaml", `port: x\ncode_map: ${map}\n`);
    const stderr = await refused(["--config", config, "--group", ""], { DLR_TOPIC: "x" });
    expect([...stderr.matchAll(/^(\S+?):(?:\d+:\d+:)? /gm)].map(([, place]) => place)).toEqual(
      [...[map, config].sort(), ...["--group", "DLR_TOPIC"]].sort((a = "", b = "") => a.localeCompare(b)),
    );
  });

  it("is told of the map that a flag names where the file can't be read", async () => {
    const map = write("bad.yaml", "version: 2\n");
    const stderr = await refused(["--config", write("dlr.yaml", "a: [\n"), "--code-map", map]);
    expect(stderr).toContain(`${map}:1:`);
    expect(stderr).toContain("dlr.yaml:");
  });
});

describe("a provider or scope that the code map does not have", () => {
  const places: { name: string; flags: () => string[]; env?: Record<string, string>; says: string }[] = [
    {
      name: "in flags, told once for all topics",
      flags: () => ["--provider", "alyun", "--scope", "sms_recept", "--topic", "a", "--topic", "b"],
      says: "--provider: topics[0].provider must be a provider of the code map, not `alyun`\n    Did you mean `aliyun`?\n",
    },
    {
      name: "in variables",
      flags: () => [],
      env: { DLR_SCOPE: "sms_recept", DLR_PROVIDER: "aliyun" },
      says: "DLR_SCOPE: topics[0].scope must be a scope of the code map, not `sms_recept`\n    Did you mean `sms_receipt`?\n",
    },
    {
      name: "in the file",
      flags: () => ["--config", write("dlr.yaml", "topics:\n  - topic: a\n    scope: fax\n")],
      says:
        ":3:12: topics[0].scope must be a scope of the code map, not `fax`\n        scope: fax\n               ^^^\n" +
        "    For aliyun and tencent the code map has ",
    },
    {
      name: "of another provider",
      flags: () => ["--format", "tencent", "--scope", "voice_smart_status"],
      says: "\n    It is a scope of the provider aliyun; set that provider.\n",
    },
    {
      name: "that is no name at all, told once",
      flags: () => ["--provider", "a/b"],
      says: "--provider: topics[0].provider must be 1 to 64 letters, digits, `_`, `.` or `-`, not `a/b`\n",
    },
  ];
  it.each(places)("$name", async ({ flags, env, says }) => {
    const stderr = await refused(flags(), env);
    expect(stderr).toContain(says);
    expect([...stderr.matchAll(/ must be /g)]).toHaveLength(1);
  });

  it("is taken where the file tells the channel of the scope", async () => {
    const config = write("dlr.yaml", "topics: [{topic: a, scope: fax, channel: voice}]\n");
    expect((await inProcess(["check", "--config", config])).code).toBe(0);
  });

  it("keeps a running exporter from a map that a restart would refuse", async () => {
    const map = write("live.yaml", smallMap);
    const named = ["--code-map", map, "--provider", "acme", "--scope", "send_api"];
    const exporter = await startExporter([...named, "--brokers", "127.0.0.1:1", "--host", "127.0.0.1"]);
    write("live.yaml", smallMap.replace("    send_api:", "    query_api:"));
    const url = `http://127.0.0.1:${exporter.port}/-/reload`;
    const response = await fetch(url, { method: "POST" });
    const says = "--scope: topics[0].scope must be a scope of the code map, not `send_api`\n";
    expect(response.status).toBe(500);
    expect(await response.text()).toContain(says);
    expect(await refused(named)).toContain(says);
    expect(await exporter.stop()).toBe(0);
  });

  it("is none when nobody has named one", async () => {
    const map = write("small.yaml", smallMap);
    expect((await inProcess(["check", "--code-map", map])).code).toBe(0);
  });
});

describe.skipIf(process.platform === "win32")("a file with a secret", () => {
  const settings = "sasl: {mechanism: plain, username: u, password_file: password}\n";

  it("that everybody may read is warned of by check", async () => {
    const [config, file] = [write("dlr.yaml", settings), write("password", "hunter2")];
    chmodSync(file, 0o644);
    const { code, stderr } = await inProcess(["check", "--config", config]);
    expect(code).toBe(0);
    expect(stderr).toBe(`${config}:1:54: warning: sasl.password_file: ${file} is world-readable (mode 0644)
    ${settings.trimEnd().replace("password}", "(hidden)}")}
    ${" ".repeat(53)}${"^".repeat("(hidden)".length)}
    Run \`chmod o-r\` on it; in Kubernetes set \`defaultMode: 0440\` and an \`fsGroup\`.
`);
    chmodSync(file, 0o640);
    expect((await inProcess(["check", "--config", config])).stderr).toBe("");
  });

  it("that everybody may read is warned of in the log of run", async () => {
    const [config, file] = [write("dlr.yaml", settings), write("password", "hunter2")];
    chmodSync(file, 0o604);
    const exporter = await startExporter([
      "--config",
      config,
      "--brokers",
      "127.0.0.1:1",
      "--host",
      "127.0.0.1",
    ]);
    expect(await exporter.stop()).toBe(0);
    const warned = exporter
      .log()
      .split("\n")
      .find((line) => line.includes("world-readable"));
    expect(JSON.parse(warned ?? "{}")).toMatchObject({
      level: 40,
      place: `${config}:1:54`,
      msg: `sasl.password_file: ${file} is world-readable (mode 0604)`,
      hint: expect.stringContaining("chmod o-r"),
    });
    expect(exporter.log()).not.toContain("hunter2");
  });

  it("may be a private key", async () => {
    const file = write("client.key", "KEY");
    write("client.pem", "CERT");
    chmodSync(file, 0o644);
    const ssl = "ssl: {enabled: true, cert_file: client.pem, key_file: client.key}\n";
    const { code, stderr } = await inProcess(["check", "--config", write("dlr.yaml", ssl)]);
    expect(code).toBe(0);
    expect(stderr).toContain(`warning: ssl.key_file: ${file} is world-readable (mode 0644)\n`);
    expect(stderr.match(/warning/g)).toHaveLength(1);
  });
});
