import { expect, it } from "vitest";
import { numberBlock, numberCountry } from "../../../src/receipts/dimensions/number-block.ts";
import { NumberLabels } from "../../../src/receipts/dimensions/number-labels.ts";
import { createRandom } from "../../lab/random.ts";
import { viewOf } from "../support.ts";

const [blocks, countries] = [new NumberLabels("number_block"), new NumberLabels("country")];

function ofBytes(labels: NumberLabels, number: string): string {
  const bytes = Buffer.from(number);
  return labels.ofBytes(viewOf(bytes), bytes.byteOffset, bytes.byteOffset + bytes.length);
}

it("says of any number what its block says, though it remembers blocks alone", () => {
  const { digits, below } = createRandom(11);
  for (let n = 0; n < 5_000; n++) {
    const number = `${["1", "1", "+86 1", "86", "0086-", "+44", "1064"][below(7)]}${digits(4 + below(8))}`;
    expect([ofBytes(blocks, number), blocks.ofText(number)], number).toEqual(
      Array(2).fill(numberBlock(number)),
    );
    expect([ofBytes(countries, number), countries.ofText(number)], number).toEqual(
      Array(2).fill(numberCountry(number)),
    );
  }
});

it.each([
  ["14155550100", "+1"],
  ["8613800138000", "mobile"],
  ["+8613800138000", "mobile"],
  ["0085291234567", "+852"],
  ["447700900123", "+44"],
  ["", "_none"],
])("%s with its calling code in front is of %s", (number, block) => {
  const labels = new NumberLabels("number_block", true);
  expect([ofBytes(labels, number), labels.ofText(number)]).toEqual([block, block]);
});

it.each([
  ["13800138000", "mobile", "+86"],
  ["+8618600000000", "unicom", "+86"],
  ["19200000000", "broadnet", "+86"],
  ["+852 9123 4567", "+852", "+852"],
  ["", "_none", "_none"],
])("%s is of %s and %s", (number, block, country) => {
  expect([blocks.ofText(number), countries.ofText(number)]).toEqual([block, country]);
});
