import fc from "fast-check";

/** Between the groups of a number, or between any two of its digits. */
const separators = [
  ..." .-_/,:*|;~+#",
  ..."\u00a0\u2009\u3000\u202f",
  ..."\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\u30fb\u00b7\u2022\uff0e\uff0f\u3002\uff0c\uff1a\uff3f\uff5c",
  ...[" - ", ". ", ") ", "--", " / ", "\t"],
];

/** What nobody sees between two digits. */
const unseen = [..."\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202e\u2066\u2069\u061c\ufe0f"];

/** The digits of each script that numbers are written in, from 0 on. */
const scripts = [
  ...[0x30, 0xff10, 0x660, 0x6f0, 0x966].map((zero) =>
    Array.from({ length: 10 }, (_, digit) => String.fromCodePoint(zero + digit)),
  ),
  ...["〇一二三四五六七八九", "零幺二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "零壹貳參肆伍陸柒捌玖"].map(
    (digits) => [...digits],
  ),
];

/** A number as somebody wrote it, and the digits that identify: those behind country and area. */
export interface WrittenNumber {
  readonly text: string;
  readonly digits: string;
}

const digitsOf = (length: number) =>
  fc.array(fc.nat(9), { minLength: length, maxLength: length }).map((digits) => digits.join(""));

/** Groups of digits: a mobile in the groupings in use, with or without its country; a line with its area. */
const grouped = fc.oneof(
  fc
    .record({
      country: fc.constantFrom("", "+86", "0086", "86", "(86)", "(+86)", "+ 86"),
      prefix: fc.constantFrom("13", "15", "17", "18", "19"),
      rest: digitsOf(9),
      sizes: fc.constantFrom(
        [3, 4, 4],
        [11],
        [3, 8],
        [7, 4],
        [5, 6],
        [3, 3, 5],
        [3, 2, 2, 2, 2],
        [1, 3, 3, 4],
      ),
    })
    .map(({ country, prefix, rest, sizes }) => {
      const digits = prefix + rest;
      return { head: country, groups: cut(digits, sizes), digits };
    }),
  fc
    .record({
      area: fc.constantFrom("(0571)", "0571", "（０１０）", "[021]", "(0)571", "86 10", "+86 (0)571"),
      rest: digitsOf(8),
      sizes: fc.constantFrom([8], [4, 4], [2, 2, 2, 2]),
    })
    .map(({ area, rest, sizes }) => ({ head: area, groups: cut(rest, sizes), digits: rest })),
);

function cut(digits: string, sizes: readonly number[]): string[] {
  let from = 0;
  return sizes.map((size) => {
    from += size;
    return digits.slice(from - size, from);
  });
}

/** Phone numbers in every way in which people write them. */
const writtenNumbers: fc.Arbitrary<WrittenNumber> = fc
  .record({
    number: grouped,
    separator: fc.constantFrom(...separators),
    afterHead: fc.constantFrom("", " ", "-", ".", "/"),
    script: fc.constantFrom(...scripts),
    hidden: fc.option(fc.constantFrom(...unseen), { nil: "" }),
    everyDigit: fc.boolean(),
  })
  .map(({ number: { head, groups, digits }, separator, afterHead, script, hidden, everyDigit }) => {
    const written = everyDigit ? [...groups.join("")].join(separator) : groups.join(separator);
    const text = `${head}${head === "" ? "" : afterHead}${written}`.replace(/[0-9](?=.)/gsu, `$&${hidden}`);
    const inScript = text.replace(/[0-9]/g, (each) => script[Number(each)] ?? each);
    return { text: inScript, digits };
  });

/** A number in a text, or alone. */
export const numbersInText: fc.Arbitrary<WrittenNumber> = fc
  .tuple(
    writtenNumbers,
    fc.constantFrom(
      ["", ""],
      [" ", " "],
      ["fail(", ")"],
      ["tel:", ";ext"],
      ["https://example.com/u/", "?x=y"],
      ["sms://send?to=", "&id=a"],
      ["空号", "，请核实"],
      ['{"mobile":"', '"}'],
      ["ERR:", ""],
      ["__proto__", "\n"],
    ),
  )
  .map(([{ text, digits }, [before = "", behind = ""]]) => ({ text: before + text + behind, digits }));

/** Whether a text shows a number, however it is written there. */
export function shows(text: string, { digits }: WrittenNumber): boolean {
  const folded = text
    .normalize("NFKC")
    .replace(
      /\P{ASCII}/gu,
      (each) => `${scripts.find((script) => script.includes(each))?.indexOf(each) ?? each}`,
    );
  return folded.replace(/[^\p{L}\p{N}]/gu, "").includes(digits);
}
