import { expect, it } from "vitest";
import type { PartitionLedger } from "../../src/ledger/partition-ledger.ts";
import { commit, count, ignore, nothing, open, scraped, shown } from "./partitions.ts";

/** The counters of ignored records that a scrape shows. */
function ignoredIn(partition: PartitionLedger): string[] {
  return scraped(partition).counters.flatMap(({ counter, value }) =>
    counter.kind === "ignored" ? `${counter.what} ${value}` : [],
  );
}

it("shows ignored records at 0 once, then with the sum of all that is counted", () => {
  const partition = open(nothing);
  shown(partition);
  ignore(partition, "uplink", "uplink");
  count(partition, "006");
  commit(partition);
  expect(ignoredIn(partition)).toEqual(["uplink 0"]);
  expect(shown(partition)).toMatchObject({ total: 0, next: 0 });
  const committed = commit(partition);
  expect(ignoredIn(partition)).toEqual(["uplink 2"]);
  expect(shown(partition)).toMatchObject({ total: 3, next: 3 });
  const next = open(committed);
  expect(ignoredIn(next)).toEqual(["uplink 2"]);
  ignore(next, "deleted", "uplink");
  for (const _ of [1, 2]) {
    commit(next);
    scraped(next);
  }
  commit(next);
  expect(ignoredIn(next)).toEqual(["uplink 3", "deleted 1"]);
  expect(shown(next)).toMatchObject({ total: 5, next: 5 });
});
