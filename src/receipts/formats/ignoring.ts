import type { IgnoredDescription } from "./description.ts";
import { type Format, foreign } from "./format.ts";
import { compileTests, namesOf } from "./recognise.ts";

/** Compiles what is no receipt by intent into a format that reads it as just that. */
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
