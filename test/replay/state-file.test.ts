import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serialize } from "node:v8";
import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unseen } from "../../src/replay/order.ts";
import {
  fingerprintOf,
  loadState,
  type ReplayState,
  refuseOtherCluster,
  saveState,
} from "../../src/replay/state-file.ts";
import { receipt } from "../ledger/support.ts";
import { watchSyncs } from "./syncs.ts";
import { map, stateOf, tallyOf, window } from "./tallying.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dlr-exporter-state-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const mine = fingerprintOf(["topic", "-3h"]);

const begun = {
  ...{ window, takenAt: window.to, cluster: "this one" },
  ...{ request: mine, chosen: undefined, partitions: { "dlr.receipts": 4 } },
  subject: {
    topics: [],
    unknownCodes: 50,
    dimensionValues: 30,
    map: { hash: "0", categories: new Map(), tables: [] },
    compared: false,
  },
};

function stateOfReplay(): ReplayState {
  const tally = tallyOf({}, map);
  tally.count([receipt("006", "failed", { receivedAt: window.from, sentAt: 0 })], "bad_element", window.from);
  const stretch = {
    topic: "dlr.receipts",
    partition: 3,
    start: 10,
    end: 90,
    removedBefore: 10,
    undecided: 0,
  };
  const read = { stretch, next: 50, removed: 2, lost: 1, oldestAt: window.from, order: unseen };
  return { ...begun, states: [{ ...stateOf(tally), stretches: [read] }] };
}

describe("the state of a replay", () => {
  it("comes back as it was written, and leaves nothing beside it", async () => {
    const file = join(folder, "whole.state");
    await saveState(file, { ...begun, states: [] });
    await saveState(file, stateOfReplay());
    expect(await loadState(file, mine, undefined)).toEqual(stateOfReplay());
    expect(await readdir(folder)).toEqual(["whole.state"]);
  });

  it("is on disk, and its name too, when it is written", async () => {
    const empty = await mkdtemp(join(folder, "synced-"));
    const file = join(empty, "whole.state");
    const syncs = await watchSyncs(empty);
    await saveState(file, { ...begun, states: [] });
    expect(syncs.map(({ of }) => of)).toEqual(["a file", "the folder"]);
    expect(Object.keys(syncs[0]?.held ?? {})).toEqual(["whole.state.*.partial"]);
    expect(Object.keys(syncs[1]?.held ?? {})).toEqual(["whole.state"]);
    await rm(empty, { recursive: true });
  });

  it("is none where there is no file", async () => {
    expect(await loadState(join(folder, "nothing.state"), mine, undefined)).toBeUndefined();
  });

  const packed = (value: unknown) => zstdCompressSync(serialize(value));
  const rows = [
    { name: "a text", content: Buffer.from("no state\n"), says: "is not the state of a replay" },
    { name: "an empty file", content: Buffer.alloc(0), says: "is not the state of a replay" },
    {
      name: "another program's archive",
      content: zstdCompressSync(Buffer.from("x")),
      says: "is not the state of a replay",
    },
    {
      name: "nothing, packed",
      content: packed(null),
      says: "was written by another version: remove it to start over, or use another file",
    },
    {
      name: "another version's",
      content: packed({ format: 4, ...stateOfReplay() }),
      says: "was written by another version: remove it to start over, or use another file",
    },
    {
      name: "another replay's",
      content: packed({ format: 6, ...stateOfReplay(), request: fingerprintOf(["topic", "-4h"]) }),
      says: "is the state of a replay with different topics, dimensions, times, step or code map: use the same ones, or another file",
    },
    {
      name: "that of other partitions",
      content: packed({ format: 6, ...stateOfReplay(), chosen: "0-3" }),
      says: "is the state of a replay of partitions 0-3, not of all partitions: use the same partitions, or another file",
    },
  ];
  it.each(rows)("is refused: $name", async ({ name, content, says }) => {
    const file = join(folder, `${name}.state`);
    await writeFile(file, content);
    await expect(loadState(file, mine, undefined)).rejects.toThrow(
      expect.objectContaining({ name: "StateFileError", message: `${file} ${says}` }),
    );
  });

  it("is refused of another cluster, where both have an id", () => {
    expect(() => refuseOtherCluster("a.state", "one", "other")).toThrow(
      "a.state is the state of a replay of another cluster (one; these brokers belong to other): use its brokers, or another file",
    );
    for (const id of ["one", undefined]) refuseOtherCluster("a.state", "one", id);
    refuseOtherCluster("a.state", undefined, "one");
  });

  it("says what keeps it from being read", async () => {
    await expect(loadState(folder, mine, undefined)).rejects.toThrow(`cannot read ${folder}: `);
  });
});

describe("a fingerprint", () => {
  it("depends on every part and on their order", () => {
    const parts = [["a", "b"], ["b", "a"], ["ab"], ["a"], ["a", null]];
    expect(new Set(parts.map(fingerprintOf)).size).toBe(parts.length);
    expect(fingerprintOf(["a", "b"])).toBe(fingerprintOf(["a", "b"]));
  });
});
