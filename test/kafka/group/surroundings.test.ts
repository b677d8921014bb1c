import { describe, expect, it } from "vitest";
import type { FailureCode } from "../../../src/kafka/failure.ts";
import type { Ask, ClusterView } from "../../../src/kafka/group/asks.ts";
import { Requests } from "../../../src/kafka/group/requests.ts";
import { Surroundings } from "../../../src/kafka/group/surroundings.ts";
import { Brokers } from "./brokers.ts";
import { Driver } from "./driver.ts";
import { failureOf, ids, sumOf } from "./support.ts";

/** Surroundings with what they ask at each moment. */
function begin() {
  const requests = new Requests();
  const surroundings = new Surroundings(30_000, requests);
  const at = (now: number, act: () => void = () => {}): readonly Ask[] => {
    requests.begin(now);
    act();
    surroundings.pump(["t"], false, now);
    return requests.end();
  };
  const kinds = (now: number, act?: () => void) => at(now, act).map(({ kind }) => kind);
  /** Answers the cluster's request. */
  const view = (id: string | undefined, now: number, patienceMs = Number.POSITIVE_INFINITY) => {
    requests.drop("metadata");
    const result = viewOf(id);
    return surroundings.onMetadata(
      { ask: { kind: "metadata", topics: ["t"], all: false }, result },
      () => patienceMs,
      now,
    );
  };
  const refuse = (code: FailureCode, now: number) => {
    requests.drop("metadata");
    const ask = { kind: "metadata", topics: ["t"], all: false } as const;
    return surroundings.onMetadata({ ask, failure: failureOf(code) }, () => 0, now);
  };
  const found = (broker: number, now: number) => {
    requests.drop("coordinator");
    return surroundings.onCoordinator({ ask: { kind: "coordinator" }, result: broker }, now);
  };
  const sought = (code: FailureCode, now: number) => {
    requests.drop("coordinator");
    return surroundings.onCoordinator({ ask: { kind: "coordinator" }, failure: failureOf(code) }, now);
  };
  return { requests, surroundings, at, kinds, view, refuse, found, sought };
}

/** Topic t with this id, or without; undefined when it does not exist. */
function viewOf(id: string | undefined, leader = 1): ClusterView {
  const topics =
    id === undefined ? [] : [["t", { id: id === "" ? undefined : id, leaders: [leader] }] as const];
  return { id: undefined, topics: new Map(topics), troubled: new Map(), brokers: new Map() };
}

