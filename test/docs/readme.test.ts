import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { codeBlocks, linksIn, namesIn } from "./markdown.ts";
import { readPage } from "./pages.ts";
import { costsOfRun } from "./performance-reference.ts";

const english = readPage("README.md");
const chinese = readPage("README.zh-CN.md");
const languages = ["README.md", "README.zh-CN.md"];

it("is read in a few minutes", () => {
  expect(english.split("\n").length).toBeLessThanOrEqual(180);
});

it("has the same commands, queries and output in both languages", () => {
  expect(codeBlocks(chinese)).toEqual(codeBlocks(english));
});

it("has the same sections in both languages", () => {
  const levels = (page: string) => [...page.matchAll(/^(#+) /gm)].map(([, level]) => level);
  expect(levels(chinese)).toEqual(levels(english));
});

it("has the same tables and lists in both languages, row by row", () => {
  const rows = (page: string) =>
    [...page.matchAll(/^(?:\||- ).*$/gm)].map(([row]) => ({
      names: namesIn(row).sort(),
      links: linksIn(row),
    }));
  expect(rows(chinese)).toEqual(rows(english));
});

it("leads to the same places in both languages", () => {
  const others = (page: string) => linksIn(page).filter((target) => !languages.includes(target));
  expect(others(chinese)).toEqual(others(english));
});

it("names the same flags, metrics and addresses in both languages", () => {
  const names = (page: string) => [...new Set(namesIn(page.replace(/^```[\s\S]*?^```$/gm, "")))].sort();
  expect(names(chinese)).toEqual(names(english));
});

it("says what was measured last of the cheapest and the dearest shape, in both languages", () => {
  const { best, worst } = costsOfRun(readFileSync("test/bench/RESULTS.md", "utf8"));
  expect(Number(best)).toBeGreaterThan(0);
  expect(english).toContain(`${best} to ${worst} µs`);
  expect(chinese).toContain(`${best} 至 ${worst} µs`);
});
