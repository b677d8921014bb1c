import { execFileSync } from "node:child_process";
import { mkdtemp, open, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CodeMap } from "../../src/codes/code-map.ts";
import { LiveMap } from "../../src/codes/live-map.ts";
import { loadCodeMap } from "../../src/codes/load.ts";
import { justFiles } from "../../src/codes/map-files.ts";
import type { Problem } from "../../src/diagnostics.ts";
import { smallMap } from "./small-map.ts";

let folder: string;
let file: string;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_000_000 });
  folder = await mkdtemp(join(tmpdir(), "code-map-"));
  file = join(folder, "map.yaml");
});

afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

async function start(objectionsTo: (map: CodeMap) => Problem[] = () => []): Promise<LiveMap> {
  await writeFile(file, smallMap);
  const parsed = await loadCodeMap(file);
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return new LiveMap(justFiles(file), parsed.map, objectionsTo);
}

const changed = smallMap.replace("en: Empty number\n", "en: Not in service\n");
const broken = smallMap.replace("fault: recipient", "fault: recipent");

test("starts with the map it is given, as a success", async () => {
  const live = await start();
  expect(live.current.lookup("acme", "sms_receipt", "012")?.en).toBe("Empty number");
  expect(live.lastReload).toEqual({ successful: true, succeededAt: 1000 });
});

test("takes a changed file", async () => {
  const live = await start();
  await writeFile(file, changed);
  vi.setSystemTime(2_000_000);
  expect(await live.reload()).toEqual({ ok: true, changed: true });
  expect(live.current.lookup("acme", "sms_receipt", "012")?.en).toBe("Not in service");
  expect(live.lastReload).toEqual({ successful: true, succeededAt: 2000 });
});

test("changes nothing for the same text, and says that it was read", async () => {
  const live = await start();
  const before = live.current;
  vi.setSystemTime(2_000_000);
  expect(await live.reload()).toEqual({ ok: true, changed: false });
  expect(live.current).toBe(before);
  expect(live.lastReload).toEqual({ successful: true, succeededAt: 2000 });
});

test.each([
  { name: "a bad map", spoil: () => writeFile(file, broken), message: 'unknown fault "recipent"', line: 17 },
  { name: "no YAML", spoil: () => writeFile(file, "a: [\n"), message: "not valid YAML", line: 2 },
  { name: "no UTF-8", spoil: () => writeFile(file, Buffer.from([0xff])), message: "cannot be read", line: 1 },
  {
    name: "a test row that does not hold",
    spoil: () => writeFile(file, smallMap.replace("code: 012", "code: 12")),
    message: 'acme/sms_receipt "12" (failed) is unknown, failed',
    line: 31,
  },
  { name: "no file", spoil: () => rm(file), message: "cannot be read: ENOENT", line: 1 },
])(
  "keeps the map in force when there is $name, and takes the next good one",
  async ({ spoil, message, line }) => {
    const live = await start();
    const before = live.current;
    await spoil();
    vi.setSystemTime(2_000_000);
    const reload = await live.reload();
    expect(reload).toMatchObject({ ok: false, problems: [{ file, line }] });
    expect("problems" in reload && reload.problems[0]?.message).toContain(message);
    expect(live.current).toBe(before);
    expect(live.lastReload).toEqual({ successful: false, succeededAt: 1000 });

    await writeFile(file, changed);
    vi.setSystemTime(3_000_000);
    expect(await live.reload()).toEqual({ ok: true, changed: true });
    expect(live.lastReload).toEqual({ successful: true, succeededAt: 3000 });
  },
);

test("keeps the map in force when the new one lacks what it has to have", async () => {
  const problem = { file: "dlr.yaml", line: 3, column: 5, message: "must be a scope", hint: "Name another." };
  const live = await start((map) => (map.scopes("acme").includes("send_api") ? [] : [problem]));
  const before = live.current;
  await writeFile(file, changed.replace("    send_api:", "    query_api:"));
  expect(await live.reload()).toEqual({ ok: false, problems: [problem] });
  expect(live.current).toBe(before);
  expect(live.lastReload.successful).toBe(false);
  await writeFile(file, changed);
  expect(await live.reload()).toEqual({ ok: true, changed: true });
});

test("never lets a slow reload put back what a later one has replaced", async () => {
  const live = await start();
  await rm(file);
  execFileSync("mkfifo", [file]);
  const slow = live.reload();
  const pipe = await open(file, "w");
  const next = join(folder, "next.yaml");
  await writeFile(next, changed);
  await rename(next, file);
  const later = live.reload();
  // The later one could be through by now, for this is all that it does.
  for (let times = 0; times < 5; times++) await loadCodeMap(file);
  await pipe.writeFile(`${smallMap}# older\n`);
  await pipe.close();
  expect(await Promise.all([slow, later])).toEqual([
    { ok: true, changed: true },
    { ok: true, changed: true },
  ]);
  expect(live.current.lookup("acme", "sms_receipt", "012")?.en).toBe("Not in service");
});
