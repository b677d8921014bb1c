import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSettings, type SettingSources } from "../../src/config/load.ts";
import type { SaidSettings } from "../../src/config/schema.ts";
import { namedShapeOf } from "../receipts/support.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-settings-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function load(yaml: string, flags: SettingSources["flags"] = {}, env: SettingSources["env"] = {}) {
  return loadSettings({ flags: { config: write("dlr.yaml", yaml), ...flags }, env });
}

function settingsOf(loaded: ReturnType<typeof loadSettings>): SaidSettings {
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems, undefined, 2));
  return loaded.settings;
}

function effectiveOf(loaded: ReturnType<typeof loadSettings>): string[] {
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems, undefined, 2));
  return loaded.effective.map(({ key, value, source }) => `${key}=${value} (${source.replace(folder, "")})`);
}

/** Each problem as `file:line:column: message | hint`, the temporary folder cut off. */
function problemsOf(loaded: ReturnType<typeof loadSettings>): string[] {
  if (!("problems" in loaded)) throw new Error("it was accepted");
  return loaded.problems.map(({ file, line, column, message, hint }) =>
    `${file}:${line}:${column}: ${message} | ${hint}`.replaceAll(folder, ""),
  );
}

describe("defaults", () => {
  it("need no file, no flag and no variable", () => {
    const { codeMap, ...settings } = settingsOf(loadSettings({ flags: {}, env: {} }));
    expect(codeMap).toMatch(/[/\\]config[/\\]code-map\.yaml$/);
    expect(settings).toEqual({
      brokers: ["localhost:9092"],
      clientId: "dlr-exporter",
      group: "dlr-exporter",
      topics: [
        {
          topic: "dlr.receipts",
          provider: undefined,
          channel: undefined,
          shape: namedShapeOf(),
        },
      ],
      dimensionValues: 30,
      host: "0.0.0.0",
      port: 9464,
      commitIntervalMs: 5000,
      codeMaps: [],
      logLevel: "info",
      sessionTimeoutMs: 30_000,
      metadataIntervalMs: 30_000,
      unknownCodes: 50,
      metadataLimit: 4096,
      ssl: undefined,
      sasl: undefined,
      target: { headers: {}, tls: { ca: undefined, cert: undefined, key: undefined } },
    });
  });

  it("hold for an empty file and for a file of comments", () => {
    const defaults = settingsOf(loadSettings({ flags: {}, env: {} }));
    expect(settingsOf(load(""))).toEqual(defaults);
    expect(settingsOf(load("# nothing\n"))).toEqual(defaults);
  });
});

describe("precedence", () => {
  const rows: {
    name: string;
    file: string;
    flags: SettingSources["flags"];
    env: SettingSources["env"];
    group: string;
  }[] = [
    { name: "the file over the default", file: "group: file", flags: {}, env: {}, group: "file" },
    {
      name: "a variable over the file",
      file: "group: file",
      flags: {},
      env: { DLR_GROUP: "env" },
      group: "env",
    },
    {
      name: "a flag over a variable",
      file: "group: file",
      flags: { group: "flag" },
      env: { DLR_GROUP: "env" },
      group: "flag",
    },
    {
      name: "an empty variable says nothing",
      file: "group: file",
      flags: {},
      env: { DLR_GROUP: "" },
      group: "file",
    },
  ];
  it.each(rows)("$name", ({ file, flags, env, group }) => {
    expect(settingsOf(load(file, flags, env)).group).toBe(group);
  });

  it("says where each setting came from", () => {
    const flags = { port: "0" };
    const env = { DLR_TOPICS: "sms,voice", DLR_SASL_PASSWORD: "hunter2", DLR_SSL_ENABLED: "true" };
    const file = [
      "group: g",
      "topics:",
      "  - {topic: voice, format: tmc-voice}",
      "sasl: {mechanism: plain, username: u}",
    ].join("\n");
    expect(effectiveOf(load(file, flags, env)).filter((row) => !row.includes("(default)"))).toEqual([
      "group=g (/dlr.yaml:1:8)",
      "topics[0].topic=sms (DLR_TOPICS)",
      "topics[1].topic=voice (/dlr.yaml:3:13)",
      "topics[1].format=tmc-voice (/dlr.yaml:3:28)",
      "port=0 (--port)",
      "ssl.enabled=true (DLR_SSL_ENABLED)",
      "sasl.mechanism=plain (/dlr.yaml:4:19)",
      "sasl.username=u (/dlr.yaml:4:36)",
      "sasl.password=(hidden) (DLR_SASL_PASSWORD)",
    ]);
  });

  it("shows nothing that looks like a login", () => {
    expect(effectiveOf(load("client_id: u:hunter2@h\n"))).toContain("client_id=(hidden) (/dlr.yaml:1:12)");
  });

  it("takes the configuration file from DLR_CONFIG, unless a flag names another", () => {
    const [one, two] = [write("one.yaml", "group: one"), write("two.yaml", "group: two")];
    expect(settingsOf(loadSettings({ flags: {}, env: { DLR_CONFIG: one } })).group).toBe("one");
    expect(settingsOf(loadSettings({ flags: { config: two }, env: { DLR_CONFIG: one } })).group).toBe("two");
  });
});

