import { expect, it } from "vitest";
import { ignoredKinds, malformedReasons } from "../../src/receipts/receipt.ts";
import { countUnread, emptyAside } from "../../src/replay/aside.ts";

it("counts what gives no receipt by its reason or kind, each by its place", () => {
  const aside = emptyAside();
  for (const [place, reason] of malformedReasons.entries())
    for (let times = 0; times <= place; times++) countUnread(aside, reason);
  for (const kind of ignoredKinds) countUnread(aside, kind);
  expect(aside.malformed).toEqual(malformedReasons.map((_, place) => place + 1));
  expect(aside.ignored).toEqual(ignoredKinds.map(() => 1));
  expect(aside.records).toBe(0);
});
