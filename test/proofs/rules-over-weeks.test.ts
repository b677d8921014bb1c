import { describe, expect, test } from "vitest";
import { ruleTests } from "../grafana/files.ts";
import { isOverWeeks, promtoolMissing, tryRules } from "../grafana/promtool.ts";

describe.concurrent("the rules, over weeks", () => {
  const files = ruleTests().filter(isOverWeeks);

  test("are tried", () => {
    expect(files.length).toBeGreaterThan(2);
  });

  test.skipIf(promtoolMissing && process.env.CI !== "true").each(files)("test %s", tryRules);
});
