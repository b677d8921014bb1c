import { describe, expect, it } from "vitest";
import { Requests } from "../../../src/kafka/group/requests.ts";

const ask = () => ({ kind: "coordinator" }) as const;

describe("Requests", () => {
  it("hold one request in each slot, until it is answered", () => {
    const requests = new Requests();
    requests.begin(5);
    const [one, other] = [ask(), ask()];
    requests.make("a", one);
    requests.make("b", other);
    expect(requests.end()).toEqual([one, other]);
    expect(requests.end()).toEqual([]);
    expect([requests.free("a"), requests.since("a"), requests.free("c"), requests.since("c")]).toEqual([
      ...[false, 5, true, undefined],
    ]);
    expect(requests.answered(one)).toEqual({ ask: one, slot: "a", since: 5 });
    expect(requests.answered(one)).toBeUndefined();
    expect([requests.free("a"), requests.free("b")]).toEqual([true, false]);
  });

  it("know nobody who waits for what another has taken the place of", () => {
    const requests = new Requests();
    const [before, now] = [ask(), ask()];
    requests.begin(5);
    requests.make("a", before);
    requests.begin(9);
    requests.make("a", now);
    expect(requests.since("a")).toBe(9);
    expect(requests.answered(before)).toBeUndefined();
    expect(requests.answered(now)?.slot).toBe("a");
  });

  it("know nobody who waits for what was dropped", () => {
    const requests = new Requests();
    const asks = ["fetch:1", "fetch:2", "range:1"].map((slot) => {
      const made = ask();
      requests.make(slot, made);
      return made;
    });
    requests.dropAll("fetch");
    requests.drop("nothing");
    expect(asks.map((made) => requests.answered(made)?.slot)).toEqual([undefined, undefined, "range:1"]);
    expect(requests.answered(ask())).toBeUndefined();
  });

  it("wake at the first moment that has not come", () => {
    const requests = new Requests();
    requests.begin(10);
    expect(requests.wakeAt).toBe(Number.POSITIVE_INFINITY);
    expect([10, 30, 20, 9].map((at) => requests.due(at))).toEqual([true, false, false, true]);
    expect(requests.wakeAt).toBe(20);
    requests.begin(20);
    expect(requests.wakeAt).toBe(Number.POSITIVE_INFINITY);
  });
});
