import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { linksIn } from "./markdown.ts";

const [head = "", ...sections] = readFileSync("CHANGELOG.md", "utf8").split(/^(?=## )/m);
const releases = sections.map((text) => ({ name: /^## (.*)$/m.exec(text)?.[1] ?? "", text }));

it("begins with what is not released yet", () => {
  expect(releases.map(({ name }) => name.replace(/^\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d$/, "released"))).toEqual([
    "Unreleased",
    ...releases.slice(1).map(() => "released"),
  ]);
  expect(linksIn(head)).toContain("https://semver.org/");
});

describe.each(releases)("$name", ({ text }) => {
  const [, notes = "", changes = text] = /^([\s\S]*)^### All changes$([\s\S]*)/m.exec(text) ?? [];
  const entries = changes.split("\n").filter((line) => line.startsWith("- "));

  it("has entries that begin with their kind", () => {
    const kind = /^- \[(?:CHANGE|FEATURE|ENHANCEMENT|BUGFIX|SECURITY)\] \S/;
    expect(entries.filter((line) => !kind.test(line))).toEqual([]);
  });

  it("says what to do before an update, where one may break a set-up", () => {
    const breaks = entries.some((line) => line.startsWith("- [CHANGE]"));
    expect(/^### Before you update from \d+\.\d+\.\d+$/m.test(notes)).toBe(breaks);
    if (breaks) expect(linksIn(notes).length).toBeGreaterThan(5);
  });
});
