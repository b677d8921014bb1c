import { LineCounter } from "yaml";
import type { Place, Problem } from "../diagnostics.ts";
import { Excerpts } from "./excerpts.ts";
import { type ReadYaml, readYaml, type Span } from "./read.ts";
import type { Redact } from "./redact.ts";
import { danglingAlias, notYaml, type Said } from "./words.ts";

/** A YAML file's text, parsed, with the places of problems. */
export class YamlSource {
  readonly read: ReadYaml;
  readonly #file: string;
  readonly #text: string;
  readonly #lines = new LineCounter();
  readonly #excerpts: Excerpts | undefined;

  /**
   * @param file its path, for problems
   * @param redactFor what may be shown of the file; undefined when nothing may
   */
  constructor(file: string, text: string, redactFor: (read: ReadYaml) => Redact | undefined) {
    this.#file = file;
    this.#text = text;
    this.read = readYaml(text, this.#lines);
    const redact = redactFor(this.read);
    this.#excerpts = redact && new Excerpts(text, this.#lines.lineStarts, redact);
  }

  /** Why the text does not parse: if there are any, its apparent content is unreliable. */
  faults(): Problem[] {
    const { syntax, limits, dangling } = this.read;
    return [
      ...syntax.map(({ at, message }) => this.problemAt(at, notYaml(message))),
      ...limits.map(({ at, message, hint }) => this.problemAt(at, { message, hint })),
      ...dangling.map((at) => this.problemAt(at, danglingAlias)),
    ];
  }

  problemAt(span: Span, { message, hint }: Said): Problem {
    return { ...this.placeAt(span), message, hint };
  }

  /** The place of a span. A span of several lines is marked to the end of its first. */
  placeAt({ start, end }: Span): Place {
    const { line, col } = this.#lines.linePos(start);
    const next = this.#lines.lineStarts[line] ?? this.#text.length + 1;
    const lineEnd = next - (this.#text[next - 2] === "\r" ? 2 : 1);
    const length = Math.max(1, Math.min(end, lineEnd) - start);
    return { file: this.#file, line, column: col, length, excerpt: this.#excerpts?.show };
  }
}
