import type { Flag } from "../receipt.ts";
import type { FlagDescription } from "./description.ts";

/** Common values of success flags, as text in lower case. */
export const worked = {
  yes: ["true", "1", "y", "yes", "t", "ok", "success", "succeed", "succeeded", "successful", "delivered"],
  no: ["false", "0", "n", "no", "f", "fail", "failed", "failure", "error", "undelivered"],
} as const;

/** Reads a flag from any JSON value. */
export type FlagReader = (value: unknown) => Flag;

/**
 * Compiles the meanings of a flag's values.
 *
 * @returns a reader that returns `none` for a missing flag (absent, null, blank), and for an unlisted value `unread`
 *   or what the description says
 */
export function flagReader(description: Omit<FlagDescription, "at">): FlagReader {
  const flags = new Map<string, Flag>();
  for (const flag of ["none", "pending", "refused", "accepted", "failed", "delivered"] as const) {
    for (const word of description[flag] ?? []) flags.set(word.toLowerCase(), flag);
  }
  const otherwise = description.otherwise ?? "unread";
  // Recently seen flags, as written: nearly all receipts have one of two.
  const met = new Map<unknown, Flag>();
  return (value) => {
    const known = met.get(value);
    if (known !== undefined) return known;
    const flag = read(value, flags, otherwise);
    if (typeof value !== "object" && met.size < rememberedFlags) met.set(value, flag);
    return flag;
  };
}

/** More values than any flag has; beyond it nothing is cached. */
const rememberedFlags = 64;

function read(value: unknown, flags: ReadonlyMap<string, Flag>, otherwise: Flag): Flag {
  if (value === undefined || value === null) return "none";
  // Only scalars: converting an object with its own `toString` member to a string would throw.
  if (typeof value === "object") return "unread";
  const word = String(value).trim().toLowerCase();
  return word === "" ? "none" : (flags.get(word) ?? otherwise);
}
