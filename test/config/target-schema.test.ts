import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSettings } from "../../src/config/load.ts";

const folder = mkdtempSync(join(tmpdir(), "dlr-target-"));
afterAll(() => rmSync(folder, { recursive: true }));

const secret = "hunter2-hunter2";

/** Writes a file that its owner alone may read. @returns its path */
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  return path;
}

/** A key and a certificate of its own, PEM. */
function certificate(name: string): { cert: string; key: string } {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const subject = ["-subj", `/CN=${name}`, "-days", "2", "-nodes", "-keyout", key, "-out", cert];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  execFileSync("openssl", ["req", "-x509", ...kind, ...subject], { stdio: "ignore" });
  return { cert, key };
}

interface Said {
  readonly flags?: Record<string, string | string[]>;
  readonly env?: Record<string, string>;
}

function targetOf({ flags = {}, env = {} }: Said) {
  const loaded = loadSettings({ flags, env });
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded;
}

const basic = `Basic ${btoa(`me:${secret}`)}`;
let mine: { cert: string; key: string };
let other: { cert: string; key: string };
beforeAll(() => {
  mine = certificate("mine");
  other = certificate("other");
});

describe("a target is given", () => {
  const rows: readonly { name: string; said: () => Said; headers: Record<string, string> }[] = [
    { name: "nothing", said: () => ({}), headers: {} },
    {
      name: "headers by flag, with commas and colons in them",
      said: () => ({ flags: { header: ["X-Scope-OrgID: a,b", "X-Path:  c:d "] } }),
      headers: { "x-scope-orgid": "a,b", "x-path": "c:d" },
    },
    {
      name: "headers by variable, one a line, logins too",
      said: () => ({ env: { DLR_TARGET_HEADERS: `X-Scope-OrgID: a\nX-Api-Key: ${secret}` } }),
      headers: { "x-scope-orgid": "a", "x-api-key": secret },
    },
    {
      name: "logins in a file of headers",
      said: () => ({
        flags: { "header-file": file("headers", `Authorization: ApiKey ${secret}\n\nX-A: b\r\n`) },
      }),
      headers: { authorization: `ApiKey ${secret}`, "x-a": "b" },
    },
    {
      name: "a password in the environment",
      said: () => ({ env: { DLR_TARGET_USERNAME: "me", DLR_TARGET_PASSWORD: secret } }),
      headers: { authorization: basic },
    },
    {
      name: "a password in a file",
      said: () => ({ flags: { username: "me", "password-file": file("password", `${secret}\n`) } }),
      headers: { authorization: basic },
    },
    {
      name: "a token in the environment",
      said: () => ({ env: { DLR_TARGET_BEARER_TOKEN: secret } }),
      headers: { authorization: `Bearer ${secret}` },
    },
    {
      name: "a token in a file",
      said: () => ({ flags: { "bearer-token-file": file("token", `${secret}\r\n`) } }),
      headers: { authorization: `Bearer ${secret}` },
    },
  ];
  it.each(rows)("$name, and nothing shows it", ({ said, headers }) => {
    const { settings, effective, warnings } = targetOf(said());
    expect(settings.target.headers).toEqual(headers);
    expect(JSON.stringify([effective, warnings])).not.toContain(secret);
  });

  it("certificates", () => {
    const flags = { "ca-file": other.cert, "cert-file": mine.cert, "key-file": mine.key };
    const held = (path: string) => readFileSync(path, "utf8");
    expect(targetOf({ flags }).settings.target.tls).toEqual({
      ca: held(other.cert),
      cert: held(mine.cert),
      key: held(mine.key),
    });
  });

  it("a password's file that everybody may read is a warning", () => {
    const path = file("open", secret);
    chmodSync(path, 0o644);
    const { warnings } = targetOf({ flags: { username: "me", "password-file": path } });
    expect(warnings).toMatchObject([
      { file: "--password-file", message: expect.stringMatching(/mode 0644/) },
    ]);
  });
});

