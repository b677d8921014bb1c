import { describe, expect, it } from "vitest";
import type { Answer, AskKind, AskOf, Results } from "../../../src/kafka/group/asks.ts";
import type { Phase } from "../../../src/kafka/group/phase.ts";
import { partitionKey } from "../../../src/kafka/partition-id.ts";
import { Brokers, fetched } from "./brokers.ts";
import { Driver } from "./driver.ts";
import { failureOf, recordsAt } from "./support.ts";

const codes = [
  "rebalancing",
  "unknown_member",
  "fenced",
  "member_id_required",
  "no_coordinator",
  "no_answer",
  "unreachable",
  "login_refused",
  "unknown",
] as const;
type Outcome = "ok" | (typeof codes)[number];
const outcomes: readonly Outcome[] = ["ok", ...codes];

type Name = Phase["name"];

const all = (next: Name) => Object.fromEntries(codes.map((code) => [code, next]));

/** What a member is at, with what it has asked there waiting for an answer. */
interface Scene {
  readonly phase: Name;
  readonly start: () => Driver;
  readonly waiting: readonly AskKind[];
  /** What an answer leads to, where that is another phase; every other one leaves the phase as it is. */
  readonly leads?: Partial<Record<AskKind, Partial<Record<Outcome, Name>>>>;
  /** Where time alone leads to; nowhere unless told. */
  readonly ends?: Name;
}

const refusedHeartbeat = {
  rebalancing: "moving",
  unknown_member: "joining",
  fenced: "joining",
} as const;
// A commit that the group has refused can't be tried again, so it joins at once.
const refusedCommit = { ...refusedHeartbeat, rebalancing: "joining" } as const;

const scenes: Readonly<Record<string, Scene>> = {
  "looking for the brokers": {
    phase: "joining",
    start: () => hanging("coordinator", "metadata"),
    waiting: ["coordinator", "metadata"],
    // Credentials that never worked are wrong: nothing is worth waiting for.
    leads: { metadata: { login_refused: "failed" } },
  },
  joining: {
    phase: "joining",
    start: () => hanging("join"),
    waiting: ["join"],
    leads: { join: { ok: "syncing" } },
  },
  assigning: {
    phase: "assigning",
    start: () => {
      const driver = new Driver(new Brokers({ t: [10] }));
      driver.brokers.on.metadata = () => undefined;
      return driver.start();
    },
    waiting: ["metadata"],
    leads: { metadata: { ok: "syncing", login_refused: "failed" } },
    // What was known before is shared out.
    ends: "counting",
  },
  syncing: {
    phase: "syncing",
    start: () => hanging("sync"),
    waiting: ["sync"],
    leads: { sync: { ok: "counting", ...all("joining") } },
  },
  loading: { phase: "counting", start: () => hanging("committed"), waiting: ["committed"] },
  locating: { phase: "counting", start: () => hanging("range"), waiting: ["range"] },
  counting: {
    phase: "counting",
    start: () => hanging().hang("commit", "heartbeat", "owners", "fetch", "metadata").run(5_000),
    waiting: ["commit", "fetch", "heartbeat", "metadata", "owners"],
    leads: { heartbeat: refusedHeartbeat, commit: refusedCommit },
  },
  "counting without a coordinator": {
    phase: "counting",
    start: () => {
      const driver = hanging();
      driver.brokers.on.heartbeat = () => ({ failure: failureOf("unreachable") });
      return driver.hang("coordinator").run(5_000);
    },
    waiting: ["coordinator"],
  },
  moving: {
    phase: "moving",
    start: () => {
      const driver = hanging();
      driver.brokers.rebalancing = true;
      return driver.hang("commit").run(2_500);
    },
    waiting: ["commit"],
    leads: { commit: { ...refusedCommit, no_answer: "joining" } },
    ends: "counting",
  },
  closing: {
    phase: "closing",
    start: () => hanging("commit").stop(),
    waiting: ["commit"],
    leads: {
      commit: {
        rebalancing: "leaving",
        fenced: "leaving",
        unknown_member: "left",
        no_answer: "left",
      },
    },
    ends: "left",
  },
  leaving: {
    phase: "leaving",
    start: () => hanging("leave").stop().run(100),
    waiting: ["leave"],
    leads: { leave: { ok: "left", ...all("left") } },
    ends: "left",
  },
  left: {
    phase: "left",
    start: () => hanging().hang("committed").stop().run(10_000),
    waiting: ["committed"],
  },
  failed: {
    phase: "failed",
    start: () => {
      const driver = new Driver(new Brokers({ t: [10] }));
      driver.brokers.committed.set("t/0", { topic: "t", partition: 0, offset: 5, metadata: "a word" });
      return driver.start();
    },
    waiting: [],
  },
};

function hanging(...kinds: readonly AskKind[]): Driver {
  const often = { metadataIntervalMs: 2_000 };
  return new Driver(new Brokers({ t: [10] }), ["t"], often).hang(...kinds).start();
}

const id = { topic: "t", partition: 0 };

