import { describe, expect, it } from "vitest";
import type { FailureCode } from "../../../src/kafka/failure.ts";
import type { CommitEntry, CommittedEntry, Results } from "../../../src/kafka/group/asks.ts";
import { Checkpointer, LostSnapshotError } from "../../../src/kafka/group/checkpointer.ts";
import { Writer } from "../../../src/kafka/wire/bytes.ts";
import { offsetCommit } from "../../../src/kafka/wire/group-apis.ts";
import { PartitionLedger } from "../../../src/ledger/partition-ledger.ts";
import type { Checkpoint } from "../../../src/ledger/view.ts";
import { failureOf, logbook, planOf } from "./support.ts";

/** A ledger whose snapshot is as large as is wanted, or as large as it may be. */
class SizedLedger extends PartitionLedger {
  readonly limits: number[] = [];
  readonly #size: number;

  constructor(partition: number, size: number, topic = "t") {
    super(topic, partition, planOf(topic).openCounts(), { offset: -1, metadata: null }, 0, 0);
    this.#size = size;
    this.next = 10;
  }

  override checkpoint(limit: number): Checkpoint {
    this.limits.push(limit);
    // Nothing is packed here: hundreds of these are taken.
    const view = { first: 0, next: this.next, counts: [], seen: 0, lastEventAt: 0, logMark: undefined };
    return { view, metadata: "x".repeat(Math.min(this.#size, limit)) };
  }
}

function sized(count: number, size = 100): SizedLedger[] {
  return Array.from({ length: count }, (_, partition) => new SizedLedger(partition, size));
}

function begin(proved = true) {
  const { log, lines } = logbook();
  const checkpointer = new Checkpointer({ group: "g", metadataLimit: 4096 }, log);
  if (proved) checkpointer.prove([], false);
  return { checkpointer, lines };
}

/** What a broker answers: this failure for some of the entries. */
function answer(
  entries: readonly CommitEntry[],
  code?: FailureCode,
  of: (entry: CommitEntry) => boolean = () => true,
): Results["commit"] {
  return entries.map((entry) => ({
    topic: entry.topic,
    partition: entry.partition,
    failure: code !== undefined && of(entry) ? failureOf(code) : undefined,
  }));
}

/** What a broker returned. */
function readBack(
  entries: readonly CommitEntry[],
  changed: Partial<CommittedEntry> = {},
): readonly CommittedEntry[] {
  return entries.map((entry) => ({ ...entry, failure: undefined, ...changed }));
}

const committed = (ledgers: readonly PartitionLedger[]) =>
  ledgers.filter(({ committedOffset }) => committedOffset === 10).length;

describe("Checkpointer", () => {
  it("commits nothing when nothing has changed", () => {
    const { checkpointer } = begin();
    const ledgers = sized(2);
    const [entries = []] = checkpointer.begin(ledgers, 5);
    expect(checkpointer.dirtySince).toBe(5);
    checkpointer.answered(entries, answer(entries));
    expect([checkpointer.dirtySince, checkpointer.busy]).toEqual([undefined, false]);
    expect(checkpointer.begin(ledgers, 10)).toEqual([]);
    expect(checkpointer.dirtySince).toBeUndefined();
    expect(checkpointer.commits).toBe(1);
  });

  it("splits what one request can't carry, and each part stands for itself", () => {
    const { checkpointer } = begin();
    const ledgers = sized(365, 2_952);
    const parts = checkpointer.begin(ledgers, 0);
    expect(parts.length).toBe(3);
    expect(parts.flat()).toHaveLength(365);
    for (const entries of parts) {
      const writer = new Writer();
      const [version] = offsetCommit.versions;
      version?.write({ group: "g", memberId: "m1", generation: 1, entries }, writer);
      expect(writer.buffer.length).toBeLessThanOrEqual(400_000);
      expect(writer.buffer.length).toBeGreaterThan(300_000);
    }
    const [first = [], second = [], third = []] = parts;
    checkpointer.answered(second, answer(second, "other"));
    checkpointer.answered(first, answer(first));
    expect(checkpointer.busy).toBe(true);
    checkpointer.failed(third, failureOf("unreachable"));
    expect(checkpointer.busy).toBe(false);
    expect(committed(ledgers)).toBe(first.length);
    expect([...checkpointer.known]).toHaveLength(first.length);
    expect(checkpointer).toMatchObject({ commits: 1, lastFailure: "why unreachable", dirtySince: 0 });
    // The rest is dirty still, and goes again.
    expect(checkpointer.begin(ledgers, 50).flat()).toHaveLength(365 - first.length);
    expect(checkpointer.dirtySince).toBe(0);
  });

  it("confirms each entry for itself, and none that the broker says nothing of", () => {
    const { checkpointer } = begin();
    const ledgers = sized(5);
    const [entries = []] = checkpointer.begin(ledgers, 0);
    const result = answer(entries, "topic_unauthorized", ({ partition }) => partition === 2);
    checkpointer.answered(entries, [
      ...result.filter(({ partition }) => ![1, 4].includes(partition)),
      // The broker's word for it is another, though we decide the same by it.
      { topic: "t", partition: 4, failure: { code: "topic_unauthorized", message: "another" } },
    ]);
    expect(ledgers.map(({ committedOffset }) => committedOffset)).toEqual([10, 0, 0, 10, 0]);
    expect([...checkpointer.known.keys()]).toEqual(["t/0", "t/3"]);
    expect(checkpointer.failures.broker).toBe(3);
    expect(checkpointer.dirtySince).toBe(0);
  });

  it.each([
    ["rebalancing", "fenced"],
    ["fenced", "fenced"],
    ["unknown_member", "fenced"],
    ["metadata_too_large", "too_large"],
    ["unknown", "broker"],
    ["no_coordinator", "broker"],
    ["no_answer", "broker"],
  ] as const)("counts %s as %s, once a request", (code, reason) => {
    const none = { fenced: 0, too_large: 0, uncounted: 0, broker: 0 };
    for (const whole of [true, false]) {
      const { checkpointer } = begin();
      const [entries = []] = checkpointer.begin(sized(3), 0);
      if (whole) checkpointer.failed(entries, failureOf(code));
      else checkpointer.answered(entries, answer(entries, code));
      expect(checkpointer.failures).toEqual({ ...none, [reason]: 1 });
      expect(checkpointer.fenced).toBe(reason === "fenced");
      expect(checkpointer.lastFailure).toBe(`why ${code}`);
      checkpointer.renew();
      expect(checkpointer.fenced).toBe(false);
    }
  });

  it("halves the limit when the metadata is too large, once a round, down to 64", () => {
    const { checkpointer, lines } = begin();
    const ledgers = sized(300, 4_096);
    const limits: (number | undefined)[] = [];
    for (let round = 0; round < 8; round++) {
      const parts = checkpointer.begin(ledgers, round);
      limits.push(ledgers[0]?.limits.at(-1));
      if (round === 0) expect(parts.length).toBeGreaterThan(2);
      for (const entries of parts) checkpointer.answered(entries, answer(entries, "metadata_too_large"));
    }
    expect(limits).toEqual([4096, 2048, 1024, 512, 256, 128, 64, 64]);
    expect(lines[0]).toContain("error the broker's offset.metadata.max.bytes is below metadata_limit");
  });

  it.each(["unknown", "request_too_large"] as const)(
    "halves the size of a request that is refused as a whole with %s, once a round",
    (code) => {
      const { checkpointer } = begin();
      const ledgers = sized(365, 2_952);
      const sizes: number[] = [];
      for (let round = 0; round < 4; round++) {
        const parts = checkpointer.begin(ledgers, 0);
        sizes.push(parts[0]?.length ?? 0);
        for (const entries of parts) checkpointer.answered(entries, answer(entries, code));
      }
      expect(sizes).toEqual([129, 64, 32, 16]);
    },
  );

  it("leaves the size of a request as it is when a part of it is refused, or something else is wrong", () => {
    const { checkpointer } = begin();
    const ledgers = sized(365, 2_952);
    const [first = [], second = [], third = []] = checkpointer.begin(ledgers, 0);
    checkpointer.answered(
      first,
      answer(first, "unknown", ({ partition }) => partition > 0),
    );
    checkpointer.answered(second, answer(second, "no_coordinator"));
    checkpointer.failed(third, failureOf("unknown"));
    expect(checkpointer.begin(ledgers, 0)[0]).toHaveLength(129);
    // A single entry can't be split.
    const alone = begin().checkpointer;
    for (let round = 0; round < 3; round++) {
      for (const entries of alone.begin(sized(1), 0)) alone.answered(entries, answer(entries, "unknown"));
    }
    expect(alone.begin(sized(100), 0)).toHaveLength(1);
  });

  describe("in a new generation", () => {
    it("confirms the first commit when it is read back, and the next at once", () => {
      const { checkpointer } = begin(false);
      const ledgers = sized(3);
      const [entries = []] = checkpointer.begin(ledgers, 0);
      expect(checkpointer.unproved).toEqual([]);
      checkpointer.answered(entries, answer(entries));
      expect(committed(ledgers)).toBe(0);
      expect(checkpointer.known.size).toBe(0);
      expect(checkpointer.unproved).toEqual(entries);
      expect([checkpointer.busy, checkpointer.dirtySince]).toEqual([true, 0]);
      expect(checkpointer.prove(readBack(entries), false)).toBe(true);
      expect(committed(ledgers)).toBe(3);
      expect([checkpointer.busy, checkpointer.dirtySince]).toEqual([false, undefined]);
      for (const ledger of ledgers) ledger.next = 20;
      const [again = []] = checkpointer.begin(ledgers, 0);
      checkpointer.answered(again, answer(again));
      expect(ledgers.map(({ committedOffset }) => committedOffset)).toEqual([20, 20, 20]);
    });

    it("reads back when all of the round is answered, and only what was accepted", () => {
      const { checkpointer } = begin(false);
      const ledgers = sized(200, 2_952);
      const [first = [], second = []] = checkpointer.begin(ledgers, 0);
      checkpointer.answered(
        first,
        answer(first, "other", ({ partition }) => partition === 0),
      );
      expect(checkpointer.unproved).toEqual([]);
      checkpointer.failed(second, failureOf("unreachable"));
      expect(checkpointer.unproved).toEqual(first.slice(1));
      checkpointer.prove(readBack(first.slice(1)), false);
      expect(committed(ledgers)).toBe(first.length - 1);
      expect(checkpointer).toMatchObject({ dirtySince: 0, lastFailure: "why unreachable" });
    });

    it("reads again while an offset is not there, and confirms none of them", () => {
      const { checkpointer } = begin(false);
      const ledgers = sized(2);
      const [entries = []] = checkpointer.begin(ledgers, 0);
      checkpointer.answered(entries, answer(entries));
      const [one, ...others] = readBack(entries);
      for (const read of [
        readBack(entries, { offset: 3, metadata: null }),
        readBack(entries, { failure: failureOf("unknown") }),
        others,
        [],
      ]) {
        expect(checkpointer.prove(read, false)).toBe(false);
        expect([committed(ledgers), checkpointer.busy]).toEqual([0, true]);
      }
      expect(() => checkpointer.prove([...others, { ...(one ?? expect.fail()), offset: 3 }], true)).toThrow(
        new LostSnapshotError(
          "the broker accepted the counts of partition 0 of topic t but returned another offset: " +
            "it does not store the metadata of offset commits, so counts would not survive a restart",
        ),
      );
      expect(committed(ledgers)).toBe(0);
    });

    it.each([
      ["cut", "x".repeat(20), "20 of 100 characters"],
      ["changed", "y".repeat(100), "100 of 100 characters"],
      ["empty", "", "0 of 100 characters"],
      ["gone", null, "0 of 100 characters"],
    ])("finds at once that metadata is %s", (_, metadata, words) => {
      const { checkpointer } = begin(false);
      const ledgers = sized(2);
      const [entries = []] = checkpointer.begin(ledgers, 0);
      checkpointer.answered(entries, answer(entries));
      expect(() => checkpointer.prove(readBack(entries, { metadata }), false)).toThrow(words);
      expect(committed(ledgers)).toBe(0);
    });

    it("takes no answers of the one before", () => {
      const { checkpointer } = begin();
      const ledgers = sized(2);
      const [entries = []] = checkpointer.begin(ledgers, 0);
      expect([checkpointer.waiting, checkpointer.busy]).toEqual([true, true]);
      checkpointer.renew();
      expect([checkpointer.waiting, checkpointer.busy]).toEqual([false, false]);
      checkpointer.answered(entries, answer(entries));
      checkpointer.failed(entries, failureOf("unknown"));
      expect(committed(ledgers)).toBe(0);
      expect(checkpointer).toMatchObject({ commits: 0, lastFailure: undefined });
      expect(checkpointer.failures.broker).toBe(0);
      // And believes nothing before it was read back.
      const [again = []] = checkpointer.begin(ledgers, 0);
      checkpointer.answered(again, answer(again));
      expect(checkpointer.unproved).toEqual(again);
    });
  });
});
