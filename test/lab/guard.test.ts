import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { waitFor } from "./wait-for.ts";

const guardModule = fileURLToPath(new URL("./guard.ts", import.meta.url));

let folder: string;
let guarded: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-exporter-guard-"));
  guarded = join(folder, "it's guarded");
  writeFileSync(guarded, "");
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a program that has guarded a file, and gives what became of the program. */
async function runGuarded(program: string): Promise<string | number> {
  const source = `
    import { guard } from ${JSON.stringify(guardModule)};
    const watch = guard('rm "$1"', ${JSON.stringify(guarded)});
    ${program}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], { stdio: "ignore" });
  const [code, signal]: (number | string)[] = await once(child, "exit");
  return signal ?? code ?? "";
}

/** Whether the shell that watches over the file still waits. */
function isWatched(): boolean {
  return execFileSync("ps", ["-A", "-o", "args="], { encoding: "utf8" }).includes(guarded);
}

describe("guard", () => {
  it.for([
    { name: "ends by itself", program: "", end: 0 },
    { name: "throws", program: "throw new Error('expected by the test')", end: 1 },
    { name: "is killed by SIGTERM", program: "process.kill(process.pid, 'SIGTERM')", end: "SIGTERM" },
    { name: "is killed by SIGKILL", program: "process.kill(process.pid, 'SIGKILL')", end: "SIGKILL" },
  ])("cleans up after a process that $name", async ({ program, end }) => {
    expect(await runGuarded(program)).toBe(end);
    await waitFor(() => !existsSync(guarded), { what: "the cleaning up" });
  });

  it("does nothing once it is dismissed", async () => {
    expect(await runGuarded("watch.dismiss();")).toBe(0);
    await waitFor(() => !isWatched(), { what: "the end of the shell" });
    expect(existsSync(guarded)).toBe(true);
  });
});
