import { readdirSync, readFileSync } from "node:fs";

/** The pages of the manual in English: the README, and what docs/ holds, by their names. */
export const pageNames: readonly string[] = [
  "README.md",
  ...readdirSync("docs")
    .filter((file) => file.endsWith(".md"))
    .sort()
    .map((file) => `docs/${file}`),
];

/** One page. */
export function readPage(name: string): string {
  return readFileSync(name, "utf8");
}

/** All pages, one behind the other. */
export const manual: string = pageNames.map(readPage).join("\n");
