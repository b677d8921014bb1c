import { expect, it } from "vitest";
import { Frequent } from "../../src/ledger/frequent.ts";
import { createRandom } from "../lab/random.ts";

it("has those that come more often than one in its places, among as many others as you like", () => {
  const frequent = new Frequent(20);
  const { below } = createRandom(3);
  const sent = { often: 0, seldom: 0 };
  for (let n = 0; n < 20_000; n++) {
    const text = ["often", "often", "seldom"][below(10)];
    if (text === undefined) frequent.add(`other ${n}`);
    else {
      frequent.add(text);
      sent[text as keyof typeof sent]++;
    }
  }
  const [first, second] = frequent.top();
  expect([first?.value, second?.value]).toEqual(["often", "seldom"]);
  // what is missing is at most one in 21 of all
  expect(first?.count).toBeGreaterThanOrEqual(sent.often - 20_000 / 21);
  expect(first?.count).toBeLessThanOrEqual(sent.often);
  expect(frequent.top().length).toBeLessThanOrEqual(20);
});

it("begins anew", () => {
  const frequent = new Frequent(2);
  frequent.add("a");
  frequent.clear();
  expect(frequent.top()).toEqual([]);
});
