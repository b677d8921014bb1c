import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inProcess } from "./in-process.ts";
import { inShell, toNobody } from "./shell-process.ts";

let folder = "";
let badMap = "";
let warnedOf = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-ending-"));
  badMap = join(folder, "map.yaml");
  writeFileSync(badMap, "version: 3\n");
  warnedOf = join(folder, "dlr.yaml");
  writeFileSync(warnedOf, "sasl: {mechanism: plain, username: u, password_file: password}\n");
  writeFileSync(join(folder, "password"), "hunter2");
  chmodSync(join(folder, "password"), 0o644);
});
afterAll(() => rmSync(folder, { recursive: true }));

const input = ["classify", "--input", "test/docs/receipts.ndjson"];
const printing = [
  { name: "classify of codes", argv: ["classify", "12", "DB:0141"] },
  { name: "classify of a file", argv: input },
  { name: "codes list", argv: ["codes", "list", "--output", "json"] },
  { name: "check", argv: ["check"] },
  { name: "help", argv: ["--help"] },
];

describe("a reader that is gone", () => {
  it.each(printing)("ends $name quietly", async ({ name, argv }) => {
    expect(await inShell(toNobody, argv, join(folder, `gone ${name}`)).ended).toEqual({
      ...{ end: 0, stdout: "", stderr: "" },
    });
  });

  it("hides no problem that is found after it went", async () => {
    const argv = ["check", "--code-map", badMap];
    const { end, stderr } = await inShell(toNobody, argv, join(folder, "gone too early")).ended;
    expect(end).toBe(2);
    expect(stderr).toContain(`${badMap}:1:`);
  });
});

describe("a full disk under standard output", () => {
  const says = (reason: string) => `dlr-exporter: cannot write to standard output: ${reason}\n`;

  it.each(printing)("makes $name fail with one sentence", async ({ argv }) => {
    expect(await inShell('exec "$@" >/dev/full', argv).ended).toEqual({
      ...{ end: 1, stdout: "", stderr: says("no space left on the device") },
    });
  });

  it("leaves the code of what has failed otherwise", async () => {
    const { end, stderr } = await inShell('exec "$@" >/dev/full', ["check", "--code-map", badMap]).ended;
    expect(end).toBe(2);
    expect(stderr).toContain(`${badMap}:1:`);
    expect(stderr).toContain(says("no space left on the device"));
  });

  // the system takes the first kilobyte of what is more: Node.js makes no error of that
  it("is noticed though some of the text was taken", async () => {
    const file = join(folder, "list");
    const script = `trap '' XFSZ; ulimit -f 1; exec "$@" >"$FILE"`;
    const { end, stderr } = await inShell(script, ["codes", "list"], file).ended;
    const { stdout: whole } = await inProcess(["codes", "list"]);
    expect(Buffer.from(whole).subarray(0, 1024)).toEqual(readFileSync(file));
    expect({ end, stderr }).toEqual({ end: 1, stderr: says("the file would be too large") });
  });
});

describe("a full disk under standard error", () => {
  const missing = () => join(folder, "missing");

  it.each([
    { name: "0", argv: () => ["check", "--config", warnedOf], code: 0 },
    { name: "1", argv: () => ["classify", "--input", missing()], code: 1 },
    { name: "2 for a usage that is wrong", argv: () => ["rnu"], code: 2 },
    { name: "2 for a map that is wrong", argv: () => ["check", "--code-map", badMap], code: 2 },
    { name: "2 of run", argv: () => ["run", "--code-map", badMap], code: 2 },
  ])("leaves the exit code $name", async ({ argv, code }) => {
    const usual = await inProcess(argv());
    expect(usual).toMatchObject({ code, stderr: expect.stringContaining("\n") });
    expect(await inShell('exec "$@" 2>/dev/full', argv()).ended).toEqual({
      ...{ end: code, stdout: usual.stdout, stderr: "" },
    });
  });
});
