import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadCodeMap } from "../../../src/codes/load.ts";
import { packagedMap, sourcesOf } from "../../../src/codes/map-files.ts";
import { Suggester } from "../../../src/codes/suggest.ts";
import { unknownCodeOf } from "../../../src/commands/run/status-suggestions.ts";
import { mostRows } from "../../../src/http/status.ts";
import { type TemporaryFolder, temporaryFolder } from "../../lab/guarded.ts";

const loaded = await loadCodeMap(sourcesOf(packagedMap));
if ("problems" in loaded) throw new Error("the packaged map is good");
const { map } = loaded;
const suggester = new Suggester(map);

const suggest = (code: string, scope = "sms_receipt") =>
  unknownCodeOf(map, suggester, {
    counter: {
      ...{ kind: "receipts", provider: "aliyun", channel: "sms", scope, code },
      ...{ category: "unknown", outcome: "failed" },
    },
    ...{ count: 2, sinceStart: 1, firstAt: undefined, lastAt: Date.UTC(2026, 10, 26) },
  });

/** Codes of all tables that aliyun's receipts do not have: what may come some day. */
const unlisted = [
  ...new Set(
    map.tables.flatMap(({ entries, contested }) => [...entries, ...contested].map(({ code }) => code)),
  ),
].filter((code) => map.lookup("aliyun", "sms_receipt", code) === undefined);

describe("the entry that would list a code", () => {
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await temporaryFolder("dlr-status-");
  });
  afterAll(() => folder.remove());

  it.each(["agreed", "single"])(
    "is one that the map takes, with the verdict that it suggests: %s",
    async (agreement) => {
      const code = unlisted.find((one) => suggest(one).agreement === agreement);
      const { suggestions, yaml } = suggest(code ?? "");
      const [suggestion] = suggestions;
      const file = join(folder.path, `${agreement}.yaml`);
      await writeFile(file, yaml ?? "");
      const own = await loadCodeMap(sourcesOf(packagedMap, [file]));
      expect(own).not.toHaveProperty("problems");
      if ("problems" in own) return;
      expect(own.map.lookup("aliyun", "sms_receipt", code ?? "")).toMatchObject({
        category: suggestion?.category,
        outcome: suggestion?.outcome,
      });
    },
  );

  it.each(["contradicted", "hint"])("is a comment where that would be a guess: %s", async (agreement) => {
    const code = unlisted.find((one) => suggest(one).agreement === agreement) ?? "";
    const { yaml } = suggest(code);
    expect(
      yaml
        ?.trimEnd()
        .split("\n")
        .filter((line) => !line.startsWith("# ")),
    ).toEqual([]);
    expect(yaml).toContain(`${JSON.stringify(code)}: { category: `);
  });

  it("is none where no file can list it", () => {
    const code = unlisted.find((one) => suggest(one).agreement === "agreed") ?? "";
    expect(suggest(code).yaml).not.toBeNull();
    expect(suggest(code, "api").yaml).toBeNull();
  });
});

it("tells counts and times, null for those that nobody knows", () => {
  expect(suggest("ZZ:9")).toMatchObject({
    ...{ provider: "aliyun", scope: "sms_receipt", code: "ZZ:9", count: 2, since_start: 1 },
    ...{ first_seen: null, last_seen: "2026-11-26T00:00:00Z" },
  });
});

it("says nothing of labels that are no code, may have been cut, or may be somebody's number", () => {
  for (const label of ["_other", "_redacted", "x".repeat(64), "13900000000"]) {
    const nothing = { agreement: "none", suggestions: [], more_suggestions: 0, yaml: null };
    expect(suggest(label)).toMatchObject(nothing);
  }
});

it("has so many suggestions and sources at most, and counts the rest", () => {
  const all = unlisted.map((code) => suggest(code));
  for (const { suggestions } of all) {
    expect(suggestions.length).toBeLessThanOrEqual(mostRows.suggestions);
    for (const { said_by } of suggestions) expect(said_by.length).toBeLessThanOrEqual(mostRows.said_by);
  }
  const cut = all.flatMap(({ suggestions }) => suggestions).find(({ more }) => more > 0);
  expect(cut?.said_by).toHaveLength(mostRows.said_by);
});
