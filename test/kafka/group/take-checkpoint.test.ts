import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { CommitEntry } from "../../../src/kafka/group/asks.ts";
import { Checkpointer } from "../../../src/kafka/group/checkpointer.ts";
import { PartitionLedger } from "../../../src/ledger/partition-ledger.ts";
import { receipt } from "../../ledger/support.ts";
import { logbook, planOf } from "./support.ts";

/** What the broker says to entries that it takes, and when they are read back. */
function accepted(entries: readonly CommitEntry[]) {
  return entries.map((entry) => ({ ...entry, failure: undefined }));
}

describe("counts that outgrow the offset metadata", () => {
  it("withholds a partition whose totals do not fit, says so, and commits the others", () => {
    const { log, lines } = logbook();
    const open = (topic: string) =>
      new PartitionLedger(topic, 0, planOf(topic).openCounts(), { offset: 7, metadata: null }, 0, 0);
    const [large, small] = [open("large"), open("small")];
    for (let n = 0; n < 200; n++) {
      const scope = createHash("sha256").update(String(n)).digest("hex");
      large.counts.slot({ kind: "conflicts", scope });
      large.counts.bySlot[large.counts.bySlot.length - 1] = 1;
    }
    for (const ledger of [large, small]) ledger.next = 9;
    const checkpointer = new Checkpointer({ group: "g", metadataLimit: 512 }, log);
    const [entries = [], ...more] = checkpointer.begin([large, small], 0);
    expect(more).toEqual([]);
    expect(entries.map(({ topic }) => topic)).toEqual(["small"]);
    expect(checkpointer.failures.uncounted).toBe(1);
    expect(lines[0]).toContain("error not even the totals by category fit");
    checkpointer.answered(entries, accepted(entries));
    checkpointer.prove(accepted(entries), false);
    expect([large.committedOffset, small.committedOffset]).toEqual([7, 9]);
    // So that readiness sees counts that wait, and why.
    expect(checkpointer.dirtySince).toBe(0);
    expect(checkpointer.lastFailure).toMatch(/^the totals of partition 0 of topic large need \d+ characters/);
    expect(checkpointer.begin([large], 1_000)).toEqual([]);
    expect(checkpointer.busy).toBe(false);
  });

  it("says in the log when codes are folded, once for each time", () => {
    const { log, lines } = logbook();
    const ledger = new PartitionLedger(
      "t",
      0,
      planOf("t").openCounts(),
      { offset: -1, metadata: null },
      0,
      0,
    );
    for (let n = 0; n < 50; n++) {
      const code = createHash("sha256").update(String(n)).digest("base64").replaceAll(/\d/g, "x");
      ledger.count([receipt(code)], undefined, Number.NaN);
    }
    ledger.next = 50;
    const checkpointer = new Checkpointer({ group: "g", metadataLimit: 512 }, log);
    for (let round = 0; round < 3; round++) {
      for (const entries of checkpointer.begin([ledger], 0))
        checkpointer.answered(entries, accepted(entries));
      ledger.next++;
      ledger.counts.skip(1);
    }
    expect(ledger.foldedCodes).toBeGreaterThan(30);
    expect(lines.filter((line) => line.includes("no longer fit into the offset metadata"))).toHaveLength(1);
  });

  it("says in the log when delay buckets are dropped, once", () => {
    const { log, lines } = logbook();
    const ledger = new PartitionLedger(
      ...(["t", 0, planOf("t").openCounts(), { offset: -1, metadata: null }, 0, 0] as const),
    );
    for (let n = 0; n < 400; n++)
      ledger.count([receipt("006", "failed", { sentAt: 0, receivedAt: 5 * n ** 3 })], undefined, Number.NaN);
    ledger.next = 400;
    const whole = ledger.checkpoint(4_096, 0).metadata.length;
    const checkpointer = new Checkpointer({ group: "g", metadataLimit: whole - 1 }, log);
    for (let round = 0; round < 2; round++) {
      for (const entries of checkpointer.begin([ledger], 0))
        checkpointer.answered(entries, accepted(entries));
      ledger.next++;
      ledger.counts.skip(1);
    }
    expect([ledger.counts.foldedDelays, ledger.foldedCodes]).toEqual([1, 0]);
    expect(lines.filter((line) => line.includes("delay buckets are dropped"))).toHaveLength(1);
  });
});
