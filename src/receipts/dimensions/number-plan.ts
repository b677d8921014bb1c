import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { packagedFile } from "../../packaged.ts";

/** The assignments of number blocks: part of the program, read on demand. */
const packagedPlan = fileURLToPath(packagedFile("config/number-blocks.csv"));

const columns = "prefix,digits,block,source,date";

/** The operators of China's blocks, and other uses of its numbers. */
export const chineseBlocks: readonly string[] = [
  ...["mobile", "unicom", "telecom", "broadnet", "mobile_virtual", "unicom_virtual", "telecom_virtual"],
  ...["satellite", "iot", "fixed"],
];

/**
 * How many digits of a Chinese number, after +86, determine its block: two numbers of the same length that agree in
 * these are in one block. For other numbers the calling code is enough.
 */
export const blockDigits = 7;

/**
 * The use of numbers with a common prefix, and the number of digits after +86 that it applies to: a bit for each
 * count, or all.
 */
interface Row {
  readonly lengths: number;
  readonly block: string;
}

/** A trie of digits, starting with the calling code: the uses of the prefix so far, and the next digits. */
export interface NumberPlan {
  readonly rows: Row[];
  readonly next: (NumberPlan | undefined)[];
}

const anyLength = -1;

let packaged: NumberPlan | undefined;

/**
 * The packaged plan, from a file that operators may correct. It is read once.
 *
 * @throws Error that names the file and each invalid line. Programs that count by number call this at the start, so
 *   that it does not fail at a receipt
 */
export function loadNumberPlan(): NumberPlan {
  packaged ??= parseNumberPlan(readFileSync(packagedPlan, "utf8"), packagedPlan);
  return packaged;
}

/** Whether a row applies to numbers of this length. */
export function holdsFor({ lengths }: Row, length: number): boolean {
  return (lengths & (1 << length)) !== 0;
}

/**
 * Whether all numbers of one length with this prefix are in one block.
 *
 * @param prefix with + and the calling code, such as `+86138`
 */
export function decidesBlock(plan: NumberPlan, prefix: string): boolean {
  let node: NumberPlan | undefined = plan;
  for (const digit of prefix.slice(1)) node = node?.next[Number(digit)];
  return node?.next.every((next) => next === undefined) ?? true;
}

/**
 * Parses the rows of a plan. Empty lines and those that start with # are ignored.
 *
 * @param file the file's name in errors
 * @throws Error with a line for each problem
 */
export function parseNumberPlan(text: string, file: string): NumberPlan {
  const plan = newNode();
  const problems: string[] = [];
  let hasHeader = false;
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const problem = hasHeader ? addRow(plan, line) : headerProblem(line);
    hasHeader = true;
    if (problem !== undefined) problems.push(`${file}:${index + 1}: ${problem}`);
  }
  if (!hasHeader) problems.push(`${file}: has no row. Begin with the line \`${columns}\`.`);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return plan;
}

function headerProblem(line: string): string | undefined {
  return line.trim() === columns ? undefined : `must be the names of the columns. Write \`${columns}\`.`;
}

/** @returns what is wrong with a row, and what to do */
function addRow(plan: NumberPlan, line: string): string | undefined {
  const cells = line.split(",").map((cell) => cell.trim());
  const [prefix = "", lengths = "", block = "", source = "", date = ""] = cells;
  if (cells.length !== 5) return `has ${cells.length} cells, not 5. Write \`${columns}\`.`;
  if (!/^\+[1-9]\d*$/.test(prefix)) return "has a prefix that is none. Write + and digits, such as +86138.";
  const isChinese = prefix.startsWith("+86");
  if (isChinese ? prefix.length > 3 + blockDigits : prefix.length > 4)
    return `has a prefix that is too long. China's have up to ${blockDigits} digits behind +86, others are calling codes.`;
  if (prefix === "+86" || !isChinese) {
    if (block !== prefix) return "must have the calling code itself as its block.";
  } else if (!chineseBlocks.includes(block)) {
    return `has a block that is not known. Take one of ${chineseBlocks.join(", ")}.`;
  }
  const counts = lengths.split(" ").filter((count) => count !== "");
  const areCounts = counts.every((count) => /^(?:[5-9]|1[0-3])$/.test(count));
  if (isChinese ? !areCounts || counts.length === 0 : counts.length > 0)
    return "has a count of digits that is none. Write 5 to 13 behind +86, such as `11` or `10 11`; nothing for others.";
  if (source === "" || !/^\d{4}-\d\d-\d\d$/.test(date))
    return "lacks its source or its date. Name one of the sources above, and a day such as 2026-11-06.";
  const bits = isChinese ? counts.reduce((all, count) => all | (1 << Number(count)), 0) : anyLength;
  const { rows } = nodeOf(plan, prefix);
  if (rows.some((row) => (row.lengths & bits) !== 0)) return "is there twice. Keep one of the two rows.";
  rows.push({ lengths: bits, block });
  return undefined;
}

function nodeOf(plan: NumberPlan, prefix: string): NumberPlan {
  let node = plan;
  for (const digit of prefix.slice(1)) {
    const place = Number(digit);
    const next = node.next[place] ?? newNode();
    node.next[place] = next;
    node = next;
  }
  return node;
}

function newNode(): NumberPlan {
  return { rows: [], next: Array.from<NumberPlan | undefined>({ length: 10 }) };
}
