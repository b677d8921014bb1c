import { describe, expect, it } from "vitest";
import { deepestNesting, mostAliasedNodes, mostAliases } from "../../src/bounds.ts";
import { SettingsDocument } from "../../src/config/document.ts";
import { renderProblems } from "../../src/diagnostics.ts";

const many = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join("");

/** A file of so many topics that share a part. */
const sharing = (count: number) =>
  `topics:\n  - { topic: t, json: &j { code: /c } }\n${many(count, (i) => `  - { topic: t${i}, json: *j }\n`)}`;

const problemsOf = (text: string) => {
  const { problems, repeatedKeys } = new SettingsDocument("dlr.yaml", text);
  return [...problems, ...repeatedKeys].map(
    ({ line, column, message, hint }) => `${line}:${column} ${message} | ${hint}`,
  );
};

describe("a configuration file is read in time proportional to its size", () => {
  const cost = (text: string) => {
    const before = process.cpuUsage();
    const document = new SettingsDocument("dlr.yaml", text);
    document.toJS();
    renderProblems([...document.problems, ...document.repeatedKeys]);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };

  it.each([
    { name: "aliases", text: sharing },
    { name: "keys", text: (count: number) => many(count, (i) => `k${i}: v\n`) },
    { name: "keys that are there already", text: (count: number) => many(count, (i) => `port: ${i}\n`) },
    { name: "problems in one line", text: (count: number) => `{${many(count, (i) => `port: ${i}, `)}}` },
  ])("with many $name", ({ text }) => {
    cost(text(500));
    const small = Math.max(cost(text(500)), cost(text(500)));
    expect(cost(text(5_000)) / small).toBeLessThan(40);
  });
});

describe("a configuration file is refused at the place", () => {
  it("of the alias that is one too many", () => {
    expect(problemsOf(sharing(mostAliases))).toEqual([]);
    expect(problemsOf(sharing(mostAliases + 1))).toEqual([
      `${mostAliases + 3}:28 more than ${mostAliases} aliases | Write out its value instead.`,
    ]);
  });

  it("of the alias that stands for too much", () => {
    const laughs = many(30, (i) => `c${i}: &c${i} ${i === 0 ? "[x, x]" : `[*c${i - 1}, *c${i - 1}]`}\n`);
    expect(problemsOf(laughs)).toEqual([
      expect.stringMatching(
        new RegExp(`^\\d+:\\d+ aliases stand for more than ${mostAliasedNodes} keys and values`),
      ),
    ]);
  });

  it.each(["[", "{a: ", "- ", "? "])("where %j is nested too deep", (piece) => {
    expect(problemsOf(piece.repeat(50_000))).toEqual([
      expect.stringMatching(new RegExp(`^1:\\d+ nested more than ${deepestNesting} deep`)),
    ]);
  });

  it("of every key that is there already", () => {
    expect(problemsOf("a: 1\nb: { c: 1, c: 2 }\na: 2\na: 3\n").sort()).toEqual([
      "2:12 duplicate key in the file | Remove one: it is already in line 2.",
      '3:1 duplicate key "a" in the file | Remove one: it is already in line 1.',
      '4:1 duplicate key "a" in the file | Remove one: it is already in line 1.',
    ]);
  });
});

it.each([
  {
    name: "of its group",
    yaml: "topics:\n  - json: {code: /c, code: /d}",
    says: '2:22 duplicate key "code" in topics[0].json',
  },
  {
    name: "of the nearest group that is known, and without its name",
    yaml: "ssl: {hunter 2: {a: 1, a: 2}}",
    says: "1:24 duplicate key in ssl",
  },
  {
    name: "without its name where text belongs",
    yaml: "group: {hunter2: a, hunter2: b}",
    says: "1:21 duplicate key in the file",
  },
  {
    name: "without its name when it may be a value",
    yaml: "sasl: {hunter2, hunter2}",
    says: "1:17 duplicate key in sasl",
  },
])("a key that is there already is told $name", ({ yaml, says }) => {
  expect(problemsOf(yaml)).toEqual([`${says} | Remove one: it is already in line ${says[0]}.`]);
});

it("a chain of aliases as long as may be is read, however deep it leads", () => {
  const chain = `a0: &a0 [x]\n${many(900, (i) => `a${i + 1}: &a${i + 1} [*a${i}]\n`)}`;
  const document = new SettingsDocument("dlr.yaml", chain);
  expect(document.problems).toEqual([]);
  expect(JSON.stringify(document.get(["a900"])).length).toBe(2 * 901 + 3);
});
