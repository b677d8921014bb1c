import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallMap } from "../codes/small-map.ts";
import { inProcess } from "./in-process.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dlr-exporter-replay-"));
  await writeFile(
    join(folder, "bad.yaml"),
    smallMap.replace("category: empty_number", "category: emtpy_number"),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const window = ["--from", "-3h", "--to", "now"];

describe("replay", () => {
  const see = "See dlr-exporter replay --help\n";
  const rows = [
    {
      name: "an argument that is no flag",
      args: ["sms"],
      stderr: `dlr-exporter: replay takes flags, or merge and the state files to merge, not sms\n${see}`,
    },
    {
      name: "a flag that is written wrong",
      args: ["--openmetric", "f"],
      stderr: `dlr-exporter: unknown flag --openmetric; did you mean --openmetrics?\n${see}`,
    },
    {
      name: "a flag of run alone",
      args: [...window, "--group", "g"],
      stderr: `dlr-exporter: unknown flag --group\n${see}`,
    },
    {
      name: "no window",
      args: ["--topic", "t"],
      stderr: `dlr-exporter: --from is missing: the window's start\n${see}`,
    },
    {
      name: "a window before there was any record",
      args: ["--from", "1969-12-31T23:00:00Z", "--to", "now"],
      stderr: `dlr-exporter: --from is before 1970-01-01T00:00:00Z, the earliest timestamp in Kafka\n${see}`,
    },
    {
      name: "a topic named twice",
      args: [...window, "--topic", "t", "--topic", "t"],
      stderr: "--topic: the topic t is listed twice\n    --topic names it before.\n",
    },
  ];
  it.each(rows)("ends with 2 for $name", async ({ args, stderr }) => {
    expect(await inProcess(["replay", ...args])).toEqual({ code: 2, stdout: "", stderr });
  });

  it.each(["--code-map", "--compare"])("ends with 2 for a map that is none: %s", async (flag) => {
    const bad = join(folder, "bad.yaml");
    const { code, stderr } = await inProcess(["replay", ...window, flag, bad]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${bad}:`);
    expect(stderr).toContain('unknown category "emtpy_number"');
  });

  it.each(["--code-map", "--compare"])("ends with 2 for a map that is not there: %s", async (flag) => {
    const file = join(folder, "nothing.yaml");
    expect(await inProcess(["replay", ...window, flag, file])).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(
        /nothing\.yaml:1:1: cannot be read: ENOENT.*\n {4}Give the path of .*\n$/,
      ),
    });
  });

  it.each(["--code-map", "--compare"])("ends with 2 for a map that is no UTF-8: %s", async (flag) => {
    const file = join(folder, "latin.yaml");
    await writeFile(file, Buffer.concat([Buffer.from(smallMap), Buffer.from([0x23, 0xe4])]));
    const { code, stderr } = await inProcess(["replay", ...window, flag, file]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${file}:1:1: cannot be read: `);
    const checked = await inProcess(["check", "--code-map", file]);
    expect(stderr).toBe(checked.stderr);
  });

  it("shows what is wrong with settings, map and the map to compare with at once", async () => {
    const bad = join(folder, "bad.yaml");
    const args = ["--log-level", "wran", "--code-map", bad, "--compare", join(folder, "nothing.yaml")];
    const { code, stderr } = await inProcess(["replay", ...window, ...args]);
    expect(code).toBe(2);
    const shown = ["--log-level: log_level must be", 'unknown category "emtpy_number"', "nothing.yaml:1:1: "];
    for (const part of shown) expect(stderr).toContain(part);
  });
});
