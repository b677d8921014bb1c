import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { CodeEntry } from "../../src/codes/code-map.ts";
import { parseCodeMap } from "../../src/codes/parse.ts";
import { runMapTests } from "../../src/codes/test-rows.ts";
import { shippedMap } from "./shipped-map.ts";

const { map, tests } = await shippedMap();
const tables = map.tables.filter((table) => table.provider === "aliyun");
const entries = tables.flatMap((table) => table.entries);
const fromSeed = entries.filter((entry) => entry.seedLine !== undefined);
const seedRows = readSeed(await readFile("test/seed/error-code-map.md", "utf8"));
const taxonomy = readTaxonomy(await readFile("test/seed/taxonomy.csv", "utf8"));

interface SeedRow {
  readonly title: string;
  readonly line: number;
  readonly cells: readonly string[];
}

/** Every body row of the seed's Markdown tables, under the heading before it. */
function readSeed(text: string): SeedRow[] {
  const rows: SeedRow[] = [];
  let title = "";
  let inBody = false;
  text.split("\n").forEach((content, index) => {
    if (content.startsWith("#")) title = content.replace(/^#+ /, "");
    if (!content.startsWith("|")) inBody = false;
    else if (/^[|\s-]+$/.test(content)) inBody = true;
    else if (inBody)
      rows.push({
        title,
        line: index + 1,
        cells: content
          .split("|")
          .slice(1, -1)
          .map((c) => c.trim()),
      });
  });
  return rows;
}

/** The rows of the taxonomy by column name. Every cell is quoted, and none holds a line break. */
function readTaxonomy(text: string): Record<string, string>[] {
  const [head = [], ...rows] = text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) =>
      [...line.matchAll(/"((?:[^"]|"")*)"/g)].map((cell) => (cell[1] ?? "").replaceAll('""', '"')),
    );
  return rows.map((cells) => Object.fromEntries(head.map((name, column) => [name, cells[column] ?? ""])));
}

/** An empty cell of the seed is blank, missing, or a hyphen. */
function written(cell: string | undefined): string | undefined {
  return cell === "" || cell === "-" ? undefined : cell;
}

/** What the map must say of a row of the seed, table by table. */
function expectedOf({ title, line, cells }: SeedRow) {
  const [code, zh, third] = title === "短信 SMS" ? cells.slice(1) : cells;
  const isApi = title.startsWith("alibaba.");
  return {
    title,
    line,
    code,
    zh,
    detail: isApi ? undefined : written(third),
    remedy: isApi ? written(third) : undefined,
  };
}

function titleOf(entry: CodeEntry): string | undefined {
  return map.table(entry.provider, entry.scope)?.title;
}

describe("the seed", () => {
  test("has 82 rows with 81 codes", () => {
    expect(seedRows).toHaveLength(82);
    expect(new Set(seedRows.map((row) => `${row.title} ${expectedOf(row).code}`)).size).toBe(81);
  });

  test("is in the map row for row, cell by cell, in its order; a row that repeats one is one entry", () => {
    const repeated = seedRows.filter((row) => row.line === 68);
    expect(repeated.map((row) => row.cells)).toEqual(
      seedRows.filter((row) => row.line === 64).map((row) => row.cells),
    );
    const inMap = fromSeed.map((entry) => ({
      title: titleOf(entry),
      line: entry.seedLine,
      code: entry.code,
      zh: entry.zh,
      detail: entry.detail,
      remedy: entry.remedy,
    }));
    expect(inMap).toEqual(seedRows.filter((row) => row.line !== 68).map(expectedOf));
  });

  test("is extended by the success codes and nothing else", () => {
    const added = map.tables
      .flatMap((table) => table.entries)
      .filter((entry) => entry.seedLine === undefined)
      .map((entry) => `${entry.provider}/${entry.scope} ${entry.code} ${entry.category} ${entry.outcome}`);
    const apis = [
      "sms_send_api",
      "sms_query_api",
      "voice_singlecall_api",
      "tts_singlecall_api",
      "voice_doublecall_api",
    ];
    expect(added).toEqual([
      "aliyun/sms_receipt DELIVRD delivered delivered",
      "aliyun/sms_receipt DELIVERED delivered delivered",
      "aliyun/sms_receipt 0 delivered delivered",
      "aliyun/sms_receipt 000 delivered delivered",
      ...apis.flatMap((scope) => [
        `aliyun/${scope} 0 accepted accepted`,
        `aliyun/${scope} OK accepted accepted`,
      ]),
      "tencent/sms_receipt DELIVRD delivered delivered",
    ]);
  });

  test("names the API of each table in its heading", () => {
    for (const table of tables) {
      const api = table.kind === "api" ? table.title.split(" ")[0] : undefined;
      expect({ scope: table.scope, api: table.api }).toEqual({ scope: table.scope, api });
    }
  });
});

