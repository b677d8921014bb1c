import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { recordsInOrder } from "../../../src/replay/order.ts";
import { receiptOf } from "../../integration/counting.ts";
import { began, recordsFrom, sampling } from "./support.ts";

const good = receiptOf("12");
const phone = "13912345678";
const strange = JSON.stringify({ [phone]: 1, mine: { mobile: phone, text: `call ${phone}` } });
const recording = '{"call_id":"1","record_url":"x"}';

/** What was found, as `partition/offset reason`. */
function placesOf({ samples }: ReturnType<typeof sampling>): string[] {
  return samples.map(({ partition, offset, reason }) => `${partition}/${offset} ${reason}`);
}

describe("samples", () => {
  it("are the malformed records alone, by their offsets", () => {
    const looking = sampling();
    const damaged = Buffer.from([0x1f, 0x8b, 0x08, 1, 2, 3]);
    looking.partitions[0]?.take(recordsFrom(10, [good, null, gzipSync("garbage"), good, recording]), 20);
    looking.partitions[0]?.take(recordsFrom(20, [strange, damaged, { oversized: true }]), 23);
    expect(placesOf(looking)).toEqual([
      ...["0/11 tombstone", "0/12 not_json", "0/20 not_a_receipt", "0/21 damaged_gzip", "0/22 too_large"],
    ]);
    expect(looking.records).toBe(8);
  });

  it("have the shape of a record and no value of it", () => {
    const looking = sampling();
    looking.partitions[0]?.take(recordsFrom(10, [strange, { oversized: true }, null]), 13);
    expect(looking.samples.map(({ skeleton }) => skeleton)).toEqual([
      '{"name of 11":"1 digit","mine":{"mobile":"11 digits","text":"text of 16"}}',
      "a batch too large to unpack",
      "no value",
    ]);
    expect(looking.samples[0]).toMatchObject({ topic: "sms", recordedAt: began, explained: undefined });
  });

  it("are explained where that is asked for", () => {
    const looking = sampling({}, { isExplained: true });
    looking.partitions[0]?.take(recordsFrom(10, [strange, { oversized: true }]), 12);
    expect(looking.samples.map(({ explained }) => explained)).toEqual([
      [
        "  opened     JSON",
        "  unread     not_a_receipt",
        expect.stringMatching(/^ {2}shape {6}\{"name of 11"/),
      ],
      ["  unread     too_large: the batch"],
    ]);
    expect(JSON.stringify(looking.samples)).not.toContain(phone);
  });

  it.each([
    { reason: "not_json", found: ["0/11 not_json"] },
    { reason: "recording", found: ["0/12 recording"] },
    { reason: "empty", found: [] },
  ] as const)("are those of the reason $reason alone", ({ reason, found }) => {
    const looking = sampling({ reason });
    looking.partitions[0]?.take(recordsFrom(10, [null, "no receipt", recording, good]), 14);
    expect(placesOf(looking)).toEqual(found);
  });

  it("were recorded in the time that is asked for", () => {
    const looking = sampling({ from: began + 1_000, to: began + 3_000 });
    looking.partitions[0]?.take(recordsFrom(10, ["a", "b", "c", "d", { at: -1 }]), 15);
    expect(placesOf(looking)).toEqual(["0/11 not_json", "0/12 not_json"]);
  });
});

describe("reading ends", () => {
  it("in all partitions when enough is found", () => {
    const looking = sampling({ count: 2 }, { partitions: 2 });
    const [first, second] = looking.partitions;
    first?.take(recordsFrom(10, [good, "a", "b", "c"]), 14);
    expect(placesOf(looking)).toEqual(["0/11 not_json", "0/12 not_json"]);
    expect([first, second].map((one) => [one?.next, one?.end, one?.records])).toEqual([
      [13, 13, 3],
      [10, 10, 0],
    ]);
  });

  it("where a long row of records is later than all that is asked for", () => {
    const looking = sampling({ to: began });
    const [partition] = looking.partitions;
    const late = Array.from({ length: recordsInOrder }, () => ({ at: began + 86_400_000 }));
    partition?.take(recordsFrom(10, late.slice(1)), 100 + recordsInOrder);
    expect(partition?.isPast).toBe(false);
    partition?.take(recordsFrom(partition.next, late.slice(0, 1)), partition.next + 1);
    expect(partition?.isPast).toBe(true);
    expect(placesOf(looking)).toEqual([]);
  });

  it("at the end of the stretch, past gaps and what was deleted meanwhile", () => {
    const looking = sampling();
    const [partition] = looking.partitions;
    partition?.take(recordsFrom(12, [good]), 20);
    expect(partition?.next).toBe(20);
    partition?.lose(100);
    expect([partition?.next, partition?.end, partition?.records]).toEqual([100, 100, 1]);
  });
});