describe("what is refused, and never shown", () => {
  const inSight =
    "the header Authorization looks like a credential and is not allowed here, where others can see it";
  const rows: readonly { name: string; said: () => Said; from: string; says: string }[] = [
    {
      name: "a login on the command line",
      said: () => ({ flags: { header: [`Authorization: Bearer ${secret}`] } }),
      from: "--header",
      says: inSight,
    },
    {
      name: "a login in the configuration file",
      said: () => ({
        flags: { config: file("c.yaml", `target: { headers: ["Authorization: ${secret}"] }\n`) },
      }),
      from: join(folder, "c.yaml"),
      says: inSight,
    },
    {
      name: "a password in the configuration file",
      said: () => ({
        flags: { config: file("p.yaml", `target:\n  username: me\n  password: ${secret}\n`) },
      }),
      from: join(folder, "p.yaml"),
      says: "target.password is not allowed in the configuration file",
    },
    {
      name: "a header without a name",
      said: () => ({ flags: { header: [secret] } }),
      from: "--header",
      says: "target.headers must be `Name: value`",
    },
    {
      name: "a header that two lines give",
      said: () => ({ env: { DLR_TARGET_HEADERS: `X-A: ${secret}\nx-a: ${secret}` } }),
      from: "DLR_TARGET_HEADERS",
      says: "target.headers has x-a twice",
    },
    {
      name: "a header that no server can read",
      said: () => ({ env: { DLR_TARGET_HEADERS: `X-A: ${secret}\u0001` } }),
      from: "DLR_TARGET_HEADERS",
      says: "target.headers has a character in X-A that is not allowed in a header",
    },
    {
      name: "a header that is built in",
      said: () => ({ flags: { header: ["Content-Type: text/plain"] } }),
      from: "--header",
      says: "target.headers has Content-Type, which dlr-exporter sets itself",
    },
    {
      name: "two logins",
      said: () => ({
        env: { DLR_TARGET_USERNAME: "me", DLR_TARGET_PASSWORD: secret, DLR_TARGET_BEARER_TOKEN: secret },
      }),
      from: "DLR_TARGET_BEARER_TOKEN",
      says: "target.bearer_token is a second login: keep only one",
    },
    {
      name: "a user without a password",
      said: () => ({ flags: { username: "me" } }),
      from: "--username",
      says: "target.username has no password: set DLR_TARGET_PASSWORD or password_file",
    },
    {
      name: "a password without a user",
      said: () => ({ env: { DLR_TARGET_PASSWORD: secret } }),
      from: "DLR_TARGET_PASSWORD",
      says: "target.username is missing: a password needs it",
    },
    {
      name: "a token of several words",
      said: () => ({ flags: { "bearer-token-file": file("words", `${secret} ${secret}`) } }),
      from: "--bearer-token-file",
      says: "target.bearer_token_file must be one word",
    },
    {
      name: "a file of certificates that holds none",
      said: () => ({ flags: { "ca-file": file("ca", secret) } }),
      from: "--ca-file",
      says: "target.ca_file names a file without a PEM certificate",
    },
    {
      name: "a certificate without its key",
      said: () => ({ flags: { "cert-file": mine.cert } }),
      from: "--cert-file",
      says: "target.key_file is missing: cert_file needs it",
    },
    {
      name: "the key of another certificate",
      said: () => ({ flags: { "cert-file": mine.cert, "key-file": other.key } }),
      from: "--key-file",
      says: "target.key_file names a file without the PEM private key of cert_file",
    },
    {
      name: "a file that is not there",
      said: () => ({ flags: { "header-file": join(folder, "none") } }),
      from: "--header-file",
      says: "target.headers_file names a file that can't be read: (hidden) (ENOENT)",
    },
  ];
  it.each(rows)("$name", ({ said, from, says }) => {
    const loaded = loadSettings({ flags: {}, env: {}, ...said() });
    const problems = "problems" in loaded ? loaded.problems : [];
    expect(problems.map(({ file, message }) => `${file}: ${message}`)).toEqual([`${from}: ${says}`]);
    expect(JSON.stringify(problems)).not.toContain(secret);
  });
});
