import { decodeFormat1 } from "./format1.ts";
import { decodeFormat2, encodeFormat2, NewerSnapshotError } from "./format2.ts";
import type { SnapshotState } from "./state.ts";

/**
 * A snapshot is the text in the metadata of an offset commit: a magic that identifies its format, then base64. Format
 * 2 is written; format 1 stays readable forever.
 */
const formats = [
  { magic: "dlr1:", decode: decodeFormat1 },
  { magic: "dlr2:", decode: decodeFormat2 },
] as const;
const written = "dlr2:";

/** Committed by versions before format 2 when their counts exceeded the limit. */
const uncountedMagic = "dlr1!";

/** Maximum unpacked size of a snapshot, in bytes. */
const largestUnpacked = 1 << 20;

export type DecodedSnapshot =
  | { readonly kind: "counts"; readonly state: SnapshotState }
  /** The offset was committed without metadata: by a tool, by another consumer, or never. */
  | { readonly kind: "absent" }
  /** An earlier version's ledger exceeded the limit: only the offset was saved. */
  | { readonly kind: "uncounted" }
  | { readonly kind: "unreadable"; readonly why: string };

/** @returns ASCII text; counters at 0 are left out, since the code map creates them again */
export function encodeSnapshot(state: SnapshotState): string {
  return `${written}${encodeFormat2(state).toString("base64").replace(/=+$/, "")}`;
}

/** @param metadata as stored by the broker with the committed offset */
export function decodeSnapshot(metadata: string | null): DecodedSnapshot {
  if (metadata === null || metadata === "") return { kind: "absent" };
  if (metadata.startsWith(uncountedMagic)) return { kind: "uncounted" };
  const format = formats.find(({ magic }) => metadata.startsWith(magic));
  if (format === undefined) {
    const newer = /^dlr(\d+)[:!]/.exec(metadata);
    return {
      kind: "unreadable",
      why: newer
        ? `it has snapshot format ${newer[1]}, this version reads formats 1 and 2`
        : "it was written by another program",
    };
  }
  try {
    const packed = Buffer.from(metadata.slice(format.magic.length), "base64");
    return { kind: "counts", state: format.decode(packed, largestUnpacked) };
  } catch (error) {
    const { message } = error as Error;
    const newer = error instanceof NewerSnapshotError;
    return {
      kind: "unreadable",
      why: newer ? `it was written by a newer version: ${message}` : `it is damaged (${message})`,
    };
  }
}
