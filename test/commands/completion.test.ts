import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ending, type TemporaryFolder, temporaryFolder } from "../lab/guarded.ts";
import { inProcess } from "./in-process.ts";

const driver = fileURLToPath(new URL("completing.zsh", import.meta.url));

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder("dlr-completion-");
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout } = await inProcess(["completion", shell]);
    expect(code).toBe(0);
    writeFileSync(join(folder.path, shell), stdout);
  }
});
afterAll(() => folder.remove());

/** Runs a shell to its end, which has no word to say of a script. */
async function run(shell: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await ending(spawn(shell, args, { cwd: folder.path }));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

/** What each shell offers for a line whose last word is begun, sorted. */
const shells: Readonly<Record<string, (line: string) => Promise<string[]>>> = {
  async bash(line) {
    // as bash takes a line apart: it breaks words at `=` too
    const words = line.split(/ |(=)/).filter((word) => word !== undefined);
    const script = `source ./bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { :; }
      _dlr_exporter; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return linesOf(await run("bash", ["--norc", "-c", script, "bash", ...words]));
  },
  async zsh(line) {
    const found = join(folder.path, "found");
    writeFileSync(found, "");
    await run("zsh", ["-f", driver, join(folder.path, "zsh"), line, found]);
    return linesOf(readFileSync(found, "utf8"));
  },
  async fish(line) {
    const stdout = await run("fish", ["--no-config", "-c", "source ./fish; complete -C $argv", line]);
    // what it offers for --name=value has the name too
    return linesOf(stdout.replace(/\t.*$/gm, "").replace(/^--[\w-]+=/gm, ""));
  },
};

function linesOf(text: string): string[] {
  return [...new Set(text.split("\n").filter((line) => line !== ""))].sort();
}

const lines: readonly { line: string; offered: readonly string[] }[] = [
  { line: "dlr-exporter c", offered: ["check", "classify", "codes", "completion"] },
  { line: "dlr-exporter help sa", offered: ["sample"] },
  { line: "dlr-exporter run --fo", offered: ["--format"] },
  { line: "dlr-exporter run --format tm", offered: ["tmc-sms", "tmc-voice"] },
  { line: "dlr-exporter run --format=tm", offered: ["tmc-sms", "tmc-voice"] },
  { line: "dlr-exporter run --format auto --log-level f", offered: ["fatal"] },
  { line: "dlr-exporter run --port 9", offered: [] },
  { line: "dlr-exporter find --malformed not_a", offered: ["not_a_receipt"] },
  { line: "dlr-exporter sample --malformed not_a", offered: [] },
  { line: "dlr-exporter sample --reason not_a", offered: ["not_a_receipt"] },
  { line: "dlr-exporter find --category black", offered: ["blacklist"] },
  { line: "dlr-exporter replay --report ", offered: ["csv", "json", "table"] },
  { line: "dlr-exporter codes ", offered: ["diff", "list", "unknown"] },
  { line: "dlr-exporter codes list --confidence h", offered: ["high"] },
  { line: "dlr-exporter completion f", offered: ["fish"] },
];

describe.each(Object.keys(shells))("%s", (shell) => {
  const isHere = spawnSync(shell, ["--version"]).status === 0;
  if (!isHere) console.warn(`${shell} is not installed: its completion is not tried`);
  const offersOf = (line: string) => shells[shell]?.(line);

  const skipped = !isHere && process.env.CI !== "true";
  it.skipIf(skipped).each(lines)("offers $offered for: $line", async ({ line, offered }) => {
    expect(await offersOf(line)).toEqual(offered);
  });

  it.skipIf(skipped)("offers every flag of every command", async () => {
    const names = [...(await inProcess(["--help"])).stdout.matchAll(/^ {2}(\w+) {2}/gm)].map(
      ([, name]) => name,
    );
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) {
      const { stdout } = await inProcess(["help", `${name}`]);
      const flags = [...stdout.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, flag]) => flag);
      expect(await offersOf(`dlr-exporter ${name} --`), name).toEqual(["--help", ...flags].sort());
    }
  });

  it.skipIf(skipped)("offers files where a file is named", async () => {
    expect(existsSync(join(folder.path, "bash"))).toBe(true);
    for (const before of ["run --config", "codes diff", "replay --resume x --openmetrics"]) {
      const offered = await offersOf(`dlr-exporter ${before} ${folder.path}/ba`);
      // bash offers them by itself when it is offered nothing
      if (shell === "bash") expect(offered).toEqual([]);
      else expect(offered?.map((path) => path.split("/").at(-1))).toEqual(["bash"]);
    }
    if (shell === "bash")
      expect(await run("bash", ["--norc", "-c", "source ./bash; complete -p"])).toContain("-o default -F");
  });
});

describe("completion", () => {
  it.each([
    { argv: [], says: "completion takes one of bash, zsh, fish" },
    { argv: ["fisch"], says: "there is no completion fisch; did you mean fish?" },
    { argv: ["tcsh"], says: "there is no completion tcsh" },
  ])("refuses $argv", async ({ argv, says }) => {
    const { code, stdout, stderr } = await inProcess(["completion", ...argv]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(says);
  });

  it("prints the same wherever it runs", async () => {
    const env = { DLR_CONFIG: "/nonexistent", DLR_CODE_MAP: "/nonexistent" };
    expect(await inProcess(["completion", "bash"], { env })).toEqual(await inProcess(["completion", "bash"]));
  });
});
