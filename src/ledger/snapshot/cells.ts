import { maxLabelLength } from "../../codes/label.ts";
import { outcomes } from "../../codes/verdict.ts";
import type { ReceiptCounter } from "../counter.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";
import { placeOf, words } from "./dictionary2.ts";
import { known } from "./state.ts";

/** One cell with its count. */
export interface CountedCell {
  readonly cell: ReceiptCounter;
  readonly count: number;
}

/** The codes of one (provider, scope, category, outcome). */
interface Group {
  readonly category: string;
  readonly outcome: string;
  /** Those in the dictionary, by index. */
  readonly placed: { readonly place: number; readonly count: number }[];
  /** The others. */
  readonly spelt: { readonly code: string; readonly count: number }[];
}

/** The groups of one (provider, scope). */
interface Table {
  readonly provider: string;
  readonly scope: string;
  readonly groups: Map<string, Group>;
}

/**
 * Writes cells by table, then by category and outcome; then codes: their indexes in the dictionary, each as the
 * difference to the previous one, then those not in it, each without the prefix it shares with the previous one. All
 * counts follow in a column of their own, where they compress best.
 */
export function writeCells(out: ByteWriter, cells: readonly CountedCell[]): void {
  const tables = tablesOf(cells);
  const counts: number[] = [];
  out.natural(tables.length);
  for (const { provider, scope, groups } of tables) {
    writeWord(out, provider);
    writeWord(out, scope);
    out.natural(groups.size);
    for (const { category, outcome, placed, spelt } of groups.values()) {
      writeWord(out, category);
      writeWord(out, outcome);
      placed.sort((a, b) => a.place - b.place);
      spelt.sort((a, b) => (a.code < b.code ? -1 : 1));
      out.natural(placed.length);
      let before = 0;
      for (const { place } of placed) {
        out.natural(place - before);
        before = place;
      }
      writeTexts(
        out,
        spelt.map(({ code }) => code),
      );
      for (const { count } of [...placed, ...spelt]) counts.push(count);
    }
  }
  for (const count of counts) out.natural(count);
}

/**
 * Reads what {@link writeCells} wrote. The channel is undefined: the ledger derives it from the scope with the map.
 *
 * @throws Error with a reason for anything else
 */
export function readCells(from: ByteReader): CountedCell[] {
  const cells: ReceiptCounter[] = [];
  for (let tables = from.natural(); tables > 0; tables--) {
    const provider = readWord(from);
    const scope = readWord(from);
    for (let groups = from.natural(); groups > 0; groups--) {
      const category = readWord(from);
      const outcome = known(outcomes, readWord(from));
      const add = (code: string) => {
        if (code.length > maxLabelLength) throw new Error("a code is too long for a label");
        cells.push({ kind: "receipts", provider, channel: "unknown", scope, code, category, outcome });
      };
      let place = 0;
      for (let placed = from.natural(); placed > 0; placed--) {
        place += from.natural();
        add(wordAt(place));
      }
      readTexts(from).forEach(add);
    }
  }
  return cells.map((cell) => ({ cell, count: from.natural() }));
}

/** Writes sorted texts: their number, then each without the prefix it shares with the previous one. */
export function writeTexts(out: ByteWriter, sorted: readonly string[]): void {
  out.natural(sorted.length);
  let last = "";
  for (const text of sorted) {
    const shared = sharedLength(last, text);
    out.natural(shared);
    out.text(text.slice(shared));
    last = text;
  }
}

/** Reads what {@link writeTexts} wrote. */
export function readTexts(from: ByteReader): string[] {
  const texts: string[] = [];
  let last = "";
  for (let left = from.natural(); left > 0; left--) {
    last = last.slice(0, from.natural()) + from.text();
    texts.push(last);
  }
  return texts;
}

/** Writes a name: its index in the dictionary plus 1, or 0 and the text. */
export function writeWord(out: ByteWriter, word: string): void {
  const place = placeOf.get(word);
  out.natural(place === undefined ? 0 : place + 1);
  if (place === undefined) out.text(word);
}

/** @throws Error when the index is invalid */
export function readWord(from: ByteReader): string {
  const mark = from.natural();
  return mark === 0 ? from.text() : wordAt(mark - 1);
}

function wordAt(place: number): string {
  const word = words[place];
  if (word === undefined) throw new Error("a word is not in the dictionary");
  return word;
}

function tablesOf(cells: readonly CountedCell[]): Table[] {
  const tables = new Map<string, Table>();
  for (const { cell, count } of cells) {
    const { provider, scope, code, category, outcome } = cell;
    const tableKey = `${provider}\t${scope}`;
    let table = tables.get(tableKey);
    if (table === undefined) {
      table = { provider, scope, groups: new Map() };
      tables.set(tableKey, table);
    }
    const groupKey = `${category}\t${outcome}`;
    let group = table.groups.get(groupKey);
    if (group === undefined) {
      group = { category, outcome, placed: [], spelt: [] };
      table.groups.set(groupKey, group);
    }
    const place = placeOf.get(code);
    if (place === undefined) group.spelt.push({ code, count });
    else group.placed.push({ place, count });
  }
  return [...tables.values()];
}

/** The length of the common prefix of two texts, in UTF-16 units; surrogate pairs are not cut. */
function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return /[\ud800-\udbff]$/.test(a.slice(0, length)) ? length - 1 : length;
}
