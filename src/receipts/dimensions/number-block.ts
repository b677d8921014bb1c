import { digitAt, formOf, type NumberForm, unplaced } from "./number-form.ts";
import { holdsFor, loadNumberPlan } from "./number-plan.ts";

/** How many digits a foreign number has, with its calling code; E.164 allows no more. */
const [fewest, most] = [7, 15];

/** The label of a Chinese number whose block is not assigned. */
const china = "+86";

/**
 * The operator that a phone number's block was assigned to, by its first digits. That may not be its operator today,
 * since numbers are ported. For the accepted forms see {@link formOf}.
 *
 * @returns one of `chineseBlocks`, the calling code (`+44`) for another country, `_none` for an empty text, `_other`
 *   for a text that is not a number, an unassigned block, or too few visible digits. Nothing else about the number
 * @throws Error like {@link loadNumberPlan}
 */
export function numberBlock(number: string): string {
  const form = formOf(number);
  if (typeof form === "string") return form;
  const block = blockOf(form);
  return block === china ? unplaced : block;
}

/**
 * The calling code of a phone number, such as `+86`, `+852` or `+1`. Countries are not named, because several share a
 * code.
 *
 * @returns `_none` for an empty text, `_other` for a text that is not a number
 * @throws Error like {@link loadNumberPlan}
 */
export function numberCountry(number: string): string {
  const form = formOf(number);
  if (typeof form === "string") return form;
  const block = blockOf(form);
  return form.isChinese && block !== unplaced ? china : block;
}

/** The block of the longest prefix for numbers of this length. If digits are hidden, any length will do. */
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
