import { createHash } from "node:crypto";
import type { Problem } from "../diagnostics.ts";
import { hasUnseen, identifies, maskNumbers, phoneDigits } from "../masking.ts";
import { anyApiScope } from "../receipts/receipt.ts";
import { type Field, type Value, YamlReader } from "../yaml/reader.ts";
import { YamlSource } from "../yaml/source.ts";
import { ownCategories } from "./classify.ts";
import { type CategoryLabels, type CodeEntry, CodeMap, type CodeTable, tableKinds } from "./code-map.ts";
import { maxLabelLength } from "./label.ts";
import { normaliseCode } from "./normalise.ts";
import { redactMap } from "./redact.ts";
import { readTestRows, type TestRow } from "./test-rows.ts";
import { faults, outcomes } from "./verdict.ts";

/** A code map with its own test rows, or everything that is wrong with the file. */
export type ParsedCodeMap =
  | { readonly map: CodeMap; readonly tests: readonly TestRow[] }
  | { readonly problems: readonly Problem[] };

/**
 * Parses and validates a code map. Never throws: all problems come back at once, each with its place and a hint.
 * Whether the map's test rows hold is not looked at here; see `runMapTests`.
 *
 * @param text the YAML text of the file
 * @param file its name, for the problems
 */
export function parseCodeMap(text: string, file: string): ParsedCodeMap {
  const reader = new YamlReader(new YamlSource(file, text, () => redactMap(text)));
  // What a broken document seems to hold is guesswork: its syntax comes first.
  if (reader.problems.length > 0) return { problems: reader.problems };
  const top = reader.record(reader.root, "the code map", ["version", "categories", "providers"], ["tests"]);
  checkVersion(reader, top.version);
  const categories = readCategories(reader, top.categories);
  const tables = readProviders(reader, top.providers, [...categories.keys()]);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const map = new CodeMap(hash, categories, tables);
  const tests = readTestRows(reader, top.tests, map);
  return reader.problems.length > 0 ? { problems: reader.problems } : { map, tests };
}

function checkVersion(reader: YamlReader, value: Value | undefined): void {
  const version = reader.scalar(value, "version");
  if (value === undefined || version === undefined || version === "1") return;
  reader.report(value.at, `version "${version}" is not known`, "This release reads `version: 1`.");
}

function readCategories(reader: YamlReader, top: Field | undefined): Map<string, CategoryLabels> {
  const categories = new Map<string, CategoryLabels>();
  for (const field of reader.fields(top, "categories")) {
    checkName(reader, field, "category");
    const labels = reader.record(field, `category "${field.key}"`, ["en", "zh"]);
    const en = readWords(reader, labels.en, "en") ?? "";
    const zh = readWords(reader, labels.zh, "zh") ?? "";
    categories.set(field.key, { en, zh });
  }
  for (const name of ownCategories) {
    if (top === undefined || categories.has(name)) continue;
    reader.report(top.keyAt, `categories lacks "${name}"`, `Add \`${name}:\`: a flag alone can lead there.`);
  }
  return categories;
}

function readProviders(
  reader: YamlReader,
  top: Field | undefined,
  categories: readonly string[],
): CodeTable[] {
  const tables = reader.fields(top, "providers").flatMap((provider) => {
    checkName(reader, provider, "provider");
    return reader.fields(provider, `provider "${inShort(provider.key)}"`).map((scope) => {
      checkName(reader, scope, "scope");
      return readTable(reader, provider.key, scope, categories);
    });
  });
  if (top !== undefined && tables.length === 0) {
    reader.report(top.keyAt, "providers has no table", "Add a provider with a scope.");
  }
  return tables;
}

/** Stands in for what is wrong, so that no problem hides another; with any problem the table is thrown away. */
function readTable(
  reader: YamlReader,
  provider: string,
  scope: Field,
  categories: readonly string[],
): CodeTable {
  const what = `${inShort(provider)}/${inShort(scope.key)}`;
  if (scope.key === anyApiScope) {
    reader.report(scope.keyAt, `scope "${anyApiScope}" is reserved`, "Remove it: the API tables make it up.");
  }
  const fields = reader.record(scope, what, ["channel", "kind", "title", "codes"], ["api"]);
  const channel = reader.choice(fields.channel, "channel", ["sms", "voice"]) ?? "unknown";
  const kind = reader.choice(fields.kind, "kind", tableKinds);
  const title = readWords(reader, fields.title, "title") ?? "";
  const api = readWords(reader, fields.api, "api");
  if (kind === "api" && fields.api === undefined) {
    reader.report(scope.keyAt, `${what} lacks "api"`, "Add `api:` with the name of the API that answers so.");
  } else if (kind === "receipt" && fields.api !== undefined) {
    reader.report(
      fields.api.keyAt,
      `${what} is of receipts but names an API`,
      "Remove it or write `kind: api`.",
    );
  }
  const codes = reader.fields(fields.codes, `the codes of ${what}`, normaliseCode);
  const entries = codes.flatMap((code) => readEntry(reader, provider, scope.key, code, categories) ?? []);
  return { provider, scope: scope.key, channel, kind: kind ?? "receipt", api, title, entries };
}