describe("the taxonomy", () => {
  test("judges every code as the map does", () => {
    const judged = taxonomy.map((row) => ({
      title: row.section,
      scope: row.scope,
      code: row.code,
      category: row.category,
      outcome: row.outcome,
      fault: row.fault,
      retryable: row.retryable === "yes",
    }));
    const unique = [...new Map(judged.map((row) => [`${row.scope} ${row.code}`, row])).values()];
    expect(taxonomy).toHaveLength(82);
    expect(
      fromSeed.map((entry) => ({
        title: titleOf(entry),
        scope: entry.scope,
        code: entry.code,
        category: entry.category,
        outcome: entry.outcome,
        fault: entry.fault,
        retryable: entry.retryable,
      })),
    ).toEqual(unique);
  });

  test("has no category that the map lacks, and the map none more but those of today's receipts", () => {
    const used = new Set([...entries.map((entry) => entry.category), "unknown"]);
    expect([...map.categories.keys()].filter((name) => !used.has(name))).toEqual([
      ...["recipient_unavailable", "rejected", "expired", "handset_error"],
      ...["number_ported", "canceled", "time_window_blocked", "unknown_reason"],
    ]);
    expect([...used].filter((name) => !map.categories.has(name))).toEqual([]);
  });

  test("says all of its codes itself: no default of a category moves one", () => {
    const text = readFileSync("config/code-map.yaml", "utf8");
    const bare = parseCodeMap(text.replace(/^ {4}(?:outcome|fault|retryable): \w+\n/gm, ""), "code-map.yaml");
    expect("map" in bare && bare.map.tables).toEqual(map.tables);
    expect([...map.categories].filter(([, { outcome, fault }]) => !outcome || !fault)).toEqual([]);
  });
});

describe("the words", () => {
  test("are English where they say so, and Chinese likewise", () => {
    const han = /\p{Script=Han}/u;
    for (const entry of map.tables.flatMap((table) => table.entries)) {
      expect([entry.en, entry.remedyEn, entry.note].filter((text) => text && han.test(text))).toEqual([]);
      expect(entry.zh).toMatch(han);
      expect([entry.code, entry.remedyEn !== undefined]).toEqual([entry.code, entry.remedy !== undefined]);
    }
    for (const { en, zh } of map.categories.values()) {
      expect(en).not.toMatch(han);
      expect(zh).toMatch(han);
    }
  });
});

describe("scope api", () => {
  const apis = tables.filter((table) => table.kind === "api");

  test("has every code of an API table: they all agree", () => {
    const codes = new Set(apis.flatMap((table) => table.entries.map((entry) => entry.code)));
    expect(map.table("aliyun", "api")?.entries.map((entry) => entry.code)).toEqual([...codes]);
  });

  test("judges as each of them does", () => {
    const verdict = ({ code, category, outcome, fault, retryable }: CodeEntry) => ({
      code,
      category,
      outcome,
      fault,
      retryable,
    });
    for (const entry of apis.flatMap((table) => table.entries)) {
      const derived = map.lookup("aliyun", "api", entry.code);
      expect(derived && verdict(derived)).toEqual(verdict(entry));
    }
  });
});

test("the map's own test rows hold", () => {
  expect(tests.length).toBeGreaterThan(12);
  expect(runMapTests(map, tests)).toEqual([]);
});
