import { createHash } from "node:crypto";
import type { Place, Problem } from "../diagnostics.ts";
import type { DescribedFormat } from "../receipts/formats/named.ts";
import type { Category, CodeMap, CodeTable, MapFile } from "./code-map.ts";
import type { TestRow } from "./test-rows.ts";

/** A table of one file, with its places. */
export interface LayerTable extends CodeTable {
  /** The place of its scope. */
  readonly place: Place;
  /** The line of each entry. */
  readonly lines: readonly number[];
}

/** A format described in one file, with its place. */
export interface LayerFormat extends DescribedFormat {
  /** The place of its name. */
  readonly place: Place;
}

/** One of the files of a code map: the map itself, a provider's pack, or a map with a few codes. */
export interface Layer {
  readonly file: string;
  /** The text's SHA-256, in hexadecimal. */
  readonly digest: string;
  readonly tables: readonly LayerTable[];
  /** The formats that a pack describes; a map has none. */
  readonly formats: readonly LayerFormat[];
}

/** A code map, complete or with just a few codes. */
export interface MapLayer extends Layer {
  /** The file's own categories. */
  readonly categories: ReadonlyMap<string, Category>;
  readonly hasTests: boolean;
  /**
   * Reads the file's test rows; malformed ones are added to the file's problems.
   *
   * @param map must contain their providers, scopes and categories
   */
  readTests(map: CodeMap): TestRow[];
}

/** A file and all its problems; if there are any, the layer must not be used. */
export interface ParsedLayer<Kind extends Layer = Layer> {
  readonly layer: Kind;
  readonly problems: readonly Problem[];
}

/** What a file needs to know about the others. */
export interface Surroundings {
  /** The code map's; empty when it has problems, and then categories are not checked. */
  readonly categories: ReadonlyMap<string, Category>;
  /** The tables of the files before it, by {@link tableKey}. */
  readonly tables: ReadonlyMap<string, CodeTable>;
}

export function tableKey({ provider, scope }: Pick<CodeTable, "provider" | "scope">): string {
  return `${provider}/${scope}`;
}

/** The SHA-256 of a text, in hexadecimal. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The hash of a code map's files; it changes with any text and with the order. */
export function hashOf(layers: readonly Layer[]): string {
  const [first, ...others] = layers.map(({ digest }) => digest);
  const all = others.length === 0 ? (first ?? "") : digestOf([first, ...others].join("\n"));
  return all.slice(0, 12);
}

/** The files of a code map, for messages and pages. */
export function mapFilesOf(layers: readonly Layer[]): MapFile[] {
  return layers.map(({ file, digest, tables }) => ({
    file,
    digest: digest.slice(0, 12),
    codes: tables.reduce((sum, { entries }) => sum + entries.length, 0),
  }));
}
