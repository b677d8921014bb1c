/** A piece of HTML, in which all outside text is escaped. */
export class Html {
  readonly text: string;

  /** @param text HTML; use {@link html} for any other text */
  constructor(text: string) {
    this.text = text;
  }
}

/** Values for a template: text and numbers are escaped, undefined is left out. */
export type Shown = Html | readonly Html[] | string | number | undefined;

/**
 * Writes HTML: the template itself is taken literally, and values are escaped unless they are {@link Html}. A value
 * may stand between elements, or in the quotes of an attribute that is neither a URL nor a script.
 */
export function html(template: TemplateStringsArray, ...values: readonly Shown[]): Html {
  const pieces = template.map((piece, at) => (at < values.length ? piece + textOf(values[at]) : piece));
  return new Html(pieces.join(""));
}

/** A name chosen by others, isolated so that its text direction does not affect its surroundings. */
export function name(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

function textOf(value: Shown): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(({ text }) => text).join("");
  return escaped(String(value));
}

/** Control and format characters except line breaks: invisible, and some change the text direction. */
const unseen = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu;

function escaped(text: string): string {
  return text
    .replace(unseen, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
