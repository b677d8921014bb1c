import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inProcess } from "../in-process.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dlr-merge-states-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("replay merge ends with 2 and says how it is used for", () => {
  const rows = [
    { name: "no state", args: [], says: "needs the state files written with --resume" },
    {
      name: "a window, which the states have",
      args: ["a.state", "--from", "-3h", "--to", "now"],
      says: "does not take --from: the states already say what was replayed",
    },
  ];
  it.each(rows)("$name", async ({ args, says }) => {
    expect(await inProcess(["replay", "merge", ...args])).toEqual({
      code: 2,
      stdout: "",
      stderr: `dlr-exporter: replay merge ${says}\nSee dlr-exporter replay --help\n`,
    });
  });
});

describe("replay merge ends with 1 and names the file", () => {
  it("that is not there", async () => {
    const file = join(folder, "none.state");
    expect(await inProcess(["replay", "merge", file])).toEqual({
      code: 1,
      stdout: "",
      stderr: `dlr-exporter: ${file} does not exist\n`,
    });
  });

  it("that is no state", async () => {
    const file = join(folder, "notes.txt");
    await writeFile(file, "not a state\n");
    const { code, stdout, stderr } = await inProcess(["replay", "merge", file]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(file);
  });
});
