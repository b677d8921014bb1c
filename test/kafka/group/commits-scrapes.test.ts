import { describe, expect, it } from "vitest";
import { receipt } from "../../ledger/support.ts";
import { begin, commitOf } from "./committing.ts";

describe("Commits", () => {
  describe("right after a scrape", () => {
    const scraped = () => {
      const begun = begin();
      const scrape = () => begun.ledger.expose().seen();
      begun.count(5);
      scrape();
      begun.answer(commitOf(begun.pump(5_000)));
      begun.count(9);
      return { ...begun, scrape };
    };

    it("come once a third of the interval is over, and then a whole one later", () => {
      const { count, pump, answer, scrape } = scraped();
      scrape();
      answer(commitOf(pump(6_667)));
      count(12);
      expect(pump(11_666)).toEqual([]);
      commitOf(pump(11_667));
    });

    it("come no sooner, nor when that scrape is past", () => {
      const { pump, scrape } = scraped();
      scrape();
      expect(pump(6_666)).toEqual([]);
      expect(pump(6_667)).toEqual([]);
      commitOf(pump(10_000));
    });

    it("have the zeros of what they commit behind them, so that the next scrape shows all of it", () => {
      const { ledger, pump, answer, scrape } = scraped();
      ledger.count([receipt("006")], undefined, Number.NaN);
      ledger.next++;
      scrape();
      answer(commitOf(pump(7_000)));
      expect(ledger.expose().view?.next).toBe(10);
    });

    it("are not tried again before their time when they were refused", () => {
      const { pump, refuse, scrape } = scraped();
      scrape();
      refuse(commitOf(pump(7_000)), "unreachable");
      scrape();
      expect(pump(9_000)).toEqual([]);
      commitOf(pump(12_000));
    });
  });

  describe("of zeros that a scrape has seen", () => {
    const held = () => {
      const begun = begin();
      begun.ledger.count([receipt("006")], undefined, Number.NaN);
      begun.ledger.next++;
      begun.answer(commitOf(begun.pump(5_000)));
      const { view, seen } = begun.ledger.expose();
      expect(view?.next).toBe(0);
      seen();
      return begun;
    };

    it("come before their time when they hold values back, so that the next scrape shows these", () => {
      const { ledger, pump, answer } = held();
      answer(commitOf(pump(5_001)));
      expect(ledger.expose().view?.next).toBe(1);
      expect(pump(5_002)).toEqual([]);
    });

    it("are not tried again before their time when the topic alone was refused", () => {
      const { pump, answer } = held();
      answer(commitOf(pump(5_001)), "topic_unauthorized");
      expect(pump(5_002)).toEqual([]);
      commitOf(pump(10_001));
    });

    it("are not tried again before their time when they were refused", () => {
      const { pump, refuse } = held();
      refuse(commitOf(pump(5_001)), "unreachable");
      expect(pump(5_002)).toEqual([]);
      commitOf(pump(10_001));
    });
  });
});
