import { readFileSync } from "node:fs";
import type { CodeMap } from "../../src/codes/code-map.ts";
import { parseCodeMap } from "../../src/codes/parse.ts";
import type { Flag, Receipt } from "../../src/receipts/receipt.ts";

/** The code map that comes with the program. */
export function packagedMap(): CodeMap {
  const file = "config/code-map.yaml";
  const parsed = parseCodeMap(readFileSync(file, "utf8"), file);
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.map;
}

export function receipt(code: string, flag: Flag = "failed", rest: Partial<Receipt> = {}): Receipt {
  return {
    scope: "sms_receipt",
    flag,
    code,
    sentAt: Number.NaN,
    receivedAt: Number.NaN,
    provider: undefined,
    ...rest,
  };
}
