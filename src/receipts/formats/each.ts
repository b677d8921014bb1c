import { type IgnoredKind, isIgnored, type Receipt, type Unread } from "../receipt.ts";

/**
 * Reads the elements of an array. Receipts are kept if other elements are invalid, and ignored elements don't matter
 * if there are others.
 *
 * @param read appends an element's receipts and returns why it is not a receipt
 * @returns why the array, or a part of it, is not a receipt; undefined when all of it was read
 */
export function readEach(
  elements: readonly unknown[],
  receipts: Receipt[],
  read: (element: unknown) => Unread | undefined,
): Unread | undefined {
  if (elements.length === 0) return "no_receipts";
  const before = receipts.length;
  let allRead = true;
  let ignored: IgnoredKind | undefined;
  for (const element of elements) {
    const unread = read(element);
    if (unread === undefined) continue;
    if (isIgnored(unread)) ignored ??= unread;
    else allRead = false;
  }
  if (receipts.length > before) return allRead ? undefined : "bad_element";
  return allRead ? ignored : "not_a_receipt";
}
