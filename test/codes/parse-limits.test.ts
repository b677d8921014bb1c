import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deepestNesting, largestMap, mostAliasedNodes, mostAliases, mostProblems } from "../../src/bounds.ts";
import { LiveMap } from "../../src/codes/live-map.ts";
import { loadCodeMapAside } from "../../src/codes/load-aside.ts";
import { loadCodeMap } from "../../src/codes/load.ts";
import { justFiles } from "../../src/codes/map-files.ts";
import { parseCodeMap } from "../../src/codes/parse.ts";
import { renderProblems } from "../../src/diagnostics.ts";
import { codeMapOf } from "../bench/workload.ts";
import { danglingAlias } from "./bad-maps.ts";
import { smallMap } from "./small-map.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "code-map-"));
});
afterAll(() => rm(folder, { recursive: true }));

const entry = "{ category: unknown, outcome: failed, fault: carrier, retryable: no, zh: 过期, en: Expired }";
const many = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join("");
const withCodes = (lines: string) => smallMap.replace("        exp-1:", `${lines}        exp-1:`);

/** A map whose codes share one entry. */
const aliasing = (count: number) =>
  withCodes(`        first: &e ${entry}\n${many(count, (i) => `        "XA:${i}": *e\n`)}`);

const maps = {
  "codes in flow style": codeMapOf,
  "codes in block style": (count: number) =>
    withCodes(
      many(
        count,
        (i) => `        "XA:${i}":\n          ${entry.slice(2, -2).replaceAll(", ", "\n          ")}\n`,
      ),
    ),
  aliases: (count: number) => aliasing(count - 1),
  anchors: (count: number) => withCodes(many(count, (i) => `        "XA:${i}": &a${i} ${entry}\n`)),
  "problems in one line each": (count: number) => codeMapOf(count).replaceAll("failed", "faild"),
  categories: (count: number) =>
    aliasing(count).replace("providers:", `${many(count, (i) => `  c${i}: { en: C, zh: 中 }\n`)}providers:`),
  "misspelt categories": (count: number) =>
    withCodes(many(count, (i) => `        "XA:${i}": ${entry.replace("unknown", `c${i}x`)}\n`)).replace(
      "providers:",
      `${many(count, (i) => `  c${i}: { en: C, zh: 中 }\n`)}providers:`,
    ),
  providers: (count: number) =>
    smallMap
      .replace(
        "tests:",
        `${many(count, (i) => `  p${i}: { s: { channel: sms, kind: receipt, title: T, codes: {} } }\n`)}tests:`,
      )
      .concat(
        many(
          count,
          (i) =>
            `  - { provider: p${i}, scope: s, code: 1, flag: none, category: unknown, outcome: unknown }\n`,
        ),
      ),
  "problems in one long line": (count: number) =>
    smallMap.replace("tests:", `tests: [${many(count, () => "{ provider: acme }, ")}]\n#`),
};

describe("a map is read in time proportional to its size", () => {
  // CPU time, since others on the machine take wall time. With the square of the size it is a hundred times as much.
  const cost = (text: string) => {
    const before = process.cpuUsage();
    const parsed = parseCodeMap(text, "map.yaml");
    if ("problems" in parsed) renderProblems(parsed.problems);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };

  it.each(Object.entries(maps))("%s", (_, mapOf) => {
    cost(mapOf(100));
    const small = Math.max(cost(mapOf(100)), cost(mapOf(100)));
    expect(cost(mapOf(1000)) / small).toBeLessThan(40);
  });
});

