import { expect, it } from "vitest";
import { ValueLabels } from "../../../src/receipts/dimensions/value-labels.ts";
import { viewOf } from "../support.ts";

function ofBytes(labels: ValueLabels, written: string): string {
  const bytes = Buffer.from(`"${written}"`);
  const start = bytes.byteOffset + 1;
  return labels.ofBytes(viewOf(bytes), start, start + bytes.length - 2);
}

it("makes each label once, by text and by bytes", () => {
  const made: string[] = [];
  const labels = new ValueLabels((sent) => {
    made.push(sent);
    return sent.toUpperCase();
  });
  for (let n = 0; n < 3; n++) {
    expect(labels.ofText("acme")).toBe("ACME");
    expect(ofBytes(labels, "acme")).toBe("ACME");
    expect(ofBytes(labels, "阿里云")).toBe("阿里云");
    expect(ofBytes(labels, String.raw`\u963f\u91cc\u4e91`)).toBe("阿里云");
  }
  expect(made).toEqual(["acme", "acme", "阿里云", "阿里云"]);
});

it("tells values apart that are alike, and goes on when it has met more than it remembers", () => {
  const labels = new ValueLabels((sent) => sent);
  for (let round = 0; round < 2; round++) {
    for (let n = 0; n < 10_000; n++) {
      const value = `v${n}`;
      if (ofBytes(labels, value) !== value || labels.ofText(value) !== value) expect.fail(value);
    }
  }
  const long = "x".repeat(1_000);
  expect([ofBytes(labels, long), labels.ofText(long)]).toEqual([long, long]);
});
