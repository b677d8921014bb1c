import { expect } from "vitest";
import type { FailureCode } from "../../../src/kafka/failure.ts";
import type { AskOf } from "../../../src/kafka/group/asks.ts";
import { Commits } from "../../../src/kafka/group/commits.ts";
import { Requests } from "../../../src/kafka/group/requests.ts";
import { PartitionLedger } from "../../../src/ledger/partition-ledger.ts";
import { failureOf, logbook, planOf, settings } from "./support.ts";

const by = { broker: 1, memberId: "m1", generation: 3 };

/** The commits of a member with one partition, whose first snapshot the broker has kept or not. */
export function begin(proved = true) {
  const requests = new Requests();
  const commits = new Commits(settings, requests, logbook().log, 0);
  if (proved) commits.checkpointer.prove([], false);
  const ledger = new PartitionLedger("t", 0, planOf("t").openCounts(), { offset: -1, metadata: null }, 0, 0);
  const ledgers = () => [ledger];
  const count = (next: number) => {
    ledger.counts.skip(next - ledger.next);
    ledger.next = next;
  };
  const step = (now: number, act: () => void) => {
    requests.begin(now);
    act();
    return requests.end();
  };
  /** What is asked at a moment, while all is well. */
  const pump = (now: number) => step(now, () => commits.pump(ledgers, by, now));
  /** The same at the end of a generation, and whether that has come. */
  const finish = (now: number) => {
    let done = false;
    const asked = step(now, () => {
      done = commits.finish(ledgers, by, now);
    });
    return { asked, done };
  };
  const answer = (ask: AskOf<"commit">, code?: FailureCode) => {
    requests.answered(ask);
    const failure = code === undefined ? undefined : failureOf(code);
    const result = ask.entries.map(({ topic, partition }) => ({ topic, partition, failure }));
    return commits.onCommit({ ask, result });
  };
  const refuse = (ask: AskOf<"commit">, code: FailureCode) => {
    requests.answered(ask);
    return commits.onCommit({ ask, failure: failureOf(code) });
  };
  const giveBack = (ask: AskOf<"committed">, now: number, offset: number, metadata: string | null) => {
    requests.answered(ask);
    commits.onReadBack(
      { ask, result: [{ topic: "t", partition: 0, offset, metadata, failure: undefined }] },
      now,
    );
  };
  return { requests, commits, ledger, count, step, pump, finish, answer, refuse, giveBack };
}

/** The one request, which is a commit. */
export function commitOf(asks: readonly unknown[]): AskOf<"commit"> {
  expect(asks).toHaveLength(1);
  expect(asks[0]).toMatchObject({ kind: "commit", ...by });
  return asks[0] as AskOf<"commit">;
}

/** The one request, which reads committed snapshots back. */
export function readOf(asks: readonly unknown[]): AskOf<"committed"> {
  expect(asks).toHaveLength(1);
  expect(asks[0]).toMatchObject({ kind: "committed", broker: 1 });
  return asks[0] as AskOf<"committed">;
}
