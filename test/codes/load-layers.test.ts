import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LiveMap } from "../../src/codes/live-map.ts";
import { compilePackaged, loadCodeMap } from "../../src/codes/load.ts";
import { justFiles, packagedMap, sourcesOf } from "../../src/codes/map-files.ts";
import { compiledFile } from "../../src/codes/read-file.ts";
import { packBase, smallPack } from "./small-pack.ts";

let folder = "";
let base = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-layers-"));
  base = write("code-map.yaml", packBase);
  mkdirSync(join(folder, "providers"));
  write("providers/nimbus.yaml", smallPack);
  write("providers/b.yml", smallPack.replace("provider: nimbus", "provider: stratus"));
  for (const other of ["README.md", ".hidden.yaml", "nimbus.yaml~"]) write(`providers/${other}`, "no pack");
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function load(...layers: readonly string[]) {
  const loaded = await loadCodeMap(
    justFiles(
      base,
      layers.map((name) => join(folder, name)),
    ),
  );
  if ("problems" in loaded) {
    throw new Error(
      loaded.problems.map(({ file, line, message }) => `${basename(file)}:${line} ${message}`).join("\n"),
    );
  }
  return { ...loaded, names: loaded.files.map((file) => basename(file)) };
}

const mine = `version: 1
providers:
  nimbus:
    sms_receipt:
      codes:
        "DB:0144": { category: power_off }
        NEW: { category: blacklist, note: Mine }
tests:
  - { provider: nimbus, scope: sms_receipt, code: "db:0144", flag: failed, category: power_off, outcome: failed }
  - { provider: acme, scope: sms_receipt, code: "1", flag: failed, category: power_off, outcome: failed }
`;

describe("the layers of a code map", () => {
  it("are the files that a * stands for, by name, over the code map", async () => {
    const { map, names, overrides } = await load("providers/*");
    expect(names).toEqual(["code-map.yaml", "b.yml", "nimbus.yaml"]);
    expect(map.providers().sort()).toEqual(["acme", "nimbus", "stratus"]);
    expect(map.lookup("nimbus", "sms_receipt", "db:0144")?.category).toBe("blacklist");
    expect(map.lookup("acme", "sms_receipt", "DB:0144")).toBeUndefined();
    expect(overrides).toEqual([]);
  });

  it("take a map of a few codes, without categories and without what is known of their scopes", async () => {
    write("mine.yaml", mine);
    const { map, tests, overrides } = await load("providers/nimbus.yaml", "mine.yaml");
    expect(map.lookup("nimbus", "sms_receipt", "DB:0144")).toMatchObject({
      category: "power_off",
      retryable: true,
    });
    expect(map.lookup("nimbus", "sms_receipt", "NEW")).toMatchObject({ en: "Blacklist", note: "Mine" });
    expect(map.lookup("nimbus", "sms_receipt", "OK")?.outcome).toBe("delivered");
    expect(map.table("nimbus", "sms_receipt")).toMatchObject({ title: "SMS receipts", channel: "sms" });
    expect(tests).toHaveLength(2);
    expect(overrides.map(({ winner, loser }) => [winner.line, loser.line])).toEqual([[6, 17]]);
  });

  it("stand where they are named, the code map too, and where they are named last", async () => {
    write(
      "over.yaml",
      mine
        .replace("nimbus:", "acme:")
        .replace(/tests:[\s\S]*/, "")
        .replace('"DB:0144"', '"1"')
        .replace("power_off", "blacklist"),
    );
    expect((await load("over.yaml")).map.lookup("acme", "sms_receipt", "1")?.category).toBe("blacklist");
    const beneath = await load("over.yaml", "code-map.yaml");
    expect(beneath.names).toEqual(["over.yaml", "code-map.yaml"]);
    expect(beneath.map.lookup("acme", "sms_receipt", "1")?.category).toBe("power_off");
    expect((await load("over.yaml", "providers/*", "over.yaml")).names.at(-1)).toBe("over.yaml");
  });

  it("may add a category of their own", async () => {
    const own = "categories:\n  flood: { en: Flood, zh: 洪 }\nproviders:\n";
    write(
      "flood.yaml",
      mine
        .replace("providers:\n", own)
        .replace(
          "category: power_off }\n",
          "category: flood, outcome: failed, fault: none, retryable: no }\n",
        )
        .replace(/tests:[\s\S]*/, ""),
    );
    const { map } = await load("providers/nimbus.yaml", "flood.yaml");
    expect(map.categories.get("flood")?.en).toBe("Flood");
    expect([...map.categories.keys()][0]).toBe("delivered");
    expect(map.lookup("nimbus", "sms_receipt", "DB:0144")?.category).toBe("flood");
  });

  it("have a hash of all their texts", async () => {
    const one = await load("providers/nimbus.yaml");
    write("moved.yaml", `${smallPack}# another text\n`);
    expect((await load("moved.yaml")).map.hash).not.toBe(one.map.hash);
    expect((await load("providers/nimbus.yaml")).map.hash).toBe(one.map.hash);
  });

  it.each([
    {
      name: "a scope that nobody has",
      text: mine.replace("sms_receipt:", "sms_recept:"),
      line: 4,
      says: 'nimbus/sms_recept lacks "channel", "kind", "title" and no file below it has the table',
    },
    {
      name: "an unknown category",
      text: mine.replace("{ category: power_off", "{ category: power_of"),
      line: 6,
      says: 'unknown category "power_of"',
    },
    {
      name: "a test row that does not hold",
      text: mine.replace("flag: failed, category: power_off", "flag: failed, category: blacklist"),
      line: 9,
      says: /is power_off, failed; the test says blacklist, failed/,
    },
    {
      name: "another channel",
      text: mine.replace("codes:", "channel: voice\n      codes:"),
      line: 4,
      says: /^channel of nimbus\/sms_receipt is voice here and sms in .*nimbus.yaml:8$/,
    },
  ])("refuse $name, with its place", async ({ text, line, says }) => {
    const file = write("bad.yaml", text);
    const loaded = await loadCodeMap(justFiles(base, [join(folder, "providers/nimbus.yaml"), file]));
    expect(loaded).toMatchObject({ problems: [{ file, line, message: expect.stringMatching(says) }] });
  });

  it.each([
    { pattern: "nothing/*", says: "matches no file" },
    { pattern: "*/nimbus.yaml", says: "has more than one `*`" },
    { pattern: "providers/*n*", says: "has more than one `*`" },
  ])("refuse a path that stands for nothing: $pattern", async ({ pattern, says }) => {
    const file = join(folder, pattern);
    expect(await loadCodeMap(justFiles(base, [file]))).toMatchObject({ problems: [{ file, message: says }] });
  });

  it("tell all problems of all files at once, and nothing of categories where the code map is broken", async () => {
    const broken = write(
      "broken.yaml",
      packBase.replace("zh: 黑名单, outcome: failed", "zh: 黑名单, outcome: fialed"),
    );
    const bad = write("bad.yaml", mine.replace("version: 1", "version: 3"));
    const loaded = await loadCodeMap(
      justFiles(broken, [join(folder, "providers/nimbus.yaml"), bad, join(folder, "gone.yaml")]),
    );
    const told =
      "problems" in loaded
        ? loaded.problems.map(({ file, message }) => `${basename(file)} ${message.split(":")[0]}`)
        : [];
    expect(told.sort()).toEqual([
      'bad.yaml version "3" is not known',
      'broken.yaml unknown outcome "fialed"',
      "gone.yaml cannot be read",
    ]);
  });
});

