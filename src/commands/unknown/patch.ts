import type { CodeMap } from "../../codes/code-map.ts";
import { codeOfLabel } from "../../codes/label.ts";
import { normaliseCode } from "../../codes/normalise.ts";
import type { SuggestedVerdict } from "../../codes/suggest.ts";
import { anyApiScope } from "../../receipts/receipt.ts";
import { localMinute } from "../../replay/report/local-time.ts";
import { agreementWords, sayingWords, verdictWords } from "../suggestion-words.ts";
import type { Insertable, Tree } from "./insert.ts";
import { type Suspect, shareWords } from "./report.ts";

/** A code, and how to count it; several for one code are alternatives. */
export interface Choice {
  readonly suspect: Suspect;
  readonly verdicts: readonly SuggestedVerdict[];
}

/** The additions to a file. */
export interface Patch {
  readonly tree: Tree;
  /** The choices that were added. */
  readonly added: readonly Choice[];
  /** Why others were not, one sentence each. */
  readonly left: readonly string[];
}

/** How choices are written. */
export interface Writing {
  readonly map: CodeMap;
  /** Commented out, without effect. */
  readonly isComment: boolean;
  readonly utcOffsetMinutes: number;
}

/**
 * The lines that add choices to a code map, each with a test row and a comment that names the source.
 *
 * @param file its existing codes stay, and are not added again
 */
export function patchOf(choices: readonly Choice[], file: Insertable, text: string, writing: Writing): Patch {
  const { map } = writing;
  const added: Choice[] = [];
  const left: string[] = [];
  const tables: Record<string, Record<string, Record<string, string[]>>> = {};
  const tests: string[] = [];
  for (const choice of choices) {
    const { provider, scope, channel, code: label } = choice.suspect;
    const code = codeOfLabel(label);
    const name = headOf(choice);
    const isThere = code !== undefined && file.codesOf(provider, scope).has(normaliseCode(code));
    const isTold = writing.isComment && text.includes(name);
    if (code === undefined || isThere || isTold) continue;
    if (scope === anyApiScope) {
      left.push(`${name} is from responses that do not name their API: add it to the table of the API`);
      continue;
    }
    const isNew = map.table(provider, scope) === undefined;
    if (isNew && channel !== "sms" && channel !== "voice") {
      left.push(`${name} belongs to a table that does not exist yet: add the table with its channel`);
      continue;
    }
    tables[provider] ??= {};
    const table = tables[provider];
    if (table[scope] === undefined) {
      const mark = (value: string) => [`= ${value}`];
      const head = { channel: mark(channel), kind: mark("receipt"), title: mark(`${provider} ${scope}`) };
      table[scope] = { ...(isNew && !file.hasTable(provider, scope) ? head : {}), codes: [] };
    }
    const entries = choice.verdicts.map((verdict) => entryOf(choice.suspect, code, verdict, map));
    const mark = writing.isComment ? "# " : "";
    table[scope].codes?.push(
      ...[...commentOf(choice, writing), ...entries.map(({ line }) => line)].map((line) => mark + line),
    );
    tests.push(...entries.map(({ test }) => `${mark}- ${test}`));
    added.push(choice);
  }
  const version = file.isEmpty ? { version: ["= 1"] } : {};
  return { tree: { ...version, providers: tables, tests }, added, left };
}

/** Identifies a choice in the file. */
function headOf({ suspect: { provider, scope, code } }: Choice): string {
  return `${provider}/${scope} ${JSON.stringify(codeOfLabel(code) ?? code)}`;
}

function commentOf(choice: Choice, { utcOffsetMinutes }: Writing): string[] {
  const { suspect, verdicts } = choice;
  const { count, share, provider, firstAt, lastAt, suggestions } = suspect;
  const minute = (at: number) => localMinute(at, utcOffsetMinutes);
  const ofAll = share === undefined ? "" : `, ${shareWords(share)} of ${provider}'s`;
  const seen =
    firstAt === undefined || lastAt === undefined ? "" : `, from ${minute(firstAt)} to ${minute(lastAt)}`;
  const [first] = verdicts;
  const others = suggestions.verdicts.filter((verdict) => !verdicts.includes(verdict));
  const saying = (verdict: SuggestedVerdict, before: string) =>
    verdict.suggestions.map((one) => `#   ${before}${sayingWords(one)}`);
  const own =
    verdicts.length === 1 && first !== undefined
      ? saying(first, "")
      : verdicts.flatMap((verdict) => saying(verdict, `${verdictWords(verdict)}: `));
  return [
    `# Suggested for ${headOf(choice)}: ${count} ${count === 1 ? "receipt" : "receipts"}${ofAll}${seen}.`,
    `# ${agreementWords(suggestions)}:`,
    ...own,
    ...others.flatMap((verdict) => saying(verdict, `but ${verdictWords(verdict)}: `)),
  ];
}

/** An entry and its test row, each on one line. Fields with the category's default are omitted. */
function entryOf(
  { provider, scope, outcome: seen }: Suspect,
  code: string,
  { category: name, outcome: said, suggestions: [{ reading }] }: SuggestedVerdict,
  map: CodeMap,
): { readonly line: string; readonly test: string } {
  const kind = map.table(provider, scope)?.kind ?? "receipt";
  const category = map.categories.get(name);
  const usual = kind === "api" && category?.outcome === "failed" ? "request_rejected" : category?.outcome;
  // API responses and receipts have different outcomes.
  const isAlike = map.table(reading.provider, reading.scope)?.kind === kind;
  const outcome = isAlike ? said : (usual ?? said);
  const own = [
    ...(outcome === usual ? [] : [`outcome: ${outcome}`]),
    ...(reading.fault === category?.fault ? [] : [`fault: ${reading.fault}`]),
    ...(reading.retryable === category?.retryable ? [] : [`retryable: ${reading.retryable ? "yes" : "no"}`]),
  ];
  const isSuccess = outcome === "delivered" || outcome === "accepted";
  const failed = seen === "failed" ? "failed" : seen === "request_rejected" ? "refused" : "none";
  const flag = isSuccess ? "none" : failed;
  const counts = flag === "refused" ? "request_rejected" : outcome;
  const quoted = JSON.stringify(code);
  return {
    line: `${quoted}: { ${[`category: ${name}`, ...own].join(", ")} }`,
    test:
      `{ provider: ${provider}, scope: ${scope}, code: ${quoted}, flag: ${flag}, ` +
      `category: ${name}, outcome: ${counts} }`,
  };
}
