import type { Random } from "../lab/random.ts";

/** What often breaks readers, put where something else is expected. */
const hostileTexts = [
  "",
  " ",
  "null",
  "__proto__",
  "constructor",
  "toString",
  "\u0000",
  "\ufeff",
  "\ud800",
  "\u202e13900000000",
  "139.0000.0000",
  "9".repeat(400),
  "x".repeat(5_000),
  // marks that Unicode's normal form puts in order, in the square of their number
  `a${"\u0300\u0316".repeat(80_000)}`,
  "_other",
  "\\",
  '"',
  "\n",
  "2026-02-30 25:61:61",
  "9999-12-31 23:59:59",
  "-1",
  "1e309",
  "{}",
  "[[]]",
  '{"err_code":"006"}',
  "&a",
  "*a",
  "!!js/function",
  "? :",
  "- ",
  "%",
  "\t",
];

/** One of them. */
export function hostileText({ below }: Random): string {
  return hostileTexts[below(hostileTexts.length)] ?? "";
}

/** A value of any kind that JSON has. */
function hostileValue(random: Random): unknown {
  const { below } = random;
  const values = [
    null,
    true,
    -0,
    1e308,
    2 ** 53,
    [],
    {},
    [[[[]]]],
    hostileText(random),
    [hostileText(random)],
  ];
  return values[below(values.length)];
}

/** Every object and array in a value, with itself. */
function containersIn(value: unknown): object[] {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(containersIn)];
}

/**
 * A JSON value that is a few steps away from another: members are lost, doubled under other names, exchanged, wrapped,
 * put into a string, or replaced.
 */
export function mutateJson(random: Random, value: unknown): unknown {
  const { below } = random;
  let mutated: unknown = structuredClone(value);
  for (let steps = 1 + below(4); steps > 0; steps--) {
    const containers = containersIn(mutated);
    const container = containers[below(containers.length)] as Record<string, unknown> | undefined;
    const keys = container === undefined ? [] : Object.keys(container);
    const key = keys[below(keys.length)];
    if (container === undefined || key === undefined || below(6) === 0) {
      const wraps = [[mutated], { content: mutated }, { msg: mutated, code: 0 }, JSON.stringify(mutated)];
      mutated = wraps[below(wraps.length)];
      continue;
    }
    const other = keys[below(keys.length)] ?? key;
    switch (below(6)) {
      case 0:
        delete container[key];
        break;
      case 1:
        container[hostileText(random)] = container[key];
        break;
      case 2:
        [container[key], container[other]] = [container[other], container[key]];
        break;
      case 3:
        container[key] = JSON.stringify(container[key]);
        break;
      case 4:
        container[key] = Array.from({ length: below(4) }, () => container[key]);
        break;
      default:
        container[key] = hostileValue(random);
    }
  }
  return mutated;
}

/** Bytes that are a few steps away from others: changed, lost, doubled, moved, cut off. */
export function mutateBytes({ below }: Random, bytes: Buffer): Buffer {
  let mutated: Buffer = Buffer.from(bytes);
  for (let steps = 1 + below(6); steps > 0 && mutated.length > 0; steps--) {
    const at = below(mutated.length);
    const end = Math.min(mutated.length, at + 1 + below(16));
    switch (below(6)) {
      case 0:
        mutated[at] = below(256);
        break;
      case 1:
        mutated[at] = (mutated[at] ?? 0) ^ (1 << below(8));
        break;
      case 2:
        mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(end)]);
        break;
      case 3:
        mutated = Buffer.concat([mutated.subarray(0, end), mutated.subarray(at)]);
        break;
      case 4:
        mutated.fill(below(2) === 0 ? 0 : 0xff, at, end);
        break;
      default:
        if (below(4) === 0) mutated = mutated.subarray(0, at);
    }
  }
  return mutated;
}

/** A text whose lines and words were changed, lost, doubled, exchanged, indented, or replaced by what breaks readers. */
export function mutateText(random: Random, text: string): string {
  const { below } = random;
  const lines = text.split("\n");
  for (let steps = 1 + below(5); steps > 0; steps--) {
    const at = below(lines.length);
    const line = lines[at] ?? "";
    const words = line.split(/(\s+|:|,|\[|\]|\{|\}|")/);
    const word = below(words.length);
    switch (below(7)) {
      case 0:
        lines.splice(at, 1);
        break;
      case 1:
        lines.splice(at, 0, line);
        break;
      case 2:
        lines[at] = " ".repeat(below(9)) + line.trimStart();
        break;
      case 3:
        lines.splice(at, 1);
        lines.splice(below(lines.length + 1), 0, line);
        break;
      case 4:
        lines[at] = line.slice(0, below(line.length + 1));
        break;
      default:
        words[word] = hostileText(random);
        lines[at] = words.join("");
    }
    if (lines.length === 0) lines.push("");
  }
  return lines.join("\n");
}
