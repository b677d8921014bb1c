import type { Fields } from "../fields.ts";

/** A word and its colon, at the start or after whitespace; the names of the two dates may be two words. */
const fieldStart = /(?<!\S)(submit[ _-]*date|done[ _-]*date|[a-z][a-z_-]*)\s*:/gi;

/** The start of a receipt's text: a text that mentions a field later is not a receipt. */
const begins = /^\s*(?:id|sub|dlvrd|submit[ _-]*date|done[ _-]*date|stat)\s*:/i;

/** A date may be followed by a time; some gateways put a space between them. */
const dateValue = /^\S+(?: \d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?!\S))?/;
const wordValue = /^\S+/;

/** The fields that are read, by normalised name (lower case, no separators), with the form of their values. */
const known = new Map([
  ["sub", { name: "sub", value: wordValue }],
  ["dlvrd", { name: "dlvrd", value: wordValue }],
  ["submitdate", { name: "submit date", value: dateValue }],
  ["donedate", { name: "done date", value: dateValue }],
  ["stat", { name: "stat", value: wordValue }],
  ["err", { name: "err", value: wordValue }],
]);

/**
 * Parses the text of a delivery receipt, see appendix B of SMPP 3.4: `id:… sub:… dlvrd:… submit date:… done date:…
 * stat:… err:… text:…`, in any case and any order except for the text, which is last. Never throws.
 *
 * The message's id and text are left out: they are not needed, and they are personal. So are vendor fields.
 *
 * @returns the fields that are present, by the names above, as sent; undefined for a text that does not start with
 *   one of them, or has no `stat`, or none of `id`, `dlvrd` and `done date` with it
 */
export function parseSmppReceipt(text: string): Fields | undefined {
  if (!begins.test(text)) return undefined;
  const values = new Map<string, string>();
  let identified = false;
  let open: { readonly name: string; readonly value: RegExp } | undefined;
  let from = 0;
  const close = (end: number) => {
    if (open === undefined || values.has(open.name)) return;
    values.set(open.name, open.value.exec(text.slice(from, end).trim())?.[0] ?? "");
  };
  let end = text.length;
  for (const match of text.matchAll(fieldStart)) {
    const key = match[1]?.toLowerCase().replace(/[ _-]+/g, "") ?? "";
    if (key === "text") {
      end = match.index;
      break;
    }
    close(match.index);
    identified ||= key === "id" || key === "dlvrd" || key === "donedate";
    open = known.get(key);
    from = match.index + match[0].length;
  }
  close(end);
  return identified && values.has("stat") ? Object.fromEntries(values) : undefined;
}
