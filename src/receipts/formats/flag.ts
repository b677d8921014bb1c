import type { Flag } from "../receipt.ts";
import type { FlagDescription } from "./description.ts";

/** What a member that says whether it worked says in everybody's words, as text in lower case. */
export const worked = {
  yes: ["true", "1", "y", "yes", "t", "ok", "success", "succeed", "succeeded", "successful", "delivered"],
  no: ["false", "0", "n", "no", "f", "fail", "failed", "failure", "error", "undelivered"],
} as const;

/** What a flag says, from any JSON value. */
export type FlagReader = (value: unknown) => Flag;

/**
 * Compiles what the values of a flag mean.
 *
 * @returns a reader that gives `none` where nothing is said (absent, null, blank), and `unread` or what the
 *   description says for what is not listed
 */
export function flagReader(description: Omit<FlagDescription, "at">): FlagReader {
  const flags = new Map<string, Flag>();
  for (const flag of ["none", "pending", "refused", "accepted", "failed", "delivered"] as const) {
    for (const word of description[flag] ?? []) flags.set(word.toLowerCase(), flag);
  }
  const otherwise = description.otherwise ?? "unread";
  // The flags met lately, as they were written: nearly all receipts have one of two.
  const met = new Map<unknown, Flag>();
  return (value) => {
    const known = met.get(value);
    if (known !== undefined) return known;
    const flag = read(value, flags, otherwise);
    if (typeof value !== "object" && met.size < rememberedFlags) met.set(value, flag);
    return flag;
  };
}

/** More than any flag has values; past it nothing new is remembered. */
const rememberedFlags = 64;

function read(value: unknown, flags: ReadonlyMap<string, Flag>, otherwise: Flag): Flag {
  if (value === undefined || value === null) return "none";
  // Only scalars: a record's own `toString` member makes an object throw when it is turned into a string.
  if (typeof value === "object") return "unread";
  const word = String(value).trim().toLowerCase();
  return word === "" ? "none" : (flags.get(word) ?? otherwise);
}
