import { digitAt, formOf, type NumberForm, unplaced } from "./number-form.ts";
import { holdsFor, loadNumberPlan } from "./number-plan.ts";

/** How many digits a number abroad has, with its calling code; E.164 allows no more. */
const [fewest, most] = [7, 15];

/** What is known of a Chinese number whose block nobody has. */
const china = "+86";

/**
 * To whom the block was given that a phone number is of, by its first digits. That is not who carries it today: numbers
 * are ported. How a number may be written is said at {@link formOf}.
 *
 * @returns one of `chineseBlocks`, the calling code (`+44`) for another country, `_none` for an empty text, `_other` for
 * what is no number, for a block that nobody has, and where too few digits are to be seen. Nothing else of the number
 * @throws Error where {@link loadNumberPlan} does
 */
export function numberBlock(number: string): string {
  const form = formOf(number);
  if (typeof form === "string") return form;
  const block = blockOf(form);
  return block === china ? unplaced : block;
}

/**
 * The calling code of a phone number, such as `+86`, `+852` or `+1`. No country is named, because several share a code.
 *
 * @returns `_none` for an empty text, `_other` for what is no number
 * @throws Error where {@link loadNumberPlan} does
 */
export function numberCountry(number: string): string {
  const form = formOf(number);
  if (typeof form === "string") return form;
  const block = blockOf(form);
  return form.isChinese && block !== unplaced ? china : block;
}

/** The block of the longest prefix that numbers of this length have. Where digits are hidden, another length will do. */
function blockOf({ isChinese, from, length, isMasked }: NumberForm): string {
  if (!isChinese && !isMasked && (length < fewest || length > most)) return unplaced;
  const plan = loadNumberPlan();
  let node = isChinese ? plan.next[8]?.next[6] : plan;
  let block: string | undefined;
  let anyhow: string | undefined;
  for (let index = from; node !== undefined; index++) {
    for (const row of node.rows) {
      if (holdsFor(row, length)) block = row.block;
      anyhow = row.block;
    }
    const digit = digitAt(index);
    node = digit === undefined ? undefined : node.next[digit];
  }
  const isKnown = block !== undefined && block !== china;
  return (isKnown || !isMasked ? block : anyhow) ?? unplaced;
}
