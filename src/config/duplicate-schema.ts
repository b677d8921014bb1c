import { z } from "zod";
import { pointerProblem } from "../receipts/formats/pointer.ts";
import { type DuplicateSearch, largestWindow } from "../receipts/keys/receipt-key.ts";
import { integer, oneOrMore, settingDocs, text } from "../schema/values.ts";

/** The most parts of a key: each is looked up in every receipt. */
const mostParts = 4;

const part = text().superRefine((value, context) => {
  const issue = (message: string) => context.addIssue({ code: "custom", message });
  const problem = value.startsWith("/") ? pointerProblem(value)?.replace(/\.$/, "") : undefined;
  if (problem !== undefined) issue(`is wrong: ${problem}`);
  if (!value.startsWith("/")) issue("must be a JSON Pointer from the receipt");
});

/** A topic's `duplicates`: what identifies its receipts, and the window. */
export const duplicatesSchema = z
  .strictObject({
    key: oneOrMore(part).register(settingDocs, {
      about: `Where the parts of a receipt's key are: up to ${mostParts} JSON Pointers from the receipt`,
    }),
    window: integer(1, largestWindow).prefault("100000").register(settingDocs, {
      about: "How many offsets of the partition are looked back at; it costs memory",
    }),
  })
  .superRefine(({ key }, context) => {
    const issue = (message: string) => context.addIssue({ code: "custom", path: ["key"], message });
    if (key.length === 0) issue("must name a place");
    if (key.length > mostParts) issue(`must not have more than ${mostParts} parts`);
    if (new Set(key).size < key.length) issue("names a place twice");
  })
  .transform((search): DuplicateSearch => search);
