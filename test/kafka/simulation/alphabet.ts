import { parseCodeMap } from "../../../src/codes/parse.ts";
import type { TopicPlan } from "../../../src/kafka/group/topic-plan.ts";
import type { Counter } from "../../../src/ledger/counter.ts";
import { Counts } from "../../../src/ledger/counts.ts";
import type { Receipt } from "../../../src/receipts/receipt.ts";
import { smallMap } from "../../codes/small-map.ts";

/** The codes that records carry: two that the map lists, two that it does not. */
const codes: readonly string[] = ["012", "exp-1", "N1", "N2"];

/** What a record holds: the index of its code, or this for one without a value, */
export const tombstone = codes.length;

/** or this for one that is no receipt by intent. */
const uplink = codes.length + 1;

/** How many kinds of records there are. */
export const kinds = codes.length + 2;

/** Where duplicates are counted, behind the skipped offsets. */
export const duplicates = kinds + 1;

/** Whether a kind of record holds a receipt. */
export function isReceipt(kind: number): boolean {
  return kind >= 0 && kind < codes.length;
}

/** A place where there is no record: compacted away, a transaction's marker, an aborted record. */
export const none = -1;

/** So many offsets are looked back at for duplicates. */
export const lookedBack = 6;

/** The numbers of a partition that this alphabet can move: one for each kind, the skipped offsets, and the duplicates. */
export type Tally = number[];

/** Where a counter stands in a {@link Tally}; -1 when it can't have moved, undefined when it counts receipts once more. */
export function placeOf(counter: Counter): number | undefined {
  switch (counter.kind) {
    case "receipts":
      return codes.indexOf(counter.code);
    case "malformed":
      return counter.reason === "tombstone" ? tombstone : -1;
    case "ignored":
      return counter.what === "uplink" ? uplink : -1;
    case "skipped":
      return kinds;
    case "duplicates":
      return duplicates;
    case "conflicts":
    case "unkeyed":
      return -1;
    case "receiptsBy":
    case "delays":
    case "unmeasured":
    case "segments":
    case "segmentReceipts":
      return undefined;
  }
}

/** The value of each kind of record; its one byte says which. */
export const values: readonly (Buffer | null)[] = [
  ...codes.map((_, kind) => Buffer.from([kind])),
  null,
  Buffer.from([uplink]),
];

const receipts: readonly Receipt[] = codes.map((code, kind) => ({
  scope: "sms_receipt",
  flag: "none",
  code,
  sentAt: Number.NaN,
  receivedAt: Number.NaN,
  provider: undefined,
  // So each code is a duplicate where it came before in the window.
  key: { high: kind, low: -kind },
}));

const parsed = parseCodeMap(smallMap, "small-map.yaml");
if (!("map" in parsed)) throw new Error("the small map is broken");
const { map } = parsed;

const cells = { map, provider: "acme", unknownCodes: 50 };

/** How the exporters read a topic. */
export function planOf(topic: string): TopicPlan {
  return {
    topic,
    decode: ({ bytes, start }, into) => {
      if (bytes === null) return "tombstone";
      const receipt = receipts[bytes[start] ?? uplink];
      if (receipt === undefined) return "uplink";
      into.push(receipt);
      return undefined;
    },
    openCounts: () => new Counts({ ...cells, scopes: ["sms_receipt"], window: lookedBack }),
  };
}
