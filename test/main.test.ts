import { spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ended, ending, guarded } from "./lab/guarded.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-main-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the program as a process of its own. */
function program(argv: readonly string[], stdin = "", nodeFlags: readonly string[] = []): Promise<Ended> {
  const child = spawn(process.execPath, [...nodeFlags, main, ...argv]);
  child.stdin.end(stdin);
  return ending(child);
}

describe("the process", () => {
  const receipt = '{"state":"2","err_code":"12","biz_id":"1^1","receiver":"13000000000","extend":""}\n';

  it("ends with 0 and its result on stdout", async () => {
    const { code, stdout, stderr } = await program(["classify", "-103", "--output", "json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ code: "-103", category: "blacklist" })]);
  });

  it("reads standard input", async () => {
    const { code, stdout } = await program(["classify", "--input", "-", "--output", "json"], receipt);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ records: 1, receipts: 1 });
  });

  const isRoot = process.getuid?.() === 0;
  if (!isRoot) console.warn("a user without a home is not tried: only root can be somebody else");
  it.skipIf(!isRoot).each([
    { name: "no home, as a container's user with any id has none", env: () => ({}) },
    { name: "no home that it may enter", env: () => ({ HOME: folder }) },
  ])("needs $name", async ({ env }) => {
    const child = spawn(process.execPath, [main, "classify", "12", "--output", "json"], {
      uid: 1_234_567,
      cwd: tmpdir(),
      env: { PATH: process.env.PATH, ...env() },
    });
    child.stdin.end();
    const { code, stdout, stderr } = await ending(child);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toHaveLength(1);
  });

  it.each(["XDG_CACHE_HOME", "HOME"])("leaves nothing in its folder for an empty %s", async (name) => {
    const cwd = mkdtempSync(join(folder, "cwd-"));
    const env = { PATH: process.env.PATH, HOME: folder, [name]: "" };
    const child = spawn(process.execPath, [main, "--version"], { cwd, env });
    child.stdin.end();
    expect((await ending(child)).code).toBe(0);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it.each([
    { name: "no folder can be made in", home: "/proc" },
    { name: "is a file", home: main },
    { name: "is not there", home: "/nonexistent" },
  ])("starts for a user whose home $name", async ({ home }) => {
    const env = { PATH: process.env.PATH, HOME: home };
    const child = spawn(process.execPath, [main, "--version"], {
      env,
      timeout: 20_000,
      killSignal: "SIGKILL",
    });
    child.stdin.end();
    expect(await ending(child)).toMatchObject({ code: 0, stderr: "" });
  });

  it("keeps compiled code in a home that it is the first to keep any in", async () => {
    const home = mkdtempSync(join(folder, "home-"));
    const child = spawn(process.execPath, [main, "--version"], {
      env: { PATH: process.env.PATH, HOME: home },
    });
    child.stdin.end();
    expect((await ending(child)).code).toBe(0);
    expect(readdirSync(join(home, ".cache", "dlr-exporter"))).not.toEqual([]);
  });

  it("ends with 1 when the work failed", async () => {
    const file = join(folder, "none");
    const stderr = `dlr-exporter: cannot read ${file}: there is no such file\n`;
    expect(await program(["classify", "--input", file])).toEqual({ code: 1, stdout: "", stderr });
  });

  it("ends with 2 when it was called wrongly", async () => {
    const stderr = "dlr-exporter: unknown command rnu; did you mean run?\nSee dlr-exporter --help\n";
    expect(await program(["rnu"])).toEqual({ code: 2, stdout: "", stderr });
  });

  it("outlives a reader that has seen enough", async () => {
    const child = guarded(spawn(process.execPath, [main, "classify", "--input", "-"]));
    const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
    child.stdout.destroy();
    child.stdin.end(receipt);
    expect(await text(child.stderr)).toBe("");
    expect(await closed).toBe(0);
  });

  it("streams a large file in little memory", async () => {
    const file = join(folder, "large.ndjson");
    const block = receipt.repeat(10_000);
    // a hundred megabytes, more than it may take
    const blocks = 120;
    await pipeline(Readable.from(Array.from({ length: blocks }, () => block)), createWriteStream(file));
    // A preloaded module prints the highest resident set when the process ends.
    const report = "process.on('exit', () => console.error(process.resourceUsage().maxRSS))";
    const preload = ["--import", `data:text/javascript,${encodeURIComponent(report)}`];
    const peak = async (argv: string[]) => {
      const { stdout, stderr } = await program(argv, "", preload);
      return { stdout, kilobytes: Number(stderr) };
    };
    const idle = await peak(["classify", "12"]);
    const busy = await peak(["classify", "--input", file, "--output", "json"]);
    expect(JSON.parse(busy.stdout)).toMatchObject({ records: 10_000 * blocks, receipts: 10_000 * blocks });
    expect(idle.kilobytes).toBeGreaterThan(10_000);
    expect(busy.kilobytes - idle.kilobytes).toBeLessThan(80_000);
  });
});