describe("what a map may not be", () => {
  const problemsOf = (text: string) => {
    const parsed = parseCodeMap(text, "map.yaml");
    return "problems" in parsed
      ? parsed.problems.map(({ line, column, message, hint }) => `${line}:${column} ${message} | ${hint}`)
      : [];
  };

  it("has as many aliases as codes, and not one more", () => {
    expect(problemsOf(aliasing(mostAliases))).toEqual([]);
    expect(problemsOf(aliasing(mostAliases + 1))).toEqual([
      `${22 + 1 + mostAliases}:${8 + `"XA:${mostAliases}": `.length + 1} more than ${mostAliases} aliases | Write out its value instead.`,
    ]);
  });

  it("has aliases of aliases that stand for more than could be read", () => {
    const laughs = many(
      12,
      (i) => `  c${i}: &c${i} [${i === 0 ? "x" : `*c${i - 1}`}${`, *c${i - 1}`.repeat(i === 0 ? 0 : 9)}]\n`,
    );
    expect(problemsOf(`version: 1\ncategories:\n${laughs}`)).toEqual([
      expect.stringMatching(
        new RegExp(`^9:\\d+ aliases stand for more than ${mostAliasedNodes} keys and values \\| Write out`),
      ),
    ]);
  });

  it.each([
    { name: "an alias within what it stands for", text: "version: &v [*v]\n", at: "1:14" },
    { name: "an alias before its anchor", text: "version: *v\ncategories: &v {}\n", at: "1:10" },
  ])("has $name", ({ text, at }) => {
    expect(problemsOf(text)).toEqual([`${at} ${danglingAlias}`]);
  });

  it("an alias stands for the nearest anchor of its name before it", () => {
    const text = smallMap
      .replace("fault: recipient", "fault: &f recipient")
      .replace("fault: carrier", "fault: &f carrier")
      .replace("fault: none", "fault: *f");
    const parsed = parseCodeMap(text, "map.yaml");
    expect("map" in parsed && parsed.map.lookup("acme", "send_api", "OK")?.fault).toBe("carrier");
  });

  it.each([
    { piece: "[", column: 65 },
    { piece: "{a: ", column: 254 },
    { piece: "- ", column: 128 },
    { piece: "? ", column: 128 },
  ])("nests $piece deeper than anything has to", ({ piece, column }) => {
    expect(problemsOf(piece.repeat(100_000))).toEqual([
      `1:${column} nested more than ${deepestNesting} deep | Close the brackets that are open; no valid key is nested this deep.`,
    ]);
  });

  it("has a code that is made to be slow to compare", () => {
    const slow = `a${"\u0300\u0316".repeat(100_000)}`;
    const [told] = problemsOf(smallMap.replace('"012":', `? "${slow}"\n        :`));
    expect(told).toMatch(/^\d+:\d+ code .* cannot be a label /u);
  });

  it("has more problems than are told", async () => {
    const file = join(folder, "many.yaml");
    // Each of these is one to the parser, and they are more than a function takes as arguments.
    await writeFile(file, `{a: [${"}".repeat(130_000)}`);
    const loaded = await loadCodeMapAside(justFiles(file));
    const problems = "problems" in loaded ? loaded.problems : [];
    expect(problems).toHaveLength(mostProblems + 1);
    expect(problems.at(-1)?.message).toMatch(/^1(?:28|29)\d{3} more problems not shown$/);
  });

  it("is larger than a map ever gets, however much larger", async () => {
    const file = join(folder, "large.yaml");
    await writeFile(file, `${smallMap}#${"x".repeat(largestMap - Buffer.byteLength(smallMap) - 1)}`);
    expect(await loadCodeMap(file)).toHaveProperty("map");
    await writeFile(file, "x", { flag: "a" });
    const problem = {
      ...{ file, line: 1, column: 1 },
      message: "the file is larger than 8 MiB",
      hint: "Keep only the codes that receipts have.",
    };
    expect(await loadCodeMap(file)).toEqual({ problems: [problem] });
    expect(await loadCodeMap("/dev/zero")).toEqual({ problems: [{ ...problem, file: "/dev/zero" }] });
    expect(await loadCodeMapAside(justFiles(file))).toEqual({ problems: [problem] });
  });
});

describe("a map loaded aside", () => {
  it.each([
    {
      name: "good",
      text: codeMapOf(1000).concat(
        smallMap.slice(smallMap.indexOf("tests:")).replaceAll("acme", "aliyun").replace("012", "XA:0003"),
      ),
    },
    { name: "of two kinds of table", text: smallMap },
    { name: "bad in a thousand places", bad: true, text: codeMapOf(1000).replaceAll("failed", "faild") },
    { name: "no YAML", bad: true, text: "a: [\n" },
    { name: "untrue to its test rows", bad: true, text: smallMap.replace("code: 012", "code: 12") },
  ])("is what is loaded here: one that is $name", async ({ text, bad = false }) => {
    const file = join(folder, "same.yaml");
    await writeFile(file, text);
    const here = await loadCodeMap(file);
    expect("map" in here).toBe(!bad);
    expect(here).toMatchObject(await loadCodeMapAside(justFiles(file)));
  });

  it("that takes more memory than there is is a problem, and the process goes on", async () => {
    const file = join(folder, "large.yaml");
    await writeFile(file, codeMapOf(20_000));
    const script = join(folder, "load.mjs");
    await writeFile(
      script,
      `import { loadCodeMapAside } from ${JSON.stringify(new URL("../../src/codes/load-aside.ts", import.meta.url))};
      const { problems } = await loadCodeMapAside(${JSON.stringify(justFiles(file))});
      console.log(JSON.stringify(problems));`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, ["--max-old-space-size=30", script]);
    const hint = "Make the map smaller, or give the process more memory.";
    const message = expect.stringMatching(/^cannot be parsed: .*memory/);
    expect(JSON.parse(stdout)).toEqual([{ file, line: 1, column: 1, message, hint }]);
  });

  it("of thousands of codes never stops the event loop, good or bad", async () => {
    const file = join(folder, "large.yaml");
    const codes = 4_000;
    const texts = [codeMapOf(codes), codeMapOf(codes).replaceAll("failed", "faild"), aliasing(codes)];
    await writeFile(file, codeMapOf(3));
    const first = await loadCodeMap(file);
    if ("problems" in first) throw new Error(JSON.stringify(first.problems));
    const live = new LiveMap(justFiles(file), first.map, () => []);
    // All of it, were the map parsed here. A machine that is busy stops this thread as well, but not every time.
    const stopped = async () => {
      const delay = monitorEventLoopDelay({ resolution: 1 });
      const start = performance.now();
      delay.enable();
      await live.reload();
      delay.disable();
      return delay.max / 1e6 / (performance.now() - start);
    };
    for (const text of texts) {
      await writeFile(file, text);
      let share = await stopped();
      for (let again = 0; share >= 0.25 && again < 3; again++) share = await stopped();
      expect(share).toBeLessThan(0.25);
    }
    expect(live.current.tables[0]?.entries.length).toBeGreaterThan(codes);
  });
});
