import type { IgnoredDescription } from "./description.ts";
import { type Format, foreign } from "./format.ts";
import { compileTests, namesOf } from "./recognise.ts";

/** Compiles descriptions of records that are not meant to be receipts into a format that reads them as such. */
export function ignoring(descriptions: readonly IgnoredDescription[]): Format {
  const compiled = descriptions.map(({ kind, when }) => ({ kind, isOfIt: compileTests(when) }));
  return {
    names: namesOf(descriptions.flatMap(({ when }) => when)),
    read(value, context) {
      for (const { kind, isOfIt } of compiled) {
        if (!isOfIt(value)) continue;
        context.trace?.({ kind: "recognised", as: `no receipt: ${kind}` });
        return kind;
      }
      return foreign;
    },
  };
}
