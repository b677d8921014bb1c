import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadSettings } from "../../src/config/load.ts";

const folder = mkdtempSync(join(tmpdir(), "dlr-exporter-login-"));
writeFileSync(join(folder, "secret"), "hunter2\n", { mode: 0o600 });
writeFileSync(join(folder, "empty"), "", { mode: 0o600 });
afterAll(() => rmSync(folder, { recursive: true }));

const oauth = "mechanism: oauthbearer, token_endpoint: https://idp/token, client_id: exporter";

/** @param sasl what stands in the braces of `sasl: {…}` */
function load(sasl: string, env: Record<string, string> = {}) {
  const file = join(folder, "dlr.yaml");
  writeFileSync(file, `sasl: {${sasl}}\n`);
  return loadSettings({ flags: { config: file }, env });
}

function problemsOf(sasl: string, env?: Record<string, string>) {
  const loaded = load(sasl, env);
  return "problems" in loaded ? loaded.problems.map(({ line, message }) => `${line}: ${message}`) : [];
}

function loginOf(sasl: string, env?: Record<string, string>) {
  const loaded = load(sasl, env);
  return "settings" in loaded ? loaded.settings.sasl : loaded.problems;
}

describe("a login by tokens", () => {
  const read = {
    mechanism: "oauthbearer",
    tokenEndpoint: "https://idp/token",
    clientId: "exporter",
    clientSecret: "hunter2",
    scope: undefined,
    ca: undefined,
  };

  it("has its secret from a file or from the environment", () => {
    expect(loginOf(`${oauth}, client_secret_file: secret`)).toEqual(read);
    expect(loginOf(`${oauth}, scope: kafka read`, { DLR_SASL_CLIENT_SECRET: "hunter2" })).toEqual({
      ...read,
      scope: "kafka read",
    });
  });

  it("is shown without its secret", () => {
    const loaded = load(oauth, { DLR_SASL_CLIENT_SECRET: "hunter2" });
    expect(JSON.stringify("effective" in loaded && loaded.effective)).toMatch(
      /"sasl.client_secret","value":"\(hidden\)"/,
    );
  });

  it("may be one of AWS, which needs no secret here", () => {
    const login = { mechanism: "aws_msk_iam", region: "eu-central-1" };
    expect(loginOf("mechanism: aws_msk_iam, region: eu-central-1")).toEqual(login);
  });

  it.each([
    [
      "a secret in the file",
      `${oauth}, client_secret: hunter2`,
      "1: sasl.client_secret is not allowed in the configuration file",
    ],
    ["no secret", oauth, "1: sasl has no client secret: set DLR_SASL_CLIENT_SECRET or client_secret_file"],
    ["an empty secret", `${oauth}, client_secret_file: empty`, "1: sasl.client_secret_file is empty"],
    [
      "no endpoint",
      "mechanism: oauthbearer, client_id: c, client_secret_file: secret",
      "1: sasl.token_endpoint is missing",
    ],
    [
      "an endpoint that is no URL",
      "mechanism: oauthbearer, token_endpoint: idp, client_id: c, client_secret_file: secret",
      "1: sasl.token_endpoint must be an http or https URL, not `idp`",
    ],
    [
      "a login in the endpoint's URL",
      "mechanism: oauthbearer, token_endpoint: 'https://c:hunter2@idp', client_id: c, client_secret_file: secret",
      "1: sasl.token_endpoint must be a URL without a login; that belongs into client_id and client_secret_file, " +
        "not `(hidden)`",
    ],
    [
      "a CA file without a certificate",
      `${oauth}, client_secret_file: secret, token_ca_file: secret`,
      "1: sasl.token_ca_file names a file that holds no certificate, PEM",
    ],
    [
      "a user name",
      `${oauth}, client_secret_file: secret, username: u`,
      "1: sasl.username is not for the mechanism oauthbearer",
    ],
    ["no region", "mechanism: aws_msk_iam", "1: sasl.region is missing"],
    [
      "no such region",
      "mechanism: aws_msk_iam, region: Frankfurt",
      "1: sasl.region must be a region such as `eu-central-1`",
    ],
    ["no user name", "mechanism: plain, password_file: secret", "1: sasl.username is missing"],
  ])("is refused with %s", (_, sasl, problem) => {
    expect(problemsOf(sasl)).toEqual([problem]);
  });
});
