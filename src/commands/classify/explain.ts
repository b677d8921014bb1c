import type { CodeMap } from "../../codes/code-map.ts";
import type { TopicSettings } from "../../config/schema.ts";
import { createDecoder, type RawRecord } from "../../receipts/decode.ts";
import { noValue } from "../../receipts/dimensions/dimension.ts";
import type { Receipt } from "../../receipts/receipt.ts";
import { skeletonOfRecord } from "../../receipts/skeleton.ts";
import type { Step } from "../../receipts/trace.ts";
import { verdictOf } from "../verdict-of.ts";

/** How many records are explained; the rest of a file is only counted. */
export const mostExplained = 20;

/** Explains records one by one: how each was decoded, recognised, read and counted. */
export class Explainer {
  readonly #topic: TopicSettings;
  readonly #map: CodeMap;
  readonly #decode: ReturnType<typeof createDecoder>;
  #steps: Step[] = [];

  constructor(topic: TopicSettings, map: CodeMap) {
    this.#topic = topic;
    this.#map = map;
    this.#decode = createDecoder(topic.shape, topic.topic, (step) => this.#steps.push(step));
  }

  /** @returns lines without line breaks; of the record they contain only codes, flags, times and dimension labels */
  explain(record: RawRecord): string[] {
    this.#steps = [];
    const receipts: Receipt[] = [];
    const unread = this.#decode(record, receipts);
    const lines = this.#steps.flatMap((step) => this.#linesOf(step));
    if (unread === undefined) return lines;
    const { charset } = this.#topic.shape;
    return [...lines, line("unread", unread), line("shape", skeletonOfRecord(record, charset))];
  }

  #linesOf(step: Step): string[] {
    switch (step.kind) {
      case "opened":
        return [line("opened", step.what)];
      case "recognised":
        return [line("recognised", step.as)];
      case "receipt":
        return this.#receiptLines(step);
    }
  }

  #receiptLines(read: Extract<Step, { kind: "receipt" }>): string[] {
    const verdict = verdictOf(this.#map, this.#topic, read);
    const at = (pointer: string | undefined) => (pointer === undefined ? "" : ` at ${pointer}`);
    const conflict = verdict.conflict ? "; the flag contradicts the code, or is not understood" : "";
    return [
      line("code", `${verdict.code}${at(read.codeAt)}`),
      line("flag", `${read.flag}${at(read.flagAt)}`),
      line("times", `sent ${momentOf(read.sentAt)}, event ${momentOf(read.receivedAt)}`),
      ...this.#valueLines(read.values),
      line(
        "verdict",
        `${verdict.category}, ${verdict.outcome} (${verdict.provider} ${read.scope})${conflict}`,
      ),
    ];
  }

  /** The dimension labels of a receipt. */
  #valueLines(values: readonly string[] | undefined): string[] {
    if (values === undefined) return [];
    const { dimensions } = this.#topic.shape;
    return [
      line("values", dimensions.map(({ name }, place) => `${name}=${values[place] ?? noValue}`).join(", ")),
    ];
  }
}

function line(what: string, said: string): string {
  return `  ${what.padEnd(11)}${said}`;
}

function momentOf(ms: number): string {
  return Number.isNaN(ms) ? "unknown" : new Date(ms).toISOString();
}
