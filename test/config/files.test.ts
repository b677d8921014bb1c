import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { largestSetting } from "../../src/bounds.ts";
import { loadSettings, type SettingSources } from "../../src/config/load.ts";
import { renderProblems } from "../../src/diagnostics.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-values-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const sasl = (file: string) => `sasl: {mechanism: plain, username: u, password_file: ${file}}`;

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function load(yaml: string, flags: SettingSources["flags"] = {}, env: SettingSources["env"] = {}) {
  return loadSettings({ flags: { config: write("dlr.yaml", yaml), ...flags }, env });
}

/** What is told of the problems. */
function told(loaded: ReturnType<typeof loadSettings>): string {
  return "problems" in loaded ? renderProblems(loaded.problems) : "";
}

describe("a file that settings name", () => {
  it.each<[string, () => ReturnType<typeof load>]>([
    ["password_file", () => load(sasl("hunter2"))],
    ["password_file in a folder", () => load(sasl("hunter2/hunter2"))],
    [
      "DLR_SASL_PASSWORD_FILE",
      () => load("sasl: {mechanism: plain, username: u}", {}, { DLR_SASL_PASSWORD_FILE: "hunter2" }),
    ],
    ["--password-file", () => load("", { "password-file": "hunter2", username: "u" })],
    ["--header-file", () => load("", { "header-file": "X-Login: hunter2" })],
    ["key_file", () => load("ssl: {enabled: true, key_file: hunter2}")],
    ["bearer_token_file", () => load("target: {bearer_token_file: hunter2}")],
  ])("is not named where it is not there, since the name may be the secret: %s", (_, loaded) => {
    expect(told(loaded())).toContain("names a file that can't be read: (hidden) (ENO");
    expect(told(loaded())).not.toContain("hunter2");
  });

  it("is named where it is there and can't be read", () => {
    mkdirSync(join(folder, "secrets"));
    expect(told(load(sasl("secrets")))).toContain(`can't be read: ${join(folder, "secrets")} (EISDIR)`);
  });

  it("has no more than a file of settings may have, whatever it is", () => {
    write("large", "x".repeat(largestSetting));
    expect(load(sasl("large"))).toHaveProperty("settings.sasl.password.length", largestSetting);
    write("large", "x".repeat(largestSetting + 1));
    expect(told(load(sasl("large")))).toContain(
      `can't be read: ${join(folder, "large")} (it has more than 1 MiB)`,
    );
    expect(told(loadSettings({ flags: { config: "/dev/zero" }, env: {} }))).toContain(
      "cannot read the configuration file /dev/zero (it has more than 1 MiB)",
    );
  });
});
