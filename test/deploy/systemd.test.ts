import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TemporaryFolder, temporaryFolder } from "../lab/guarded.ts";

const file = "deploy/systemd/dlr-exporter.service";
const unit = readFileSync(file, "utf8");

function valuesOf(key: string): string[] {
  return [...unit.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value = ""]) => value);
}

const missing =
  spawnSync("systemd-analyze", ["--version"]).status === 0 ? undefined : "systemd-analyze is not installed";
if (missing !== undefined) console.warn(`${missing}: the unit is checked by its text alone`);

describe("dlr-exporter.service", () => {
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await temporaryFolder("dlr-systemd-");
  });
  afterAll(() => folder.remove());

  /** Has systemd-analyze look at the unit, with a program that is here. */
  function analyse(...args: readonly string[]) {
    expect(missing).toBeUndefined();
    const copy = join(folder.path, "dlr-exporter.service");
    writeFileSync(copy, unit.replace("/usr/local/bin/dlr-exporter", process.execPath));
    return spawnSync("systemd-analyze", [...args, copy], { encoding: "utf8" });
  }

  const skipped = missing !== undefined && process.env.CI !== "true";
  it.skipIf(skipped)("is taken by systemd without a word", () => {
    const { status, stderr } = analyse("verify");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it.skipIf(skipped)("is exposed to at most 1.5 of 10, as systemd reckons", () => {
    const { status, stdout } = analyse("security", "--offline=true", "--threshold=15", "--no-pager");
    expect(status, stdout).toBe(0);
  });

  it("runs and ends as the program does", () => {
    expect(valuesOf("ExecStart")).toEqual([
      "/usr/local/bin/dlr-exporter run --config /etc/dlr-exporter/dlr-exporter.yaml",
    ]);
    // a wrong configuration is no reason to start again and again
    expect(valuesOf("RestartPreventExitStatus")).toEqual(["2"]);
    expect(Number(valuesOf("TimeoutStopSec")[0])).toBeGreaterThan(15);
    expect(valuesOf("ExecReload")).toEqual(["/bin/kill -HUP $MAINPID"]);
  });

  it("lets V8 compile", () => {
    expect(valuesOf("MemoryDenyWriteExecute")).toEqual([]);
  });

  it("keeps compiled code where the program looks for it", () => {
    expect(valuesOf("CacheDirectory")).toEqual(["dlr-exporter"]);
    expect(valuesOf("Environment")).toContain("XDG_CACHE_HOME=%C");
  });

  it("gives Node.js the flags that the image gives it", () => {
    const entry = /^ENTRYPOINT \["node", "(--[^"]+)", /m.exec(readFileSync("Dockerfile", "utf8"))?.[1];
    expect(valuesOf("Environment")).toContain(`NODE_OPTIONS=${entry}`);
  });
});