/** A request of each kind, where the member has made none. */
const asks: { readonly [K in AskKind]: AskOf<K> } = {
  metadata: { kind: "metadata", topics: ["t"], all: false },
  coordinator: { kind: "coordinator" },
  join: { kind: "join", broker: 1, memberId: "m1", topics: ["t"], round: 0 },
  sync: { kind: "sync", broker: 1, memberId: "m1", generation: 1, shares: new Map() },
  heartbeat: { kind: "heartbeat", broker: 1, memberId: "m1", generation: 1 },
  leave: { kind: "leave", broker: 1, memberId: "m1" },
  owners: { kind: "owners", broker: 1 },
  committed: { kind: "committed", broker: 1, partitions: [id] },
  commit: { kind: "commit", broker: 1, memberId: "m1", generation: 1, entries: [] },
  range: { kind: "range", broker: 1, partitions: [id] },
  fetch: { kind: "fetch", broker: 1, partitions: [{ ...id, offset: 0, topicId: undefined }], waitMs: 0 },
};
const kinds = Object.keys(asks) as AskKind[];

/** What a broker gives that has carried a request out. */
const results: { readonly [K in AskKind]: (ask: AskOf<K>, driver: Driver) => Results[K] } = {
  metadata: (_, { brokers }) => brokers.view(),
  coordinator: () => 1,
  join: () => ({ memberId: "m1", generation: 3, leader: false, members: [] }),
  sync: () => ({ t: [0] }),
  heartbeat: () => undefined,
  leave: () => undefined,
  owners: () => ({ t: [0] }),
  committed: ({ partitions }, { brokers }) => brokers.read(partitions),
  commit: ({ entries }, { brokers }) => {
    for (const entry of entries) brokers.committed.set(partitionKey(entry), entry);
    return entries.map(({ topic, partition }) => ({ topic, partition, failure: undefined }));
  },
  range: () => [{ ...id, failure: undefined, range: { low: 0, high: 10 } }],
  fetch: () => [fetched(id, { records: recordsAt([10]), end: 11, logEnd: 11 })],
};

/** The request that waits, or one that was never made. */
function give<K extends AskKind>(driver: Driver, kind: K, outcome: Outcome, ask: AskOf<K>): void {
  const answer =
    outcome === "ok"
      ? { ask, result: results[kind](ask, driver) }
      : { ask, failure: failureOf(outcome), ...(outcome === "member_id_required" ? { memberId: "m2" } : {}) };
  driver.step({ kind: "answer", answer: answer as unknown as Answer });
}

/** The kinds of what hangs. */
function hangingIn({ hung }: Driver): AskKind[] {
  return [...new Set(hung.map(({ kind }) => kind))].sort();
}

function waitingIn<K extends AskKind>({ hung }: Driver, kind: K): AskOf<K> {
  const ask = hung.findLast((waiting) => waiting.kind === kind);
  if (ask === undefined) throw new Error(`no ${kind} waits`);
  return ask as AskOf<K>;
}

describe.each(Object.entries(scenes))("every event has an answer while a member is %s", (_, scene) => {
  const { phase, start, waiting, leads, ends } = scene;

  it("takes the answer to each of its requests, good or bad, and ends when it is told", () => {
    expect(hangingIn(start())).toEqual(waiting);
    for (const kind of waiting) {
      for (const outcome of outcomes) {
        const driver = start();
        expect(driver.phase).toBe(phase);
        give(driver, kind, outcome, waitingIn(driver, kind));
        const next = leads?.[kind]?.[outcome] ?? phase;
        expect(`${kind} ${outcome} → ${driver.phase}`).toBe(`${kind} ${outcome} → ${next}`);
        driver.step({ kind: "tick" });
        driver.stop().run(7_000);
        expect(driver.phase).toBe(next === "failed" ? "failed" : "left");
        expect(driver.obstacle).toBe(next === "failed" ? `why ${outcome}` : "shutting down");
      }
    }
  });

  it("passes over an answer to what was never asked", () => {
    const driver = start();
    const state = JSON.stringify(driver.member.phase);
    driver.step({ kind: "tick" });
    for (const kind of kinds) {
      for (const outcome of outcomes) {
        give(driver, kind, outcome, asks[kind] as never);
        expect(JSON.stringify(driver.member.phase)).toBe(state);
      }
    }
  });

  it("takes any two answers, one after the other", () => {
    for (const first of waiting) {
      for (const second of waiting.filter((kind) => kind !== first)) {
        for (const outcome of ["ok", "no_answer", "unknown_member"] as const) {
          const driver = start();
          const [one, other] = [waitingIn(driver, first), waitingIn(driver, second)];
          give(driver, first, outcome, one);
          give(driver, second, outcome, other);
          driver.run(100).stop().run(7_000);
          expect(`${first} ${second} ${outcome} ${driver.phase}`).toBe(`${first} ${second} ${outcome} left`);
        }
      }
    }
  });

  it("ends when it is told", () => {
    const driver = start().stop().run(7_000);
    expect(driver.phase).toBe(phase === "failed" ? "failed" : "left");
  });

  it("waits for ever where nothing has an end of its own", () => {
    expect(start().run(120_000).phase).toBe(ends ?? phase);
  });
});
