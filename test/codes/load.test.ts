import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadCodeMap, readCodeMap } from "../../src/codes/load.ts";
import { justFiles } from "../../src/codes/map-files.ts";
import { smallMap } from "./small-map.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dlr-load-map-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

it("is the same map with a byte order mark and without", async () => {
  const [bare, marked] = [
    await loadCodeMap(await file("bare.yaml", smallMap)),
    await loadCodeMap(await file("marked.yaml", `\uFEFF${smallMap}`)),
  ];
  if ("problems" in bare || "problems" in marked) throw new Error("one of the maps was refused");
  expect(marked.map.hash).toBe(bare.map.hash);
  expect(marked.map.tables).toEqual(bare.map.tables);
});

it("is refused when it is no UTF-8", async () => {
  const path = await file("latin.yaml", Buffer.concat([Buffer.from(smallMap), Buffer.from([0x23, 0xe4])]));
  expect(await loadCodeMap(path)).toMatchObject({ problems: [{ file: path, line: 1, column: 1 }] });
});

it("is refused when a test row of its own does not hold, but may be looked at", async () => {
  const path = await file("untrue.yaml", smallMap.replace("code: 012", "code: 12"));
  expect(await loadCodeMap(path)).toMatchObject({
    problems: [{ message: expect.stringContaining('acme/sms_receipt "12" (failed) is unknown') }],
  });
  expect(await readCodeMap(justFiles(path))).toHaveProperty("map");
});