describe("lists", () => {
  it("are separated by commas outside the file, and a repeated flag adds to them", () => {
    const { brokers } = settingsOf(load("", {}, { DLR_BROKERS: "a:1, b:2,," }));
    expect(brokers).toEqual(["a:1", "b:2"]);
    const { topics } = settingsOf(load("", { topic: ["a", "b,c"] }));
    expect(topics.map(({ topic }) => topic)).toEqual(["a", "b", "c"]);
  });
});

describe("topics", () => {
  const file = `topics:
  - {topic: sms, format: tmc-sms, utc_offset: "-05:30"}
  - {topic: other, format: json, scope: sms_receipt, channel: sms, json: {code: /c, flag: /ok, delivered: [yes, 1]}}
`;

  it("keep what the file says when a flag names them, and the others are left out", () => {
    const { topics } = settingsOf(load(file, { topic: ["other", "new"] }));
    expect(topics).toEqual([
      {
        topic: "other",
        provider: undefined,
        channel: "sms",
        shape: namedShapeOf({
          formats: ["json"],
          scope: "sms_receipt",
          json: [
            {
              when: [],
              receipts: undefined,
              codes: [{ at: ["/c"], scope: "sms_receipt" }],
              flag: { at: ["/ok"], delivered: ["yes", "1"] },
              sentAt: undefined,
              receivedAt: undefined,
            },
          ],
        }),
      },
      expect.objectContaining({ topic: "new" }),
    ]);
  });

  it("read an offset from UTC as minutes", () => {
    expect(settingsOf(load(file)).topics[0]?.shape.utcOffsetMinutes).toBe(-330);
  });

  it("may each have providers to fall back on, and all have them that a variable names", () => {
    const text = "topics: [{ topic: a, fallback: [cmpp, smgp] }, { topic: b }]";
    const fallbacks = (env = {}) => settingsOf(load(text, {}, env)).topics.map(({ fallback }) => fallback);
    expect(fallbacks()).toEqual([["cmpp", "smgp"], undefined]);
    expect(fallbacks({ DLR_FALLBACK: "sgip, cmpp" })).toEqual([
      ["sgip", "cmpp"],
      ["sgip", "cmpp"],
    ]);
  });

  it("all take a format, provider, scope, channel or offset that is said outside the file", () => {
    const flags = { topic: ["a", "b"], format: "aliyun-sms", provider: "p" };
    const env = { DLR_SCOPE: "s", DLR_CHANNEL: "voice", DLR_UTC_OFFSET: "+00:00" };
    const wanted = {
      provider: "p",
      channel: "voice",
      shape: namedShapeOf({ formats: ["aliyun-sms"], scope: "s", utcOffsetMinutes: 0 }),
    };
    expect(settingsOf(load("", flags, env)).topics).toEqual([
      { topic: "a", ...wanted },
      { topic: "b", ...wanted },
    ]);
  });

  it("may share a part of the file by an alias, selected or not", () => {
    const shared = `topics:
  - {topic: a, format: json, scope: s, json: &json {code: /c}}
  - {topic: b, format: json, scope: s, json: *json}
`;
    expect(settingsOf(load(shared, { topic: ["b"] })).topics[0]?.shape.json[0]?.codes[0]?.at).toEqual(["/c"]);
  });
});

