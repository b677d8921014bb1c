import { codeOf } from "../fields.ts";
import type { Receipt } from "../receipt.ts";
import type { Trace } from "../trace.ts";
import type { Description } from "./description.ts";
import { compilePointer } from "./pointer.ts";

/** Reports where the parts of a receipt were found; slow, for people only. */
export function explain(trace: Trace, description: Description, element: unknown, receipt: Receipt): void {
  const { scope, provider, code, flag, sentAt, receivedAt, values } = receipt;
  const pointers = description.codes.flatMap(({ at }) => at);
  const codeAt =
    pointers.find((pointer) => codeOf(compilePointer(pointer)(element)) === code && code !== "") ??
    pointers.find((pointer) => compilePointer(pointer)(element) !== undefined);
  const flagAt = description.flag?.at.find((pointer) => compilePointer(pointer)(element) !== undefined);
  trace({ kind: "receipt", scope, provider, code, codeAt, flag, flagAt, sentAt, receivedAt, values });
}