describe("a reload", () => {
  it("reads every layer again, and finds a pack that is new", async () => {
    const sources = justFiles(base, [join(folder, "fresh", "*")]);
    mkdirSync(join(folder, "fresh"));
    write("fresh/a.yaml", smallPack);
    const first = await loadCodeMap(sources);
    if ("problems" in first) throw new Error(JSON.stringify(first.problems));
    const live = new LiveMap(sources, first.map, () => []);
    expect(await live.reload()).toEqual({ ok: true, changed: false });
    write("fresh/b.yaml", smallPack.replace("provider: nimbus", "provider: stratus"));
    expect(await live.reload()).toEqual({ ok: true, changed: true });
    expect(live.current.providers()).toContain("stratus");
    expect(live.current.lookup("nimbus", "sms_receipt", "DB:0144")?.source?.title).toBe("SMS codes");
    write("fresh/b.yaml", "version: 1\nprovider: stratus\n");
    expect(await live.reload()).toMatchObject({
      ok: false,
      problems: [{ file: join(folder, "fresh/b.yaml") }, {}],
    });
    expect(live.current.providers()).toContain("stratus");
  });
});

describe("the packaged layers", async () => {
  const [own, all] = await Promise.all([loadCodeMap(packagedMap), loadCodeMap(sourcesOf(packagedMap))]);
  if ("problems" in own || "problems" in all) throw new Error(JSON.stringify([own, all]));

  it("lie beneath the code map, and beneath no other", () => {
    expect(all.files.at(-1)).toBe(packagedMap);
    expect(sourcesOf(base).beneath).toEqual([]);
  });

  it("list no code that the code map has in the same scope, and move none of it, by way of scope api either", () => {
    expect(all.overrides).toEqual([]);
    for (const provider of own.map.providers()) {
      for (const scope of own.map.scopes(provider)) {
        for (const entry of own.map.table(provider, scope)?.entries ?? []) {
          expect(all.map.lookup(provider, scope, entry.code)).toMatchObject({
            category: entry.category,
            outcome: entry.outcome,
          });
        }
      }
    }
  });

  it("are in dist/ as they would be read now (npm run build writes them)", async () => {
    if (!existsSync(compiledFile)) return;
    expect(JSON.parse(readFileSync(compiledFile, "utf8"))).toEqual(
      JSON.parse(JSON.stringify(await compilePackaged())),
    );
  });
});
