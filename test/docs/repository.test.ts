import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { anchorsIn, linksIn } from "./markdown.ts";

const tracked = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  encoding: "utf8",
})
  .stdout.split("\n")
  .filter((file) => file !== "" && existsSync(file));
const documents = tracked.filter((file) => file.endsWith(".md")).map((name) => ({ name }));

it("sees the repository's files", () => {
  expect(tracked).toEqual(
    expect.arrayContaining(["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"]),
  );
});

describe.each(documents)("$name", ({ name }) => {
  const links = linksIn(readFileSync(name, "utf8")).filter((target) => !target.includes("://"));

  it("links to files and headings that are there", () => {
    const broken = links.filter((target) => {
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? name : join(dirname(name), path);
      if (!existsSync(file)) return true;
      return anchor !== undefined && !anchorsIn(readFileSync(file, "utf8")).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe("no file speaks of the machine that it was written on", () => {
  it.each([
    { name: "paths of a home or workplace", pattern: /(?<![\w.)-])\/(?:work|root|home|Users)\// },
    {
      name: "hosts of package registries",
      pattern: /\bregistry\.[a-z]+\.[a-z]+|\bmaven\.org\b|"resolved": "http/,
    },
  ])("$name", ({ pattern }) => {
    const own = "test/docs/repository.test.ts";
    const speaking = tracked.filter((file) => file !== own && pattern.test(readFileSync(file, "utf8")));
    expect(speaking).toEqual([]);
  });
});

it("the newest version of CHANGELOG.md is the package's", () => {
  const manifest: unknown = JSON.parse(readFileSync("package.json", "utf8"));
  const [, newest] = /^## (\d+\.\d+\.\d+)/m.exec(readFileSync("CHANGELOG.md", "utf8")) ?? [];
  expect(manifest).toMatchObject({ version: newest });
});
