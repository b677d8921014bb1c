/** A piece of HTML, in which all that came from outside is escaped. */
export class Html {
  readonly text: string;

  /** @param text HTML, not any text: {@link html} makes it of that */
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a piece of HTML: text and numbers are escaped, undefined is nothing. */
export type Shown = Html | readonly Html[] | string | number | undefined;

/**
 * Writes HTML: what stands in the template is taken as it is, each value is escaped unless it was made by this function.
 * A value may stand between elements, or between the quotes of an attribute that takes no address and no program.
 */
export function html(template: TemplateStringsArray, ...values: readonly Shown[]): Html {
  const pieces = template.map((piece, at) => (at < values.length ? piece + textOf(values[at]) : piece));
  return new Html(pieces.join(""));
}

/** A name that strangers chose: whichever way its script runs, it does not move what stands beside it. */
export function name(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

function textOf(value: Shown): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "object") return value.map(({ text }) => text).join("");
  return escaped(String(value));
}

/** Control and format characters but the end of a line: nobody sees them, and some turn the text around. */
const unseen = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu;

function escaped(text: string): string {
  return text
    .replace(unseen, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
