import { describe, expect, it } from "vitest";
import { interpret, UnreadableSnapshotError } from "../../src/ledger/committed.ts";
import { encodeSnapshot } from "../../src/ledger/snapshot/snapshot.ts";

const state = {
  ...{ next: 7, first: 2, logMark: undefined, zerosSeen: true, lastEventAt: 0 },
  ...{ folded: undefined, counters: [], carried: [] },
};
const metadata = encodeSnapshot(state);

describe("a ledger goes on", () => {
  const rows = [
    { name: "from nothing where nothing was committed", offset: -1, metadata: null, origin: "new" },
    { name: "from nothing, whatever lies beside no offset", offset: -1, metadata, origin: "new" },
    {
      name: "at an offset 0 that was committed without counts",
      offset: 0,
      metadata: null,
      origin: "offset_only",
    },
    { name: "at an offset that a tool has committed", offset: 7, metadata: "", origin: "offset_only" },
    {
      name: "at an offset whose counts had no room",
      offset: 7,
      metadata: "dlr1!",
      origin: "uncounted",
    },
    { name: "without counts of an earlier place", offset: 8, metadata, origin: "moved" },
    { name: "without counts of a later place", offset: 6, metadata, origin: "moved" },
  ];
  it.each(rows)("$name", ({ offset, metadata: beside, origin }) => {
    expect(interpret("t", 3, { offset, metadata: beside })).toEqual({ origin });
  });

  it("from the counts that belong to the offset", () => {
    const { origin, state: found } = interpret("t", 3, { offset: 7, metadata });
    expect({ origin, next: found?.next, first: found?.first }).toEqual({
      origin: "snapshot",
      next: 7,
      first: 2,
    });
  });
});

describe("a ledger does not go on from what it can't read", () => {
  it.each(["mine", metadata.slice(0, -4), "dlr9:AAAA"])("%s", (beside) => {
    const open = () => interpret("sms", 3, { offset: 7, metadata: beside });
    expect(open).toThrow(UnreadableSnapshotError);
    expect(open).toThrow("partition 3 of topic sms can't be read");
    expect(open).toThrow("Use another group, or reset the offsets of this one");
  });
});