describe("files that settings name", () => {
  it("are looked for in the folder of the configuration file", () => {
    write("map.yaml", "");
    const layers = settingsOf(load("code_maps: [packs/*, mine.yaml]")).codeMaps;
    expect(layers).toEqual([join(folder, "packs", "*"), join(folder, "mine.yaml")]);
    const outside = settingsOf(load("code_maps: [x]", {}, { DLR_CODE_MAPS: "a.yaml,b.yaml" })).codeMaps;
    expect(outside).toEqual([join(process.cwd(), "a.yaml"), join(process.cwd(), "b.yaml")]);
    expect(settingsOf(load("code_map: map.yaml")).codeMap).toBe(join(folder, "map.yaml"));
    expect(settingsOf(load("code_map: map.yaml", {}, { DLR_CODE_MAP: "x.yaml" })).codeMap).toBe(
      join(process.cwd(), "x.yaml"),
    );
  });

  it("are read: certificates, and the password without its line break", () => {
    write("ca.pem", "CA");
    write("client.pem", "CERT");
    write("client.key", "KEY");
    write("password", " two words \n");
    const settings = settingsOf(
      load(`ssl: {enabled: true, ca_file: ca.pem, cert_file: client.pem, key_file: client.key, server_name: kafka}
sasl: {mechanism: scram-sha-512, username: u, password_file: password}`),
    );
    expect(settings.ssl).toEqual({ ca: "CA", cert: "CERT", key: "KEY", serverName: "kafka" });
    expect(settings.sasl).toEqual({ mechanism: "scram-sha-512", username: "u", password: " two words " });
  });

  it("yield to a password in the environment", () => {
    write("password", "file");
    const file = "sasl: {mechanism: plain, username: u, password_file: password}";
    expect(settingsOf(load(file, {}, { DLR_SASL_PASSWORD: "env" })).sasl?.password).toBe("env");
  });

  it("leave TLS off when ssl.enabled is false", () => {
    write("ca.pem", "CA");
    expect(settingsOf(load("ssl: {enabled: false, ca_file: ca.pem}")).ssl).toBeUndefined();
  });
});

describe("problems", () => {
  it("come all at once", () => {
    const file = "brokrs: [a]\nport: x\ntopics:\n  - topic: a\n    channel: fax\n  - topic: a\n";
    expect(problemsOf(load(file, { "log-level": "loud" }, { DLR_SASL_USERNAME: "u" }))).toHaveLength(6);
  });

  it("name the flag or variable that a value came from", () => {
    expect(problemsOf(load("port: 1", { port: "a" }, { DLR_TOPICS: "a,b,a" }))).toEqual([
      "DLR_TOPICS:0:0: the topic a is listed twice | DLR_TOPICS names it before.",
      "--port:0:0: port must be a whole number from 0 to 65535, not `a` | " +
        "port: Port to listen on; 0 lets the system choose.",
    ]);
  });

  it("show a configuration file that cannot be read", () => {
    const hint = "Give the path of a YAML file, or no path to use the defaults.";
    const env = { DLR_CONFIG: join(folder, "none.yaml") };
    expect(problemsOf(loadSettings({ flags: {}, env }))).toEqual([
      `DLR_CONFIG:0:0: cannot read the configuration file /none.yaml (ENOENT) | ${hint}`,
    ]);
    expect(problemsOf(loadSettings({ flags: { config: folder }, env }))).toEqual([
      `--config:0:0: cannot read the configuration file  (EISDIR) | ${hint}`,
    ]);
  });
});
