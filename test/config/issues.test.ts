import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSettings } from "../../src/config/load.ts";
import { danglingAlias } from "../codes/bad-maps.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-problems-"));
  writeFileSync(join(folder, "empty"), "\n");
  writeFileSync(join(folder, "latin"), Buffer.from([0x70, 0xe4]));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The problems of a file as `line:column: message | hint`. */
function problemsOf(yaml: string): string[] {
  const config = join(folder, "dlr.yaml");
  writeFileSync(config, yaml);
  const loaded = loadSettings({ flags: { config }, env: {} });
  if (!("problems" in loaded)) return [];
  return loaded.problems.map(({ file, line, column, message, hint }) => {
    expect(file).toBe(config);
    return `${line}:${column}: ${message} | ${hint}`.replaceAll(folder, "");
  });
}

const singleHint = "Write a single value, not a mapping or a list.";
const topicHint = "topics: Topics to read; a topic given by flag or variable keeps the file's settings.";
const scopeHint = "topics[].scope: Table of the code map to look codes up in; the format json needs it.";
const jsonHint =
  "topics[].json: Where the fields of a receipt are, as one shape or several; for the format json only.";

const rows: { name: string; yaml: string; problems: unknown }[] = [
  {
    name: "an unknown key",
    yaml: "brokers: [a:1]\ncommit_intervall_ms: 1000",
    problems: ['2:1: unknown key "commit_intervall_ms" in the file | Did you mean `commit_interval_ms`?'],
  },
  {
    name: "an unknown key like no other",
    yaml: "ssl:\n  enabled: true\n  xyzzyxyzzy: 1",
    problems: [
      '3:3: unknown key "xyzzyxyzzy" in ssl | Use one of: enabled, ca_file, cert_file, key_file, server_name.',
    ],
  },
  {
    name: "an unknown key of a topic",
    yaml: "topics:\n  - topic: a\n    utcoffset: +08:00",
    problems: ['3:5: unknown key "utcoffset" in topics[0] | Did you mean `utc_offset`?'],
  },
  {
    name: "an unknown key of the pointers",
    yaml: "topics:\n  - topic: a\n    format: json\n    scope: s\n    json: {code: /c, sentat: /s}",
    problems: ['5:22: unknown key "sentat" in topics[0].json | Did you mean `sent_at`?'],
  },
  {
    name: "a number that is none",
    yaml: "commit_interval_ms: 5s",
    problems: [
      "1:21: commit_interval_ms must be a whole number from 100 to 600000, not `5s` | " +
        "commit_interval_ms: Milliseconds between commits: how old a scraped count may be.",
    ],
  },
  {
    name: "a number out of range",
    yaml: "commit_interval_ms: 99",
    problems: [
      "1:21: commit_interval_ms must be a whole number from 100 to 600000, not `99` | " +
        "commit_interval_ms: Milliseconds between commits: how old a scraped count may be.",
    ],
  },
  {
    name: "a word that is not one of the choices",
    yaml: "log_level: wran",
    problems: [
      "1:12: log_level must be one of fatal, error, warn, info, debug, trace, silent, not `wran` | Did you mean `warn`?",
    ],
  },
  {
    name: "a list where one word belongs",
    yaml: "log_level: [warn]",
    problems: [`1:12: log_level must be a single value | ${singleHint}`],
  },
  {
    name: "a mapping where text belongs",
    yaml: "group: {name: g}",
    problems: [`1:8: group must be a single value | ${singleHint}`],
  },
  {
    name: "a key without a value",
    yaml: "port:\n",
    problems: ["1:6: port must not be empty | port: Port to listen on; 0 lets the system choose."],
  },
  {
    name: "text where a list belongs",
    yaml: "brokers: a:1",
    problems: ["1:10: brokers must be a list | Write lines that begin with `- `."],
  },
  {
    name: "a broker without a port",
    yaml: "brokers:\n  - a:1\n  - b",
    problems: [
      "3:5: brokers[1] must be host:port, not `b` | " +
        "brokers: Kafka bootstrap brokers, host:port or [IPv6]:port, comma-separated.",
    ],
  },
  { name: "no topic", yaml: "topics: []", problems: [`1:9: topics must list a topic | ${topicHint}`] },
  {
    name: "a topic as mere text",
    yaml: "topics: [a]",
    problems: ["1:10: topics[0] must be a mapping | Write lines of `key: value`."],
  },
  {
    name: "a topic without a name",
    yaml: "topics:\n  - format: auto",
    problems: ["2:5: topics[0].topic is missing | topics[].topic: The topic's name."],
  },
  {
    name: "a topic with a name and a pattern",
    yaml: "topics: [{topic: a, pattern: b}]",
    problems: [
      expect.stringContaining("1:30: topics[0].pattern is there beside `topic`: leave one of them | "),
    ],
  },
  {
    name: "a pattern that is none",
    yaml: "topics:\n  - pattern: 'sms[a'",
    problems: [
      expect.stringContaining(
        "2:14: topics[0].pattern must be a regular expression as RE2 takes it (missing closing ]: `[a`), not `sms[a` | ",
      ),
    ],
  },
  {
    name: "a pattern twice",
    yaml: "topics: [{pattern: a}, {pattern: a}]",
    problems: ["1:34: the pattern a is listed twice | It is already in line 1 of /dlr.yaml."],
  },
  {
    name: "a topic's name that Kafka has not",
    yaml: "topics: [{topic: a/b}]",
    problems: [
      "1:18: topics[0].topic must be 1 to 249 letters, digits, `_`, `.` or `-`, not `a/b` | " +
        "topics[].topic: The topic's name.",
    ],
  },
  {
    name: "a topic twice",
    yaml: "topics:\n  - topic: a\n  - topic: b\n  - topic: a",
    problems: ["4:12: the topic a is listed twice | It is already in line 2 of /dlr.yaml."],
  },
  {
    name: "a topic twice by an alias",
    yaml: "topics: [&a {topic: a}, *a]",
    problems: ["1:21: the topic a is listed twice | It is already in line 1 of /dlr.yaml."],
  },
  {
    name: "the format json without pointers and scope",
    yaml: "topics:\n  - topic: a\n    format: json",
    problems: [
      `2:5: topics[0].json is missing: the format json needs it, at least \`json: { code: /the/code }\` | ${jsonHint}`,
      `2:5: topics[0].scope is missing: the format json needs it | ${scopeHint}`,
    ],
  },
  {
    name: "pointers with another format",
    yaml: "topics: [{topic: a, json: {code: /c}}]",
    problems: [`1:27: topics[0].json is for the format json only | ${jsonHint}`],
  },
  {
    name: "pointers without a code",
    yaml: "topics: [{topic: a, format: json, scope: s, json: {flag: /f}}]",
    problems: [
      "1:51: topics[0].json.code is missing | topics[].json.code: JSON Pointer, from the receipt, to its code.",
    ],
  },
  {
    name: "a pointer that is none",
    yaml: "topics: [{topic: a, format: json, scope: s, json: {code: code}}]",
    problems: [
      '1:58: topics[0].json.code is wrong: JSON Pointer "code" does not begin with "/" | ' +
        "topics[].json.code: JSON Pointer, from the receipt, to its code.",
    ],
  },
  {
    name: "an offset from UTC that is none",
    yaml: "topics: [{topic: a, utc_offset: CST}]",
    problems: [
      "1:33: topics[0].utc_offset must be an offset from UTC such as `+08:00`, not `CST` | " +
        "topics[].utc_offset: UTC offset of times without a zone.",
    ],
  },
  {
    name: "TLS settings without TLS",
    yaml: "ssl: {server_name: kafka}",
    problems: [
      "1:6: ssl.enabled is missing: without it the other ssl settings do nothing | " +
        "ssl.enabled: Use TLS.",
    ],
  },
  {
    name: "a certificate without its key",
    yaml: "ssl: {enabled: true, cert_file: empty}",
    problems: [
      "1:6: ssl.key_file is missing: cert_file needs it | ssl.key_file: Private key of the client certificate, PEM.",
    ],
  },
  {
    name: "a file that is not there",
    yaml: "ssl: {enabled: true, ca_file: ca.pem}",
    problems: [
      "1:31: ssl.ca_file names a file that can't be read: /ca.pem (ENOENT) | ssl.ca_file: CA certificates to trust, PEM.",
    ],
  },
  {
    name: "a password in the file",
    yaml: "sasl:\n  mechanism: plain\n  username: u\n  password: hunter2",
    problems: [
      "4:3: sasl.password is not allowed in the configuration file | Set the environment variable DLR_SASL_PASSWORD, " +
        "or put it in a separate file and name that in sasl.password_file.",
    ],
  },
  {
    name: "a password in the file that is misspelt besides",
    yaml: "sasl:\n  mechanism: plain\n  username: u\n  password_file: empty\n  pasword: hunter2",
    problems: [
      '5:3: unknown key "pasword" in sasl | Set the environment variable DLR_SASL_PASSWORD, ' +
        "or put it in a separate file and name that in sasl.password_file.",
      expect.stringContaining("4:18: sasl.password_file is empty"),
    ],
  },
  {
    name: "a certificate's key where its file belongs",
    yaml: "ssl: {enabled: true, cert_file: empty, key_file: '-----BEGIN PRIVATE KEY-----'}",
    problems: [
      "1:50: ssl.key_file must be the path of a file, not its content | " +
        "ssl.key_file: Private key of the client certificate, PEM.",
    ],
  },
  {
    name: "a password file that is no UTF-8",
    yaml: "sasl: {mechanism: plain, username: u, password_file: latin}",
    problems: [
      "1:54: sasl.password_file names a file that can't be read: /latin (it is not UTF-8) | sasl.password_file: " +
        "File with the password; a trailing line break is ignored.",
    ],
  },
  {
    name: "a login without a password",
    yaml: "sasl: {mechanism: plain, username: u}",
    problems: [
      "1:7: sasl has no password: set DLR_SASL_PASSWORD or password_file | " +
        "The keys here are mechanism, username, password_file, token_endpoint, token_ca_file, client_id, " +
        "client_secret_file, scope, region.",
    ],
  },
  {
    name: "an empty password file",
    yaml: "sasl: {mechanism: plain, username: u, password_file: empty}",
    problems: [
      "1:54: sasl.password_file is empty | sasl.password_file: " +
        "File with the password; a trailing line break is ignored.",
    ],
  },
  {
    name: "no mapping at all",
    yaml: "- a",
    problems: ["1:1: the file must be a mapping | Write lines of `key: value`."],
  },
  {
    name: "a key twice",
    yaml: "port: 1\nport: 2",
    problems: ['2:1: duplicate key "port" in the file | Remove one: it is already in line 1.'],
  },
  {
    name: "a key twice, and something else",
    yaml: "port: 1\nport: 2\ngruop: g",
    problems: [
      '2:1: duplicate key "port" in the file | Remove one: it is already in line 1.',
      '3:1: unknown key "gruop" in the file | Did you mean `group`?',
    ],
  },
  {
    name: "an alias of nothing",
    yaml: "group: *g",
    problems: [`1:8: ${danglingAlias}`],
  },
  {
    name: "an alias of itself",
    yaml: "topics: &t [*t]",
    problems: [`1:13: ${danglingAlias}`],
  },
];

describe("a configuration file with", () => {
  it.each(rows)("$name", ({ yaml, problems }) => {
    expect(problemsOf(yaml)).toEqual(problems);
  });
});
