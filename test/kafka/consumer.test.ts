import { pino } from "pino";
import { expect, it } from "vitest";
import { livePartition } from "../../src/kafka/consumer.ts";
import { OwnedPartition } from "../../src/kafka/group/owned-partition.ts";
import type { TopicPlan } from "../../src/kafka/group/topic-plan.ts";
import { Counts } from "../../src/ledger/counts.ts";
import { packagedMap } from "../ledger/support.ts";

const map = packagedMap();
const plan: TopicPlan = {
  topic: "t",
  decode: () => undefined,
  openCounts: () => new Counts({ map, provider: undefined, unknownCodes: 50 }),
};

/** A partition that is committed up to 5, and whose last fetch was answered at 1,000 ms with this end of its log. */
function owned(logEnd: number | undefined): OwnedPartition {
  const partition = new OwnedPartition(plan, 0, undefined, 1_000, pino({ level: "silent" }));
  partition.load({ topic: "t", partition: 0, offset: 5, metadata: "", failure: undefined }, false, 1_000);
  partition.logEnd = logEnd;
  return partition;
}

it.each([
  { name: "what is not committed yet", logEnd: 12, now: 1_250, lag: 7 },
  { name: "none where all is", logEnd: 5, now: 1_250, lag: 0 },
  { name: "none below 0, where the log is shorter than what was committed", logEnd: 2, now: 1_250, lag: 0 },
  { name: "what was heard 20 seconds ago", logEnd: 12, now: 21_000, lag: 7 },
  { name: "nothing of what was heard earlier", logEnd: 12, now: 21_001, lag: undefined },
  { name: "nothing before the first answer", logEnd: undefined, now: 1_250, lag: undefined },
])("shows as lag $name", ({ logEnd, now, lag }) => {
  expect(livePartition(owned(logEnd), now)).toMatchObject({
    fetchAge: (now - 1_000) / 1000,
    lag,
    unreadable: 0,
  });
});

it("shows the age of the last answer before the counts are loaded, and no lag", () => {
  const partition = new OwnedPartition(plan, 0, undefined, 1_000, pino({ level: "silent" }));
  partition.logEnd = 12;
  expect(livePartition(partition, 3_000)).toMatchObject({ ledger: undefined, fetchAge: 2, lag: undefined });
});
