import { expect, it } from "vitest";
import { wordsOf } from "../../../src/commands/find/words.ts";
import { packagedMap } from "../../ledger/support.ts";
import { shapeOf } from "../../receipts/support.ts";

it("knows the codes of the map and the states of formats, as the map folds them", () => {
  const words = wordsOf(packagedMap(), shapeOf());
  const known = (word: string) => words.has(word);
  expect(["DB:0141", "DELIVRD", "SUCCESS", "TRUE"].filter((word) => !known(word))).toEqual([]);
  expect(["ANN", "13912345678", "db:0141"].filter(known)).toEqual([]);
});
