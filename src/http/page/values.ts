import { chinese } from "./chinese.ts";
import { english } from "./english.ts";
import { type Html, html } from "./html.ts";
import type { Language } from "./language.ts";
import type { Words } from "./words.ts";

/** What the sections of a page share. */
export interface PageContext {
  readonly words: Words;
  readonly language: Language;
  /** When the status was taken, in ms since the epoch. */
  readonly now: number;
  /** The exporter's address, as used in commands. */
  readonly exporter: string;
}

/** @returns the words of a language */
export function wordsOf(language: Language): Words {
  return { en: english, zh: chinese }[language];
}

/** An integer with thousands separators: `1,234,567`. */
export function whole(count: number): string {
  return count.toLocaleString("en-US");
}

/** @param share 0 to 1 */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** A time, and how long ago it was; without a zone, since the column says UTC. */
export function moment(at: string, { words, now }: PageContext): Html {
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1000));
  return html`<time datetime="${at}">${at.slice(0, 19).replace("T", " ")}</time> <span class="dim">${words.ago(seconds)}</span>`;
}

/** A cell with a number, or with a text if there is none. */
export function numberCell(count: number | null, instead: string): Html {
  return html`<td class="n">${count === null ? instead : whole(count)}</td>`;
}

/** A sentence of the exporter, in English on every page: as in the log, so that it can be searched for. */
export function sentence(text: string): Html {
  return html`<span lang="en">${text}</span>`;
}

/** A command or a piece of a file, to copy. */
export function copied(text: string): Html {
  return html`<pre lang="en"><code>${text}</code></pre>`;
}

/** A table that scrolls sideways on a narrow screen. */
export function table(label: string, columns: readonly Column[], rows: readonly Html[]): Html {
  const heads = columns.map(({ text, isNumber }) =>
    isNumber === true ? html`<th scope="col" class="n">${text}</th>` : html`<th scope="col">${text}</th>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

export interface Column {
  readonly text: string;
  readonly isNumber?: boolean;
}

/** How many rows were left out; nothing if none were. */
export function leftOut(rows: number, { words }: PageContext): Html | undefined {
  return rows === 0 ? undefined : html`<p>… ${words.andMore(whole(rows))}</p>`;
}