describe("Surroundings", () => {
  it("ask for the cluster and the coordinator, then for the cluster now and then", () => {
    const { requests, kinds, view, found } = begin();
    expect(kinds(0)).toEqual(["metadata", "coordinator"]);
    expect(kinds(10)).toEqual([]);
    expect(kinds(20, () => void [view(ids.a, 20), found(1, 20)])).toEqual([]);
    expect(requests.wakeAt).toBe(30_020);
    expect(kinds(30_019)).toEqual([]);
    expect(kinds(30_020)).toEqual(["metadata"]);
  });

  it("ask for the cluster as soon as what is known does no more, or is found to be old", () => {
    const { surroundings, kinds, view } = begin();
    kinds(0);
    expect(kinds(20, () => view(ids.a, 20, 1_000))).toEqual([]);
    expect(kinds(1_020)).toEqual(["metadata"]);
    kinds(1_030, () => view(ids.a, 1_030));
    // Half a second after it was asked last, however often something fails.
    expect(kinds(1_100, () => surroundings.outdated())).toEqual([]);
    expect(kinds(1_519)).toEqual([]);
    expect(kinds(1_520, () => surroundings.outdated())).toEqual(["metadata"]);
    kinds(1_530, () => view(ids.a, 1_530));
    expect(kinds(9_000, () => surroundings.outdated())).toEqual(["metadata"]);
    // What was asked before is not good enough for a leader that shares out.
    expect(kinds(9_001, () => surroundings.askAnew())).toEqual(["metadata"]);
  });

  it("try ever more slowly while the cluster fails, and say why", () => {
    const { surroundings, kinds, refuse, view } = begin();
    kinds(0);
    let now = 0;
    const waits: number[] = [];
    for (let failure = 0; failure < 7; failure++) {
      expect(kinds(now, () => refuse("unreachable", now))).toEqual([]);
      const before = now;
      while (!kinds(now).includes("metadata")) now += 50;
      waits.push(now - before);
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000]);
    expect(surroundings.trouble).toEqual(failureOf("unreachable"));
    kinds(now, () => view(ids.a, now));
    expect(surroundings.trouble).toBeUndefined();
  });

  it("look for another coordinator where that may help, and try the same again where it may not", () => {
    const { surroundings, kinds, found } = begin();
    kinds(0, () => found(1, 0));
    for (const code of ["group_unauthorized", "other"] as const) {
      kinds(100, () => surroundings.failed(failureOf(code), 100));
      expect([surroundings.coordinator, surroundings.trouble?.code]).toEqual([1, code]);
    }
    surroundings.worked();
    expect(surroundings.trouble).toBeUndefined();
    for (const code of ["unreachable", "no_answer", "no_coordinator"] as const) {
      kinds(200, () => surroundings.failed(failureOf(code), 200));
      expect([surroundings.coordinator, surroundings.trouble?.code]).toEqual([undefined, code]);
      found(1, 250);
      surroundings.worked();
    }
  });

  it("search ever more slowly, at once again after good answers, and ask where the brokers are by now", () => {
    const { surroundings, kinds, found, view, sought } = begin();
    kinds(0);
    view(ids.a, 0);
    let now = 0;
    const waits = (failures: number) =>
      Array.from({ length: failures }, () => {
        const before = now;
        kinds(now, () => sought("no_coordinator", now));
        while (!kinds(now).includes("coordinator")) now += 50;
        return now - before;
      });
    expect(waits(6)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    kinds(now, () => {
      found(1, now);
      surroundings.worked();
    });
    expect(kinds(now + 10, () => surroundings.failed(failureOf("unreachable"), now + 10))).toEqual([
      "metadata",
    ]);
    expect(kinds(now + 110)).toEqual(["coordinator"]);
  });

  it("say who the coordinator is now, and whether it was another", () => {
    const { surroundings, found, sought } = begin();
    expect(sought("group_unauthorized", 0)).toBe(false);
    expect(surroundings.trouble?.code).toBe("group_unauthorized");
    expect(found(1, 10)).toBe(false);
    // Found, but nothing was allowed yet.
    expect(surroundings.trouble?.code).toBe("group_unauthorized");
    expect(found(1, 20)).toBe(false);
    expect(found(2, 30)).toBe(true);
    // While it is known, not to find another is no news.
    surroundings.worked();
    expect(sought("no_coordinator", 40)).toBe(false);
    expect([surroundings.coordinator, surroundings.trouble]).toEqual([2, undefined]);
  });

  it("doubt a coordinator that lets a join wait, every 3 seconds", () => {
    const { requests, kinds, found, view } = begin();
    kinds(0);
    kinds(10, () => void [found(1, 10), view(ids.a, 10)]);
    const join = { kind: "join", broker: 1, memberId: "", topics: [], round: 0 } as const;
    expect(kinds(20, () => requests.make("membership", join))).toEqual(["join"]);
    expect(requests.wakeAt).toBe(3_020);
    expect(kinds(3_020)).toEqual(["coordinator"]);
    expect(kinds(3_030, () => found(1, 3_030))).toEqual([]);
    expect(requests.wakeAt).toBe(6_020);
    expect(kinds(6_020)).toEqual(["coordinator"]);
    expect(kinds(6_030, () => void [found(1, 6_030), requests.drop("membership")])).toEqual([]);
    expect(kinds(20_000)).toEqual([]);
  });

  describe("told by a broker that lags behind", () => {
    it("keep what they know of a topic that was made anew", () => {
      const { surroundings, view } = begin();
      view(ids.a, 0);
      expect(view(ids.b, 10)?.topics.get("t")?.id).toBe(ids.b);
      expect(view(ids.a, 20)?.topics.get("t")?.id).toBe(ids.b);
      expect(surroundings.view?.topics.get("t")?.id).toBe(ids.b);
      expect(view(ids.b, 30)?.topics.get("t")?.id).toBe(ids.b);
    });

    it("know that it was deleted in between", () => {
      const { view } = begin();
      view(ids.a, 0);
      view(undefined, 10);
      // The same may be back, for all that is known.
      expect(view(ids.a, 20)?.topics.get("t")?.id).toBe(ids.a);
      view(ids.b, 30);
      view(undefined, 40);
      expect(view(ids.a, 50)?.topics.has("t")).toBe(false);
      expect(view("0c".repeat(16), 60)?.topics.get("t")?.id).toBe("0c".repeat(16));
    });

    it("believe it where topics have no ids", () => {
      const { view } = begin();
      view(ids.a, 0);
      expect(view("", 10)?.topics.get("t")).toEqual({ id: undefined, leaders: [1] });
      expect(view(ids.a, 20)?.topics.get("t")?.id).toBe(ids.a);
    });

    it("have nothing counted twice", () => {
      const driver = new Driver(new Brokers({ t: [10] }), ["t"], { metadataIntervalMs: 2_000 }).start();
      driver.brokers.make("t", ids.b, [4]);
      driver.until(() => driver.ledger().next === 4);
      const { metadata } = driver.brokers.on;
      driver.brokers.on.metadata = () => ({ result: viewOf(ids.a) });
      driver.run(6_000);
      driver.brokers.on.metadata = metadata;
      driver.brokers.log("t", 0).high = 6;
      driver.run(6_000);
      const ledger = driver.ledger();
      expect([sumOf(ledger), ledger.next - ledger.first, ledger.committedOffset]).toEqual([16, 16, 6]);
    });
  });
});
