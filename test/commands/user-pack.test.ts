import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { packBase, smallPack, smallShapes } from "../codes/small-pack.ts";
import { inProcess } from "./in-process.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-user-pack-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const tmcSms = '{"send_time":"2015-04-14 12:21:23","receiver":"13000000000","err_code":"1","state":"2"}';
const nimbus = '{"nimbus_id":"1","nimbus_error":"0","nimbus_code":"DB:0144","nimbus_state":"fail"}';

async function classified(...args: readonly string[]) {
  const stdin = [`${tmcSms}\n${nimbus}\n`];
  const { code, stdout, stderr } = await inProcess(
    ["classify", "--input", "-", "--output", "json", ...args],
    { stdin },
  );
  expect(stderr).toBe("");
  expect(code).toBe(0);
  const { counts, malformed } = JSON.parse(stdout);
  const rows = counts.map((own: { code: string; category: string }) => `${own.code} ${own.category}`);
  return { rows: rows.sort(), malformed };
}

it("a pack of a provider that does not exist is read under auto, beside the packaged ones", async () => {
  const [map, pack] = [write("map.yaml", packBase), write("pack.yaml", `${smallPack}${smallShapes}`)];
  const { rows, malformed } = await classified("--code-map", map, "--code-maps", pack);
  expect(rows).toEqual(["1 unknown", "DB:0144 blacklist"]);
  expect(malformed).toEqual({});
});

it("and by its name, alone or with others", async () => {
  const [map, pack] = [write("map.yaml", packBase), write("pack.yaml", `${smallPack}${smallShapes}`)];
  const maps = ["--code-map", map, "--code-maps", pack];
  const alone = await classified(...maps, "--format", "nimbus-sms");
  expect(alone).toEqual({ rows: ["DB:0144 blacklist"], malformed: { not_a_receipt: 1 } });
  const topics = "topics: [{ topic: t, formats: [nimbus-sms, tmc-sms] }]\n";
  const both = await classified(...maps, "--config", write("dlr.yaml", topics));
  expect(both.malformed).toEqual({});
});

/** What `check` says of a packaged map with a pack over it; the folder cut off. */
async function checked(pack: string, topics = "") {
  const config = write("dlr.yaml", `code_maps: [pack.yaml]\n${topics}`);
  write("pack.yaml", pack);
  const { code, stdout, stderr } = await inProcess(["check", "--config", config]);
  return { code, stdout, stderr: stderr.replaceAll(`${folder}/`, "") };
}

it("check names a format that another provider's pack has, and where", async () => {
  const { code, stderr } = await checked(`${smallPack}${smallShapes.replace("nimbus-sms", "tmc-sms")}`);
  expect(code).toBe(2);
  expect(stderr).toMatch(/pack\.yaml:30:3: format "tmc-sms" is aliyun's already, in \S+aliyun\.yaml:\d+/);
});

it("check names a format that no pack has, and where", async () => {
  const { code, stderr } = await checked(
    `${smallPack}${smallShapes}`,
    "topics: [{ topic: t, formats: [nimbus-sm] }]\n",
  );
  expect(code).toBe(2);
  expect(stderr).toContain("dlr.yaml:2:32: topics[0].formats[0] must be one of auto, tmc-sms,");
  expect(stderr).toContain("Did you mean `nimbus-sms`?");
});

it("check says which of two descriptions of a format counts", async () => {
  const shapes = smallShapes.replace("nimbus-sms", "yunpian");
  const pack = `version: 1\nprovider: yunpian\nnames: { en: Yunpian, zh: 云片 }\n${shapes}`;
  const { code, stdout } = await checked(pack);
  expect(code).toBe(0);
  const said = /^format yunpian from (\S+):5 replaces (\S+):\d+$/m.exec(stdout);
  expect([basename(said?.[1] ?? ""), basename(said?.[2] ?? "")]).toEqual(["pack.yaml", "yunpian.yaml"]);
});
