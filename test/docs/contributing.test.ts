import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const text = readFileSync("CONTRIBUTING.md", "utf8");

/** The folders of src/ that hold a source file. */
function roomsOf(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const own = folder !== "src" && entries.some((entry) => entry.isFile()) ? [`${folder}/`] : [];
  return [
    ...own,
    ...entries.filter((entry) => entry.isDirectory()).flatMap(({ name }) => roomsOf(join(folder, name))),
  ];
}

it("the map of CONTRIBUTING.md has every room, and no other", () => {
  const drawn = [...text.matchAll(/^\| `(src\/[\w/.-]+)` \|/gm)].map(([, room]) => room);
  expect(drawn.sort()).toEqual(["src/main.ts", ...roomsOf("src")].sort());
});

it("CONTRIBUTING.md speaks of files and folders that are there", () => {
  const named = [...text.matchAll(/`((?:src|test|grafana)\/[\w/.-]+)`/g)].map(([, path = ""]) => path);
  // foo/bar stands for any
  const wrong = named.filter(
    (path) =>
      !path.includes("/foo/") && (!existsSync(path) || statSync(path).isDirectory() !== path.endsWith("/")),
  );
  expect(wrong).toEqual([]);
});