function readEntry(
  reader: YamlReader,
  provider: string,
  scope: string,
  field: Field,
  categories: readonly string[],
): CodeEntry | undefined {
  checkCode(reader, field);
  const fields = reader.record(
    field,
    `code "${field.key}"`,
    ["category", "outcome", "fault", "retryable", "zh", "en"],
    ["remedy", "remedy_en", "detail", "note", "seed_line"],
  );
  const category = reader.choice(fields.category, "category", categories);
  const outcome = reader.choice(fields.outcome, "outcome", outcomes);
  const fault = reader.choice(fields.fault, "fault", faults);
  const retryable = reader.choice(fields.retryable, "retryable", ["yes", "no"]);
  const zh = readWords(reader, fields.zh, "zh");
  const en = readWords(reader, fields.en, "en");
  const remedy = readWords(reader, fields.remedy, "remedy");
  const remedyEn = readWords(reader, fields.remedy_en, "remedy_en");
  const detail = readWords(reader, fields.detail, "detail");
  const note = readWords(reader, fields.note, "note");
  const seedLine = readLineNumber(reader, fields.seed_line);
  if (!category || !outcome || !fault || !retryable || !zh || !en) return undefined;
  return {
    provider,
    scope,
    code: field.key,
    category,
    outcome,
    fault,
    retryable: retryable === "yes",
    zh,
    en,
    remedy,
    remedyEn,
    detail,
    note,
    seedLine,
  };
}

function readLineNumber(reader: YamlReader, value: Value | undefined): number | undefined {
  const text = reader.scalar(value, "seed_line");
  if (value === undefined || text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  reader.report(value.at, `seed_line "${text}" is no line number`, "Write a whole number from 1.");
  return undefined;
}

/** A name as messages have it; there may be a message for each code under it. */
function inShort(name: string): string {
  return name.length > maxLabelLength ? `${name.slice(0, maxLabelLength)}…` : name;
}

/** A text for people, not blank: it becomes a label value, or part of a page or a report. */
function readWords(reader: YamlReader, value: Value | undefined, what: string): string | undefined {
  const words = reader.text(value, what);
  if (value === undefined || words === undefined || maskNumbers(words) === words) return words;
  reader.report(value.at, `${what} holds what looks like a phone number`, "Write the text without it.");
  return undefined;
}

/** Names become label values and words of a command line. */
function checkName(reader: YamlReader, { key, keyAt }: Field, what: string): void {
  if (/^[a-z][a-z0-9_]{0,63}$/.test(key) && !identifies(key, phoneDigits)) return;
  const hint = "Begin with a letter; use a-z, 0-9 and _, at most 64.";
  reader.report(keyAt, `"${key}" is no name for a ${what}`, hint);
}

/** Codes become label values, beside those of codes that no table lists. */
function checkCode(reader: YamlReader, { key, keyAt }: Field): void {
  if (key.trim() === "") {
    reader.report(keyAt, "a code is empty", "Remove it: a receipt without a code counts as `_none`.");
  } else if (key.startsWith("_")) {
    reader.report(keyAt, `code "${key}" begins with _`, "Remove it: labels that begin so are reserved.");
  } else if (key.length > maxLabelLength || hasUnseen(key)) {
    const hint = `Use at most ${maxLabelLength} characters, none of them a control character or invisible.`;
    reader.report(keyAt, `code ${JSON.stringify(key)} cannot be a label`, hint);
  } else if (identifies(key, phoneDigits)) {
    const hint = `Remove it: receipts with it count as \`_redacted\`. Codes have at most ${phoneDigits - 1} digits.`;
    reader.report(keyAt, `code "${key}" looks like a phone number or a message id`, hint);
  }
}
