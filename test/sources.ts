import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A file of src/, as its text says. */
interface Source {
  /** Relative to src/. */
  readonly file: string;
  /** The first step of its path: a folder, or a file at the top. */
  readonly part: string;
  readonly code: string;
  /** Files of src/ that it imports, relative to src/. */
  readonly imports: readonly string[];
  /** Other modules that it imports: packages and Node's own. */
  readonly packages: readonly string[];
  /** Those of them that it needs to run, and not for a type alone. */
  readonly loads: readonly string[];
}

/** In another language, though its files are named like those of TypeScript. */
const assembly = /^(?:receipts\/scan|kafka\/wire)\/assembly\//;

/** Every file of src/, sorted by its path. */
export const sources: readonly Source[] = typeScriptIn("src")
  .filter((file) => !assembly.test(file))
  .map(readSource);

/** The TypeScript files of a folder and those in it, relative to it, sorted. */
export function typeScriptIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .sort();
}

/** The part of src/ that a file, relative to src/, is of; of a file of the laboratory `test/lab`. */
export function partOf(file: string): string {
  return /^\.\.\/(test\/lab)\//.exec(file)?.[1] ?? file.split("/")[0] ?? file;
}

export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
}

function readSource(file: string): Source {
  const code = withoutComments(readFileSync(join("src", file), "utf8"));
  const wanted = modulesIn(code);
  const needed = modulesIn(code.replace(/^(?:im|ex)port type [^;]*;$/gm, ""));
  return {
    file,
    part: partOf(file),
    code,
    imports: wanted.filter(isRelative).map((name) => join(dirname(file), name)),
    packages: wanted.filter((name) => !isRelative(name)),
    loads: needed.filter((name) => !isRelative(name)),
  };
}

function modulesIn(code: string): string[] {
  return [...code.matchAll(/(?<!")\b(?:(?:from|import)\s+|(?:require|import)\(\s*)"([^"]+)"/g)].map(
    ([, name = ""]) => name,
  );
}

function isRelative(name: string): boolean {
  return name.startsWith(".");
}
