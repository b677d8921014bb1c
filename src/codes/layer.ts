import { createHash } from "node:crypto";
import type { Place, Problem } from "../diagnostics.ts";
import type { DescribedFormat } from "../receipts/formats/named.ts";
import type { Category, CodeMap, CodeTable, MapFile } from "./code-map.ts";
import type { TestRow } from "./test-rows.ts";

/** A table as one file has it, and where. */
export interface LayerTable extends CodeTable {
  /** Of its scope. */
  readonly place: Place;
  /** Of each entry. */
  readonly lines: readonly number[];
}

/** A format as one file describes it, and where. */
export interface LayerFormat extends DescribedFormat {
  /** Of its name. */
  readonly place: Place;
}

/** One file of those that make up a code map: the map itself, a provider's pack, or a map of a few codes. */
export interface Layer {
  readonly file: string;
  /** The text's SHA-256, in hexadecimal. */
  readonly digest: string;
  readonly tables: readonly LayerTable[];
  /** The formats that a pack describes; a map has none. */
  readonly formats: readonly LayerFormat[];
}

/** A code map, whole or of a few codes. */
export interface MapLayer extends Layer {
  /** Those that the file itself has. */
  readonly categories: ReadonlyMap<string, Category>;
  readonly hasTests: boolean;
  /**
   * Reads the file's test rows; what is wrong with their shape goes to the problems of the file.
   *
   * @param map where their providers, scopes and categories must be found
   */
  readTests(map: CodeMap): TestRow[];
}

/** A file that was read, with all that is wrong with it; with a problem the layer is not to be used. */
export interface ParsedLayer<Kind extends Layer = Layer> {
  readonly layer: Kind;
  readonly problems: readonly Problem[];
}

/** What a file must know of the others. */
export interface Surroundings {
  /** Of the code map; empty when it has problems, and nothing is said of categories then. */
  readonly categories: ReadonlyMap<string, Category>;
  /** What the files before it have, by {@link tableKey}. */
  readonly tables: ReadonlyMap<string, CodeTable>;
}

export function tableKey({ provider, scope }: Pick<CodeTable, "provider" | "scope">): string {
  return `${provider}/${scope}`;
}

/** The SHA-256 of a text, in hexadecimal. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The hash of a code map of these files, which changes with the text of any and with their order. */
export function hashOf(layers: readonly Layer[]): string {
  const [first, ...others] = layers.map(({ digest }) => digest);
  const all = others.length === 0 ? (first ?? "") : digestOf([first, ...others].join("\n"));
  return all.slice(0, 12);
}

/** The files of a code map, as people are told of them. */
export function mapFilesOf(layers: readonly Layer[]): MapFile[] {
  return layers.map(({ file, digest, tables }) => ({
    file,
    digest: digest.slice(0, 12),
    codes: tables.reduce((sum, { entries }) => sum + entries.length, 0),
  }));
}
