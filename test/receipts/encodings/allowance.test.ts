import { expect, it } from "vitest";
import { mostOpened } from "../../../src/bounds.ts";
import { wholeAllowance } from "../../../src/receipts/encodings/allowance.ts";

it("is whole for each record, whatever was taken from another's", () => {
  const first = wholeAllowance();
  first.left -= 10;
  expect([first.left, wholeAllowance().left]).toEqual([mostOpened - 10, mostOpened]);
});
