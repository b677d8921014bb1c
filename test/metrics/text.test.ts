import { expect, it } from "vitest";
import { escaped, headOf, pairsOf } from "../../src/metrics/text.ts";

it("escapes what would end a label's value", () => {
  expect(escaped('a"b\\c\nd')).toBe('a\\"b\\\\c\\nd');
  expect(escaped("空号 {},=")).toBe("空号 {},=");
});

it("writes labels in their order, and none as nothing", () => {
  expect(pairsOf({ topic: "sms", code: 'x"y' })).toBe('topic="sms",code="x\\"y"');
  expect(pairsOf({})).toBe("");
});

it("puts help and type before a metric", () => {
  const lag = { name: "dlr_lag", help: "Records to come.", type: "gauge", labels: [] } as const;
  expect(headOf(lag)).toBe("# HELP dlr_lag Records to come.\n# TYPE dlr_lag gauge");
});
