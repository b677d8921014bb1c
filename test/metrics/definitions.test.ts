import { describe, expect, it } from "vitest";
import { definitions, type MetricDefinition } from "../../src/metrics/definitions.ts";

const metrics: readonly MetricDefinition[] = Object.values(definitions);

/** Labels that Prometheus setups commonly put on every series of a target. */
const ofTargets = [
  "job",
  "instance",
  "pod",
  "namespace",
  "cluster",
  "service",
  "env",
  "region",
  "type",
  "stage",
];

it("defines each name once", () => {
  const names = metrics.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
});

describe.each(metrics)("$name", ({ name, type, help, labels }) => {
  it("is named as Prometheus names metrics", () => {
    expect(name).toMatch(/^dlr_[a-z]+(_[a-z]+)*$/);
    expect(name.endsWith("_total")).toBe(type === "counter");
    expect(name).not.toMatch(/_(bucket|sum|count|ms|milliseconds)$/);
  });

  it("says what it is in one sentence", () => {
    expect(help).toMatch(/^[A-Z1].*\.$/);
  });

  it("has labels that clash with none of a target's, and none twice", () => {
    expect(labels.filter((label) => ofTargets.includes(label) || !/^[a-z]+(_[a-z]+)*$/.test(label))).toEqual(
      [],
    );
    expect(labels).toEqual([...new Set(labels)]);
  });
});
