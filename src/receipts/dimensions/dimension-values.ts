import type { RawRecord } from "../decode.ts";
import type { Description } from "../formats/description.ts";
import { compilePointer } from "../formats/pointer.ts";
import { type Dimension, noValue } from "./dimension.ts";
import { NumberLabels } from "./number-labels.ts";
import { labelsOf } from "./value-label.ts";
import { type Labels, textAt, ValueLabels } from "./value-labels.ts";

/** How many bytes of a key or header are read: a longer one is not a name. */
const longestLookedAt = 512;

/** A dimension whose value is in the receipt. */
export interface Pointed {
  /** Index of the dimension in the topic's list. */
  readonly place: number;
  /** JSON Pointers; the first that leads to a text, a number or a boolean is used. */
  readonly at: readonly string[];
  readonly labels: Labels;
}

/** A dimension whose value is next to the receipts, in their record. */
export interface Beside {
  readonly place: number;
  /** The name of the header; undefined for the record's key. */
  readonly header: Buffer | undefined;
  readonly labels: Labels;
}

/** Where a shape has the recipient's number. */
type Recipient = Pick<Description, "number" | "numberHasCountry">;

/**
 * Reads the values of a topic's dimensions: for each record those next to its receipts, then for each receipt the
 * rest.
 */
export class DimensionValues {
  /** The values of the current record; a receipt's values are a copy with its own added. */
  readonly row: string[];
  readonly #pointed: readonly (Omit<Pointed, "at"> & { readonly dimension: Dimension })[];
  readonly beside: readonly Beside[];

  /** @param topic of the records */
  constructor(dimensions: readonly Dimension[], topic: string) {
    const all = dimensions.map((dimension, place) => {
      const { from } = dimension;
      const isBeside = from.kind === "key" || from.kind === "header";
      const labels =
        from.kind === "number"
          ? new NumberLabels(from.as)
          : new ValueLabels(labelsOf(dimension), isBeside ? looked : textAt);
      return { dimension, place, labels };
    });
    this.row = all.map(({ dimension, labels }) =>
      dimension.from.kind === "topic" ? labels.ofText(topic) : noValue,
    );
    this.#pointed = all.filter(
      ({ dimension: { from } }) => from.kind === "receipt" || from.kind === "number",
    );
    this.beside = all.flatMap(({ dimension: { from }, place, labels }): Beside[] => {
      if (from.kind === "key") return [{ place, labels, header: undefined }];
      return from.kind === "header" ? [{ place, labels, header: Buffer.from(from.name) }] : [];
    });
  }

  /** Reads the values next to the receipts of the next record. */
  begin(record: RawRecord): void {
    for (const { place, header, labels } of this.beside) {
      const whole = header === undefined ? record.key?.() : record.header?.(header);
      const found = whole?.subarray(0, longestLookedAt);
      this.row[place] = found === undefined ? noValue : labels.ofText(found.toString());
    }
  }

  /** Where the values are in receipts of a shape. */
  pointed({ number = [], numberHasCountry = false }: Recipient): readonly Pointed[] {
    return this.#pointed.map(({ dimension: { from }, place, labels }) => {
      if (from.kind !== "number") return { place, labels, at: from.kind === "receipt" ? from.at : [] };
      return { place, labels: numberHasCountry ? new NumberLabels(from.as, true) : labels, at: number };
    });
  }
}

/** A key or a header as text. */
function looked(view: DataView, start: number, end: number): string {
  return Buffer.from(view.buffer, start, Math.min(end - start, longestLookedAt)).toString();
}

/** Compiles how to read the values of a parsed receipt. */
export function valuesReader(
  values: DimensionValues | undefined,
  description: Recipient,
): (receipt: unknown) => readonly string[] | undefined {
  if (values === undefined) return () => undefined;
  const compiled = values.pointed(description).map(({ place, at, labels }) => ({
    ...{ place, labels },
    pointers: at.map(compilePointer),
  }));
  return (receipt) => {
    const row = values.row.slice();
    for (const { place, pointers, labels } of compiled) {
      for (const resolve of pointers) {
        const found = resolve(receipt);
        if (found === undefined || found === null || found === "" || typeof found === "object") continue;
        row[place] = labels.ofText(String(found));
        break;
      }
    }
    return row;
  };
}
